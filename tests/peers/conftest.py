"""What the tests share: servers that run while a file's tests do."""

import contextlib
import os
import signal

import pytest

import machine
import servers
from serve import Serve

TIME_OUT = 30


def pytest_collection_modifyitems(config, items):
    if config.pluginmanager.hasplugin("timeout"):
        for item in items:
            item.add_marker(pytest.mark.timeout(TIME_OUT), append=False)


def pytest_sessionfinish(session, exitstatus):
    """Meson shows a test as skipped if it exits with 77."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == 0 and reporter and not reporter.stats.get("passed"):
        session.exitstatus = 77


@pytest.fixture(scope="session", autouse=True)
def nothing_left_behind():
    """No daemon, login or shell may outlive the tests of a file."""
    machine.adopt_orphans()
    yield
    try:
        machine.wait_until(machine.bury_orphans,
                           "what the tests started to end")
    finally:
        for pid in machine.children("self"):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def started(tmp_path_factory):
    """Start a server by name, once; all of them end with the tests."""
    folder = tmp_path_factory.mktemp("servers")
    running = {}

    def start(name):
        if name not in running:
            running[name] = servers.SERVERS[name](folder)
        return running[name]

    yield start
    for server in running.values():
        server.close()


@pytest.fixture(params=servers.SERVERS)
def server(request, started):
    """Each of the old daemons in turn."""
    server = started(request.param)
    server.name = request.param
    return server


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    with contextlib.closing(Serve(tmp_path_factory.mktemp("serve"))) as serve:
        yield serve
