"""How the screens begin on a real terminal: what is loaded before the first frame, and what a bad site file says."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.terminal import ALTERNATE_SCREEN, Terminal
from tests.test_import_hygiene import IMPORTED, SCREENS_NEED, SITE, heavy

ROOT = Path(__file__).resolve().parents[1]


def environment() -> dict[str, str]:
    """This test's environment, with this checkout to be found."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV"))}
    return {**kept, "PYTHONPATH": str(ROOT)}


def command(site: Path, *options: str) -> list[str]:
    """The screens of a room, started by Python with options of its own."""
    return [sys.executable, *options, "-m", "dutyroom", "--config", str(site)]


def test_the_first_frame_waits_for_no_library_but_the_terminals(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(SITE.format(folder=tmp_path), encoding="utf-8")
    with Terminal(command(site, "-X", "importtime"), environment(), tmp_path) as terminal:
        terminal.until(" dutyroom ")
        full_screen = terminal.written.index(ALTERNATE_SCREEN)
        before = terminal.written[: terminal.written.index(b" dutyroom ", full_screen)]
        terminal.until("watching")
        assert terminal.leave() == 0
    loaded = set(IMPORTED.findall(before.decode(errors="replace").replace("\r\n", "\n")))
    assert "textual.app" in loaded
    assert heavy(loaded) == SCREENS_NEED
    # Dataclasses are made when their module is imported: the room's own values cost a quarter of an empty app's start.
    assert {
        "dutyroom.board",
        "dutyroom.model.reading",
        "dutyroom.model.site",
        "dutyroom.config.sections",
        "dutyroom.store",
    } & loaded == set()


def test_a_bad_site_file_is_told_in_full_after_the_screens_were_left(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(SITE.format(folder=tmp_path).replace('name = "Ward"', 'nam = "Ward"'), encoding="utf-8")
    with Terminal(command(site), environment(), tmp_path) as terminal:
        assert terminal.ended() == 3
        told = terminal.written.rpartition(b"\x1b[?1049l")[2].decode()
    assert "site.nam" in told or "[site]" in told
    assert "name" in told
    assert not (tmp_path / "store").exists()
