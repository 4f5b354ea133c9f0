"""Systems, lines and backups on the screens: in sections below the servers, the worst first, with what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.model.devices import BackupJob, OutsideLine, System
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.reading import Kind, State
from dutyroom.store import maintenance
from tests.check_samples import backup_sample, line_sample, system_sample
from tests.desks import failed
from tests.ui.room_samples import NOW
from tests.ui.rooms import Room, assert_fits, assert_golden, make_room, make_site, running, screen_text, until

LABELS = {
    "en": ("HIS", "LIS", "PACS archive", "Insurance line", "Internet", "HIS full backup", "PACS images"),
    "zh_CN": ("HIS", "LIS", "PACS 归档", "医保专线", "互联网", "HIS 全备", "PACS 影像"),
}
NAMES = ("his", "lis", "pacs", "yibao", "internet", "his-full", "pacs-images")


def checked_room(folder: Path, language: str = "en") -> Room:
    """The room of the other screens with three systems, two lines and two backups."""
    labels = dict(zip(NAMES, LABELS[language], strict=True))
    site = replace(
        make_site(folder, language),
        systems=tuple(System(name, labels[name], "tcp://192.0.2.21:1521") for name in NAMES[:3]),
        lines=tuple(OutsideLine(name, labels[name], "ping://192.0.2.129") for name in NAMES[3:5]),
        backups=tuple(BackupJob(name, labels[name], "/backup/his/*.dmp", 26 * 3600.0) for name in NAMES[5:]),
    )
    room = make_room(folder, language, site=site)
    at = NOW - timedelta(seconds=4)
    since = NOW - timedelta(minutes=12)
    room.put(
        system_sample(at, "his"),
        system_sample(at, "lis", answered=False, error="refused", latency_ms=None, since=since, lost_in_row=24),
        system_sample(at, "pacs", latency_ms=48.0),
        line_sample(at, "yibao", loss_percent=33.3),
        failed(line_sample(at, "internet"), State.DENIED),
        backup_sample(at, "his-full", size=3_100_000_000, writing=True),
        backup_sample(at, "pacs-images"),
    )
    return room


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20)], ids=["80x24", "120x40", "60x20"])
@pytest.mark.parametrize("chosen", ["lis", "yibao", "his-full"])
async def test_the_servers_page_shows_systems_lines_and_backups(
    tmp_path: Path, language: str, size: tuple[int, int], chosen: str
) -> None:
    app = checked_room(tmp_path, language).app()
    app.selected[Kind.SERVER] = chosen
    async with running(app, size) as pilot:
        await pilot.press("5")
        await pilot.pause()
        assert_golden(app, f"checks-{chosen}-{size[0]}x{size[1]}-{language}")


async def test_the_worst_stand_first_in_their_section_and_the_cursor_passes_the_titles(tmp_path: Path) -> None:
    app = checked_room(tmp_path).app()
    async with running(app, (120, 40)) as pilot:
        await pilot.press("5")
        await pilot.pause()
        text = screen_text(app)
        places = [text.index(label) for label in ("Systems", "✗ LIS", "✓ HIS", "✓ PACS archive", "Lines", "Backups")]
        assert places == sorted(places)
        seen = []
        for _ in range(9):
            await pilot.press("j")
            seen.append(app.selected[Kind.SERVER])
        assert seen[-7:] == ["lis", "his", "pacs", "internet", "yibao", "his-full", "pacs-images"]


async def test_the_board_shows_what_is_wrong_and_w_opens_it(tmp_path: Path) -> None:
    room = checked_room(tmp_path)
    app = room.app()
    async with running(app, (120, 40)) as pilot:
        assert "refuses connections" in screen_text(app)
        assert_fits(app)
        app.action_go_to_device("his-full")
        await pilot.pause()
        assert app.current_mode == "servers"
        assert app.selected[Kind.SERVER] == "his-full"
        assert "too small" in screen_text(app)


async def test_planned_maintenance_is_marked_and_not_the_worst(tmp_path: Path) -> None:
    room = checked_room(tmp_path)
    begins, ends = NOW - timedelta(hours=1), NOW + timedelta(hours=2)
    window = MaintenanceWindow(begins, ends, ("lis",), "new LIS version", begins - timedelta(days=1), "zhang")
    with room.store.write() as session:
        maintenance.add(session, window)
    app = room.app()
    app.selected[Kind.SERVER] = "lis"
    async with running(app, (120, 40)) as pilot:
        await pilot.press("5")
        await until(pilot, lambda: "planned maintenance until 2026-11-24 10:41" in screen_text(app))
        text = screen_text(app)
        assert "new LIS version (zhang)" in text
        assert "refuses connections" in text
        rows = [line[:30] for line in text.splitlines()]
        (his,), (lis,) = ([n for n, row in enumerate(rows) if label in row] for label in ("✓ HIS ", "✗ LIS"))
        assert his < lis
        assert app.board is not None
        (view,) = (one for one in app.board.sources if one.name == "lis")
        assert view.verdict.value == "fault"
        assert view.maintenance is not None
    assert clock.now() == NOW
