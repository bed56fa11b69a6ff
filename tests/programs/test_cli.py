"""The command line: help, version, errors, exit codes."""

import pathlib
import re
import subprocess

import pytest

COMMANDS = ("help", "passwd", "serve")


def test_version(nvt):
    for flag in ("--version", "-V"):
        ended = nvt(flag)
        assert ended.returncode == 0
        assert re.fullmatch(r"nvt \d+\.\d+\.\d+\n", ended.stdout)


@pytest.mark.parametrize("args", [(), ("help",), ("--help",), ("-h",)])
def test_help_names_every_command(nvt, args):
    ended = nvt(*args)
    assert ended.returncode == 0
    assert ended.stderr == ""
    for command in COMMANDS:
        assert f"\n  {command} " in ended.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command(nvt, command):
    by_help = nvt("help", command)
    assert by_help.returncode == 0
    assert by_help.stdout.startswith(f"usage: nvt {command} ")
    assert "--help" in by_help.stdout
    assert "See nvt" in by_help.stdout
    assert nvt(command, "--help").stdout == by_help.stdout
    assert nvt(command, "-h").stdout == by_help.stdout


def test_exit_codes_are_in_the_manual():
    top = pathlib.Path(__file__).resolve().parent.parent.parent
    codes = re.findall(r"STATUS_\w+ = (\d+)",
                       (top / "src" / "cli" / "status.h").read_text())
    page = (top / "man" / "nvt.1").read_text()
    listed = page[page.index(".Sh EXIT STATUS"):page.index(".Sh EXAMPLES")]
    assert re.findall(r"^\.It (\d+)", listed, re.M) == codes


@pytest.mark.parametrize("args, words", [
    (("router1",), "nvt: router1: no such command"),
    (("serv",), "nvt: serv: no such command; serve?"),
    (("help", "nothing"), "nvt: nothing: no such command"),
    (("help", "serve", "help"), "nvt: help: one command at a time"),
    (("--nothing",), "nvt: --nothing: no such option"),
    (("serve", "--lissen", "::1"),
     "nvt: serve: --lissen: no such option; --listen?"),
    (("serve", "-x"), "nvt: serve: -x: no such option"),
    (("serve", "--port"), "nvt: serve: --port: N is missing"),
    (("serve", "-p"), "nvt: serve: -p: N is missing"),
    (("serve", "--port", "x"), "nvt: serve: --port: x is not a number"),
    (("serve", "-p65536"), "nvt: serve: --port: 65536 is not a number"),
    (("serve", "--no-login=1"), "nvt: serve: --no-login: takes no value"),
    (("serve",), "nvt: serve: --accounts FILE is missing"),
    (("serve", "--no-login"), "nvt: serve: --no-login: name the program"),
    (("serve", "--no-login", "--"), "nvt: serve: --: no program behind it"),
    (("serve", "--no-login", "/bin/sh"),
     "nvt: serve: /bin/sh: a program goes behind --"),
    (("serve", "--no-login", "--accounts", "x", "--", "sh"),
     "nvt: serve: either --accounts or --no-login"),
    (("serve", "--max", "0"), "nvt: serve: --max: 0 is not a number from 1"),
    (("serve", "--fail-delay", "soon"),
     "nvt: serve: --fail-delay: soon is not a time"),
    (("serve", "--fail-delay", "86401"),
     "nvt: serve: --fail-delay: 86401 is not a time from 0 to 86400"),
    (("serve", "--login-grace", "0"),
     "nvt: serve: --login-grace: 0 is not a time from 0.001 to 86400"),
    (("serve", "--env", "X"), "nvt: serve: --env: X is not NAME=VALUE"),
    (("serve", "--listen", "localhost"),
     "nvt: serve: --listen: localhost: not an address in numbers"),
    (("serve", "--listen", "[::1"), "nvt: serve: --listen: [::1: not"),
    (("serve", "--listen", "::1:99"),
     "nvt: serve: --listen: ::1:99: a port needs brackets before it: "
     "[::1]:99\n"),
    (("serve", "--listen", "127.0.0.1:x"),
     "nvt: serve: --listen: 127.0.0.1:x: the port is not"),
    (("passwd", "a", "b"), "nvt: passwd: b: one user at a time"),
    (("passwd", "--", "x"), "nvt: passwd: -- is of no use here"),
    (("passwd", "--cost", "12", "x"), "nvt: passwd: --cost: 12 is not"),
    (("passwd", "--password-fd", "0", "--password-file", "x", "y"),
     "nvt: passwd: either --password-fd or --password-file"),
])
def test_usage(nvt, args, words):
    ended = nvt(*args)
    assert ended.stderr.startswith(words)
    assert ended.returncode == 2
    assert ended.stdout == ""


