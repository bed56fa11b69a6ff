"""nvt passwd: lines of accounts, made and put into a file."""

import os
import stat

import pexpect
import pytest


def make(nvt, *args, password="Secret-42\n"):
    return nvt("passwd", "--cost", "1", "--password-fd", "0", *args,
               input=password)


def test_prints_a_line(nvt):
    ended = make(nvt, "alice")
    assert ended.returncode == 0
    assert ended.stdout.startswith("alice:$y$")
    assert ended.stdout.count("\n") == 1
    assert make(nvt, "alice").stdout != ended.stdout, "the salt is the same"


def test_default_user_is_oneself(nvt, me):
    assert make(nvt).stdout.startswith(f"{me}:$y$")


def test_password_file(nvt, tmp_path):
    file = tmp_path / "password"
    file.touch(0o600)
    file.write_text("Secret-42\nwhatever follows\n")
    ended = nvt("passwd", "-c1", "--password-file", str(file), "alice")
    assert ended.stdout.startswith("alice:$y$")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_password_file_of_everybody(nvt, tmp_path, mode):
    file = tmp_path / "password"
    file.touch(0o600)
    file.write_text("Secret-42\n")
    file.chmod(mode)
    ended = nvt("passwd", "-c1", "--password-file", str(file), "alice")
    assert ended.returncode == 1
    assert f"others may read or write it (mode {mode:03o})" in ended.stderr
    assert ended.stdout == ""


def test_other_descriptor(nvt):
    reader, writer = os.pipe()
    os.write(writer, b"Secret-42\r\n")
    os.close(writer)
    ended = nvt("passwd", "-c", "1", f"--password-fd={reader}", "alice",
                pass_fds=[reader])
    os.close(reader)
    assert ended.stdout.startswith("alice:$y$")


@pytest.mark.parametrize("password, words", [
    ("\n", "the password is empty"),
    ("", "the password is empty"),
    ("x" * 129, "longer than 128 bytes"),
    ("a\0b\n", "has a NUL"),
])
def test_bad_passwords(nvt, password, words):
    ended = make(nvt, "alice", password=password)
    assert ended.returncode == 1
    assert words in ended.stderr
    assert ended.stdout == ""


@pytest.mark.parametrize("name", [
    ".", "..", "-x", "", "a b", "a:b", "../x", "@a", "x" * 33, "a\nb", "%u", "$(id)"])
def test_bad_names(nvt, name):
    args = ("--password-fd", "0", name)
    ended = nvt("passwd", *args, input="x\n")
    assert ended.returncode == 2
    assert ended.stdout == ""


def test_descriptor_that_is_not_open(nvt):
    ended = nvt("passwd", "--password-fd", "77", "alice")
    assert ended.returncode == 1
    assert ended.stderr == ("nvt: passwd: cannot read the password: "
                            "Bad file descriptor\n")


def test_new_file(nvt, tmp_path):
    file = tmp_path / "accounts"
    assert make(nvt, "--file", str(file), "alice").returncode == 0
    assert file.read_text().startswith("alice:$y$")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["accounts"]


def test_only_the_line_changes(nvt, tmp_path):
    file = tmp_path / "accounts"
    alice, bob = (make(nvt, name).stdout for name in ("alice", "bob"))
    file.touch(0o600)
    file.write_text(f"# first\n\n{alice}# between\n{bob}locked:!x\n# last")
    assert make(nvt, "-f", str(file), "bob").returncode == 0
    lines = file.read_text().splitlines()
    assert lines[:4] == ["# first", "", alice.strip(), "# between"]
    assert lines[4].startswith("bob:$y$") and lines[4] != bob.strip()
    assert lines[5:] == ["locked:!x", "# last"]
    assert make(nvt, "-f", str(file), "carol").returncode == 0
    assert file.read_text().splitlines()[7].startswith("carol:$y$")
    assert len(file.read_text().splitlines()) == 8


def test_link_stays_a_link(nvt, tmp_path):
    file, link = tmp_path / "accounts", tmp_path / "link"
    link.symlink_to(file)
    file.touch(0o600)
    assert make(nvt, "-f", str(link), "alice").returncode == 0
    assert link.is_symlink()
    assert file.read_text().startswith("alice:")


