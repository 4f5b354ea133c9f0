"""Fixtures for every test: the checkout on the path, the developer's own machine cut off, real peers looked for."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# A runner in the background of a shell ignores SIGINT, and so would every program the tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

PEER_PLACES = ("/lib/nut", "/usr/lib/nut", "/usr/sbin", "/usr/bin")


def find_peer(program: str) -> str | None:
    """The path of a real program (upsd, dummy-ups, snmpd, tmux, soffice, pdftotext), or None."""
    # Debian's /usr/sbin/upsd is a wrapper that obeys /etc/nut/nut.conf; the real one lies in /lib/nut.
    return shutil.which(program, path=os.pathsep.join(PEER_PLACES)) or shutil.which(program)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two workers for each processor under `-n auto`: half of a test's time is waiting for screens and sockets."""
    return int(os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS") or 2 * len(os.sched_getaffinity(0)))


def pytest_collection_finish() -> None:
    """What is imported by now stays: looking through it for garbage again and again took a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that needs a real program says so; without it the test is skipped, or fails where CI requires it."""
    for mark in item.iter_markers("peer"):
        missing = [program for program in mark.args if find_peer(program) is None]
        if not missing:
            continue
        sentence = f"needs {', '.join(missing)} on this machine"
        if os.environ.get("DUTYROOM_REQUIRE_PEERS") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)


@pytest.fixture(autouse=True)
def _cut_off(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test sees the developer's home, site file, language or colours; the language is English again afterwards."""
    home = tmp_path_factory.mktemp("home")
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    for name in ("DUTYROOM_CONFIG", "DUTYROOM_LANG", "NO_COLOR", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    yield
    from dutyroom import words

    words.install("en")


@pytest.fixture(scope="session", autouse=True)
def _passwords_cost_little() -> Iterator[None]:
    """Thousands of signatures are confirmed; what a real password costs is proved in tests/duty/test_signin.py."""
    from tests.cheap import cheap_passwords

    with cheap_passwords():
        yield