def test_a_host_is_told_what_there_is(nvt):
    said = nvt("router1").stderr
    assert "connecting to a host is not there yet" in said
    for command in COMMANDS:
        assert command in said


def test_full_disk_is_no_success(nvt):
    with open("/dev/full", "w") as full:
        ended = subprocess.run([nvt.program, "help"], stdout=full,
                               stderr=subprocess.PIPE, text=True)
    assert ended.returncode == 1
    assert ended.stderr == "nvt: standard output: cannot write\n"


@pytest.mark.parametrize("address", [
    "0.0.0.0", "::", "192.0.2.1", "[2001:db8::1]:2323"])
def test_other_addresses_need_a_word(nvt, address):
    ended = nvt("serve", "--no-login", "--listen", address, "--", "/bin/true")
    assert ended.returncode == 1
    assert "not a loopback address. There is no TLS yet" in ended.stderr
    assert "--allow-plaintext" in ended.stderr


def test_address_in_use(nvt, start, me):
    taken = start("--no-login", "--user", me, "--", "/bin/true")
    ended = nvt("serve", "--no-login", "--user", me, "--listen",
                f"127.0.0.1:{taken.port}", "--", "/bin/true")
    assert ended.returncode == 1
    assert ended.stderr == (f"nvt: serve: 127.0.0.1 port {taken.port}: cannot "
                            "listen: Address already in use; port 0 takes "
                            "any that is free\n")


def test_address_of_another(nvt, me):
    ended = nvt("serve", "--no-login", "--user", me, "--allow-plaintext",
                "--listen", "192.0.2.1:0", "--", "/bin/true")
    assert ended.returncode == 1
    assert ended.stderr.endswith("; it is none of this machine's\n")


def test_banner_that_is_not_there(nvt, accounts):
    ended = nvt("serve", "--accounts", str(accounts), "--banner", "/no/text")
    assert ended.returncode == 1
    assert ended.stderr.endswith(
        "nvt: serve: --banner /no/text: No such file or directory\n")


def test_help_of_serve_has_both_forms(nvt):
    said = nvt("help", "serve").stdout.splitlines()
    assert said[0].startswith("usage: nvt serve --accounts FILE ")
    assert said[1].startswith("       nvt serve --no-login ")


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
def test_closed_descriptors_stay_of_no_use(nvt, tmp_path, closed):
    """They fail as they would, and no file of ours takes their place."""
    file = tmp_path / "password"
    file.touch(0o600)
    file.write_text("Secret-42\n")
    ends = " ".join(f"{fd}>&-" for fd in closed)
    ended = subprocess.run(
        ["/bin/sh", "-c", f'"$0" "$@" {ends}', nvt.program, "passwd", "-c1",
         "--password-file", str(file), "alice"], capture_output=True)
    assert ended.returncode == (1 if 1 in closed else 0)
    assert file.read_text() == "Secret-42\n"


def test_no_such_user(nvt):
    ended = nvt("serve", "--no-login", "--user", "no.such.user", "--", "true")
    assert ended.returncode == 1
    assert "no.such.user" in ended.stderr