def test_link_to_nothing(nvt, tmp_path):
    """Not followed: whose folder that is nobody knows."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "none")
    ended = make(nvt, "-f", str(link), "alice")
    assert ended.returncode == 1
    assert ended.stderr == f"nvt: passwd: {link}: a link to nothing\n"
    assert os.listdir(tmp_path) == ["link"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only as root")
def test_group_and_mode_stay(nvt, tmp_path):
    file = tmp_path / "accounts"
    file.touch()
    os.chown(file, 0, 4321)
    file.chmod(0o640)
    before = file.stat()
    ended = make(nvt, "-f", str(file), "alice")
    assert ended.returncode == 0, ended.stderr
    after = file.stat()
    assert (after.st_uid, after.st_gid, after.st_mode) == (
        before.st_uid, before.st_gid, before.st_mode)
    assert after.st_ino != before.st_ino


@pytest.mark.parametrize("path, words", [
    ("/", "/: not a regular file"),
    ("/no/such/folder/accounts", "No such file or directory"),
])
def test_bad_file_is_found_out_first(nvt, path, words):
    """Nobody is asked for a password that has no place to go."""
    child = on_terminal(nvt, "--file", path, "alice")
    child.expect_exact(words)
    child.expect(pexpect.EOF)
    assert b"New password" not in child.before
    child.close()
    assert child.exitstatus == 1


def test_many_writers_lose_nothing(nvt, tmp_path):
    import subprocess
    file = tmp_path / "accounts"
    names = [f"user{i}" for i in range(12)]
    running = [subprocess.Popen(
        [nvt.program, "passwd", "-c", "1", "--password-fd", "0", "-f",
         str(file), name], stdin=subprocess.PIPE) for name in names]
    for process in running:
        process.communicate(b"Secret-42\n")
        assert process.returncode == 0
    found = [line.split(":")[0] for line in file.read_text().splitlines()]
    assert sorted(found) == sorted(names)
    assert os.listdir(tmp_path) == ["accounts"]


def test_file_that_others_read_is_refused(nvt, tmp_path):
    file = tmp_path / "accounts"
    file.touch()
    file.chmod(0o644)
    ended = make(nvt, "-f", str(file), "alice")
    assert ended.returncode == 1
    assert "others may read or write it (mode 644)" in ended.stderr
    assert file.read_text() == ""


def test_file_that_is_not_accounts_is_left_alone(nvt, tmp_path):
    file = tmp_path / "accounts"
    file.touch(0o600)
    file.write_text("alice:plain-text\n")
    ended = make(nvt, "-f", str(file), "bob")
    assert ended.returncode == 1
    assert "line 1 is not USER:HASH" in ended.stderr
    assert file.read_text() == "alice:plain-text\n"


def on_terminal(nvt, *args):
    return pexpect.spawn(nvt.program, ["passwd", "-c", "1", *args],
                         timeout=10)


def test_asks_without_echo(nvt):
    child = on_terminal(nvt, "alice")
    child.expect_exact("New password for alice: ")
    child.waitnoecho()
    child.sendline("Secret-42")
    child.expect_exact("Again for alice: ")
    child.sendline("Secret-42")
    child.expect(r"alice:\$y\$")
    child.expect(pexpect.EOF)
    assert b"Secret" not in child.before
    child.close()
    assert child.exitstatus == 0


def test_two_that_differ(nvt):
    child = on_terminal(nvt, "alice")
    child.expect_exact("New password for alice: ")
    child.sendline("Secret-42")
    child.expect_exact("Again for alice: ")
    child.sendline("Secret-43")
    child.expect_exact("nvt: passwd: the two passwords differ")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1


def test_interrupted_leaves_the_echo_on(nvt):
    child = pexpect.spawn("/bin/sh", timeout=10, env={
        "PATH": os.environ["PATH"], "PS1": "ready> ", "NVT": nvt.program})
    child.expect_exact("ready> ")
    child.sendline('"$NVT" passwd alice')
    child.expect_exact("New password for alice: ")
    child.sendintr()
    child.expect_exact("ready> ")
    child.sendline("stty -a | tr ' ;' '\\n\\n' | grep -x -e -echo -e echo")
    child.expect_exact("-x -e -echo -e echo")
    child.expect(r"\r\n(-?echo)\r\n")
    assert child.match.group(1) == b"echo"
    child.close()
