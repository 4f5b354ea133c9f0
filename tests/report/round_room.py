"""A room with short checklists over a real store, and people who walk, forget, type in, amend and approve."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from dutyroom.checklists import parse
from dutyroom.duty import answering, backfill, missed, rounds, signing, walks
from dutyroom.duty.answers import Given
from dutyroom.duty.desk import Desk, Published
from dutyroom.duty.operators import add_operator
from dutyroom.model.people import Actor, Role, watch_actor
from dutyroom.model.rounds import Round
from dutyroom.report.collect import report_of
from dutyroom.report.report import Report
from dutyroom.rules.report_period import parse as period_named
from tests.desks import ADMIN, PASSWORD, opened_desk, stand_for_findings

ZHANG = Actor("zhang", Role.TECHNICIAN, "test")
LI = Actor("li", Role.LEAD, "test")
WATCH = watch_actor("room")
SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ITEMS = """
[[area]]
id = "env"
en = "Environment"
zh = "环境"
[[area]]
id = "power"
en = "Power"
zh = "供电"
[[item]]
id = "acc.door"
area = "env"
en = "Door shut"
zh = "门已关"
kind = "check"
[[item]]
id = "env.temp"
area = "env"
en = "Temperature"
zh = "温度"
kind = "number"
unit = "°C"
normal = [18, 27]
[[item]]
id = "ups.load"
area = "power"
en = "Load"
zh = "负载"
kind = "number"
unit = "%"
per = "ups"
normal = [0, 60]
"""


def text_of(name: str, cadence: str = "daily", due_at: str = "08:30", more: str = "") -> str:
    """The file of a short checklist."""
    due = "" if cadence == "period" else f'due_at = "{due_at}"\n'
    head = f'name = "{name}"\nen = "{name.title()} round"\nzh = "{name} 巡检"\ncadence = "{cadence}"\n'
    return f"{head}{due}{more}{ITEMS}"


def with_texts(desk: Desk, *texts: str) -> Desk:
    """The desk with other checklists in force, the daily one first."""
    made = [Published(parse(text, desk.site.limit_profile, "test"), text) for text in texts]
    first, *others = made
    return replace(desk, checklist=first.checklist, checklist_text=first.text, others=tuple(others))


@contextmanager
def opened_room(folder: Path, zone: ZoneInfo = SHANGHAI, *texts: str) -> Iterator[Desk]:
    """The room with a technician and a lead; the shipped checklists are not in force, the given or the daily one is."""
    with opened_desk(folder) as opened:
        add_operator(opened.store, ADMIN, "li", "Li Xiuying", Role.LEAD, PASSWORD, datetime(2026, 9, 25, tzinfo=UTC))
        desk = replace(opened, site=replace(opened.site, timezone=zone))
        yield with_texts(desk, *(texts or (text_of("daily"),)))


def at(zone: ZoneInfo, text: str) -> datetime:
    """The moment of a local time, `2026-10-05 08:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def watch(desk: Desk, now: datetime) -> None:
    """The watch records what was missed and publishes what is new."""
    missed.record_missed(desk, WATCH, now)


def answer(
    desk: Desk, round_id: int, now: datetime, temperature: str = "22.5", load: str = "31", who: Actor = ZHANG
) -> None:
    """Answers every line; a temperature out of limits stands for a finding."""
    given = {"acc.door": "normal", "env.temp": temperature, "ups.load": load}
    lines = walks.load_walk(desk, round_id).open_lines()
    told = [(line, Given(given[line.item.id], "as it was read")) for line in lines]
    answering.record_answers(desk, who, round_id, told, now)
    stand_for_findings(desk, round_id, now, who)


def walk(
    desk: Desk, begun: datetime, minutes: int = 10, who: Actor = ZHANG, checklist: str = "", temperature: str = "22.5"
) -> Round:
    """Walks the newest slot from `begun` on and signs so many minutes later."""
    open_walk = rounds.start_round(desk, who, begun, checklist)
    signed_at = begun + minutes * MINUTE
    answer(desk, open_walk.round.id, begun, temperature, who=who)
    return signing.sign_round(desk, who, open_walk.round.id, PASSWORD, signed_at)


def from_paper(desk: Desk, now: datetime, paper: datetime, due_at: datetime, who: Actor = ZHANG) -> Round:
    """Types in a round that was walked on paper then."""
    opened = backfill.back_fill(desk, who, now, paper, paper + 20 * MINUTE, "", due_at)
    answer(desk, opened.round.id, now, who=who)
    return signing.sign_round(desk, who, opened.round.id, PASSWORD, now + 5 * MINUTE)


def report(desk: Desk, period: str, made_at: datetime) -> Report:
    """The report of a period by its name."""
    forms = [one.checklist for one in desk.published()]
    return report_of(desk.store, desk.site, forms, period_named(period), made_at)
