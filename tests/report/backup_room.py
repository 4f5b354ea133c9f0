"""A room with two backup jobs: of one a watch looks at real files, the other is a line of the round only."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from dutyroom.duty import answering, rounds, signing, walks
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk
from dutyroom.model.devices import BackupJob
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.model.rounds import Round
from dutyroom.sources.backup_files import BackupSource, look
from dutyroom.store import events, readings
from dutyroom.watch.poller import Poller
from tests.desks import PASSWORD, stand_for_findings
from tests.report.round_room import SHANGHAI, ZHANG, opened_room, with_texts
from tests.report.round_room import at as moment_at

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FORM = """
name = "daily"
en = "Daily round"
zh = "每日巡检"
cadence = "daily"
due_at = "08:30"
[[area]]
id = "backup"
en = "Backup"
zh = "备份"
[[item]]
id = "bak.hot"
area = "backup"
en = "Last night full hot backup"
zh = "凌晨全库热备"
kind = "choice"
per = "backup"
choices = [
  { value = "ok", en = "Done", zh = "成功", verdict = "ok" },
  { value = "failed", en = "Failed", zh = "失败", verdict = "fault" },
  { value = "partial", en = "Partial", zh = "部分", verdict = "attention" },
  { value = "not run", en = "Not run", zh = "未执行", verdict = "fault" },
]
[[item]]
id = "bak.size"
area = "backup"
en = "Backup size"
zh = "备份大小"
kind = "number"
per = "backup"
unit = "GB"
physical = [0, 1000000]
[[item]]
id = "bak.offsite"
area = "backup"
en = "Second copy made"
zh = "异地备份副本完成"
kind = "check"
per = "backup"
[[item]]
id = "bak.restore"
area = "backup"
en = "Restore test done"
zh = "备份恢复测试"
kind = "check"
per = "backup"
"""
HIS, PACS = BackupJob("his-full", "HIS full", "/backup/*.dmp", 26 * 3600.0), BackupJob("pacs", "PACS images")


@contextmanager
def backup_room(folder: Path) -> Iterator[Desk]:
    """The room over a real store in the folder; the dumps of the watched job lie in `dumps`."""
    (folder / "dumps").mkdir()
    with opened_room(folder) as opened:
        his = replace(HIS, path=f"{folder}/dumps/*.dmp")
        yield with_texts(replace(opened, site=replace(opened.site, backups=(his, PACS))), FORM)


def at(text: str) -> datetime:
    """A local moment of October 2026, `05 08:30`."""
    return moment_at(SHANGHAI, f"2026-10-{text}")


def watch(desk: Desk, first: str, last: str, files: Mapping[str, int], every: timedelta = 3 * HOUR) -> None:
    """The watch looks at real files as they came: local time of October to bytes. A folder may be away for a while."""
    job = desk.site.backups[0]
    assert job.path is not None
    folder = Path(job.path).parent
    waiting = {at(text): size for text, size in files.items()}
    with desk.store.read() as session:
        known = readings.latest(session).get(job.name)
    poller = Poller(BackupSource(job.name, job.path), job, desk.site, known)
    now = at(first)
    while now < at(last):
        for made_at in [one for one in waiting if one <= now]:
            path = folder / f"{made_at:%d-%H%M}.dmp"
            with path.open("wb") as file:
                file.truncate(waiting.pop(made_at))
            os.utime(path, (made_at.timestamp(), made_at.timestamp()))
        found = poller.take(
            Sample(job.name, Kind.BACKUP, now, State.OK, backup=look(job.path, now.timestamp()))
            if folder.exists()
            else Sample(job.name, Kind.BACKUP, now, State.UNREACHABLE, "gone")
        )
        with desk.store.write() as session:
            readings.put_samples(session, [found.sample], {job.name: every.total_seconds()})
            events.add(session, found.events)
        now += every


def walk(desk: Desk, begun: datetime, told: Mapping[tuple[str, str], str]) -> Round:
    """Answers every line about backups, normal where nothing is told, and signs."""
    opened = rounds.start_round(desk, ZHANG, begun)
    usual = {"bak.hot": "ok", "bak.size": "212.5"}
    lines = walks.load_walk(desk, opened.round.id).open_lines()
    given = [(line, Given(told.get(line.key, usual.get(line.item.id, "normal")), "as it was found")) for line in lines]
    answering.record_answers(desk, ZHANG, opened.round.id, given, begun)
    stand_for_findings(desk, opened.round.id, begun, ZHANG)
    return signing.sign_round(desk, ZHANG, opened.round.id, PASSWORD, begun + 10 * MINUTE)
