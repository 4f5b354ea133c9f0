"""The details of the audit: limits, findings let be, settings, imports, restores, and how rounds were walked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dutyroom.duty import (
    findings,
    rounds,
    self_check,
    signing,
    zero_reports,
)
from dutyroom.duty.desk import Desk
from dutyroom.duty.honesty import honesty_of
from dutyroom.duty.roster import import_roster
from dutyroom.duty.signin import sign_in
from dutyroom.model.finding import Severity
from dutyroom.model.handover import Handover, HandoverSheet
from dutyroom.model.honesty import FactCode
from dutyroom.model.people import Act
from dutyroom.model.ports import Baseline
from dutyroom.model.self_check import CheckResult
from dutyroom.report.sheets.audit import audit_page
from dutyroom.store import baselines, handovers, ledger
from tests.desks import ADMIN, PASSWORD
from tests.report.audit_room import END, OCTOBER, acts, figures, moment, row_of
from tests.report.round_room import (
    DAY,
    HOUR,
    LI,
    MINUTE,
    ZHANG,
    answer,
    opened_room,
    report,
    text_of,
    walk,
    watch,
    with_texts,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_room(tmp_path) as opened:
        watch(opened, moment("2026-10-01 00:00"))
        yield opened


def test_a_change_of_limits_shows_from_what_to_what_and_so_does_the_way_back(desk: Desk) -> None:
    begun = moment("2026-10-05 08:30")
    walk(desk, begun)
    wider = with_texts(desk, text_of("daily").replace("normal = [18, 27]", "normal = [16, 30]\ncritical = [10, 35]"))
    walk(wider, begun + DAY)
    walk(wider, begun + 2 * DAY)
    back = walk(desk, begun + 3 * DAY)
    made = report(desk, OCTOBER, END)
    assert figures(desk, made) == {"limit_changes": 2, "checklists": 1}
    assert acts(made) == ["Checklist version published", "Checklist version back in use"]
    page = audit_page(made)
    published = row_of(page, f"checklist:{wider.checklist.version}")
    assert published[5] == f"Daily round (version {wider.checklist.version})"
    assert published[6] == "Temperature, normal range: 18–27 °C → 16–30 °C\nTemperature, critical range: – → 10–35 °C"
    again = row_of(page, f"round:{back.id}")
    assert again[5] == f"Daily round (version {desk.checklist.version})"
    assert again[6] == "Temperature, normal range: 16–30 °C → 18–27 °C\nTemperature, critical range: 10–35 °C → –"


def test_a_fault_a_person_lets_be_is_listed_and_work_on_it_is_not(desk: Desk) -> None:
    begun = moment("2026-10-05 08:30")
    found = findings.find(desk, LI, Severity.CRITICAL, "the door sticks", begun)
    findings.take(desk, LI, found.id, begun + MINUTE)
    findings.rate(desk, LI, found.id, Severity.OTHER, "nobody uses that door", begun + 2 * MINUTE)
    findings.rate(desk, LI, found.id, Severity.CRITICAL, "it is the way out", begun + 3 * MINUTE)
    findings.know(desk, LI, found.id, "the builder", "a new one is on its way", begun + 20 * DAY, begun + 4 * MINUTE)
    findings.know(desk, LI, found.id, LI.name, "in the budget", begun + 20 * DAY, begun + 5 * MINUTE)
    made = report(desk, OCTOBER, END)
    assert acts(made) == ["Class of a finding lowered", *["Known fault set or ended"] * 2]
    lowered, known, own = (row_of(audit_page(made), one.records[1]) for one in made.audit.done)
    label = made.frame.person(LI.name)
    assert label != LI.name
    assert str(own[6]).startswith(f"known fault of {label} until")
    assert lowered[5:7] == ["Finding 1", "critical → other\nnobody uses that door"]
    assert str(known[6]).startswith("known fault of the builder until 2026-10-25 08:30")


def test_settings_imports_and_restores_say_what_they_were_about(desk: Desk) -> None:
    begun = moment("2026-10-05 08:30")
    self_check.set_answer(desk, LI, "room.static", CheckResult.PARTLY, "raised floor", "ground the cabinets", begun)
    day = begun.date()
    import_roster(desk, LI, {(day, "day"): ("li",), (day, "night"): ("zhang",)}, begun + MINUTE)
    zero_day = moment("2026-10-05 15:00")
    zero_reports.sign(desk, LI, day, PASSWORD, zero_day)
    zero_reports.amend(desk, LI, day, PASSWORD, "a call was forgotten", zero_day + MINUTE)
    with desk.store.write() as session:
        accepted = baselines.add(session, Baseline("core-1", 0, zero_day, "li", zero_day, ()))
        sheet = HandoverSheet()
        given = handovers.add(
            session,
            Handover(day, "day", day, "night", zero_day, "zhang", sheet, override_by="li", override_reason="fire"),
        )
        for act, of in ((Act.ACCEPT_BASELINE, accepted), (Act.OVERRIDE_HANDOVER, given)):
            ledger.append_row(session, at=zero_day + 2 * MINUTE, actor=LI, act=act, of=of)
        for subject in ("restore:7/ab/lost/8-9/cd", "restore:9/cd/lost/none", "restore:9/cd/lost/unknown"):
            at_once = {"at": zero_day + 3 * MINUTE, "actor": ADMIN, "act": Act.RESTORE}
            ledger.append(session, subject=subject, row={}, **at_once)  # type: ignore[arg-type]
    made = report(desk, OCTOBER, END)
    page = audit_page(made)
    told = [row_of(page, one.records[0])[4:7] for one in made.audit.done]
    assert told == [
        [
            "Self-check set",
            "Floor and grounding keep static electricity away.",
            "partly met\nraised floor\nground the cabinets",
        ],
        ["Roster imported", "2 entries", ""],
        ["Zero report amended", "Duty day 2026-10-05", "version 2: a call was forgotten"],
        ["Port baseline accepted", "Core switch", "baseline 1, ports: 0"],
        ["Handed over in spite of a major finding", "Handover to duty day, 2026-10-05", "fire"],
        ["Records restored from a backup", "", "back to line 7, lines 8–9 were lost"],
        ["Records restored from a backup", "", "back to line 9, nothing was lost"],
        ["Records restored from a backup", "", "back to line 9, what was lost is not known"],
    ]
    assert figures(desk, made) == {"baselines": 1, "register": 2, "restores": 3}


def test_a_round_signed_against_the_clock_is_listed_with_the_reason(desk: Desk) -> None:
    begun = moment("2026-10-05 08:30")
    walked = rounds.start_round(desk, ZHANG, begun)
    answer(desk, walked.round.id, begun)
    sign_in(desk.store, "li", PASSWORD, "tty1", begun + 5 * DAY)
    signing.sign_round(desk, ZHANG, walked.round.id, PASSWORD, begun + HOUR, "the clock was a week ahead")
    made = report(desk, OCTOBER, END)
    assert acts(made) == ["Round signed"]
    assert row_of(audit_page(made), f"round:{walked.round.id}")[6] == (
        "although the clock stood before the newest record: the clock was a week ahead"
    )


def test_the_facts_of_every_round_are_those_its_own_page_tells(desk: Desk) -> None:
    begun = moment("2026-10-05 08:30")
    walked = [walk(desk, begun + day * DAY, temperature="22.5") for day in range(6)]
    made = report(desk, OCTOBER, END)
    told = {one.slot.record: one.facts for one in made.audit.honesty}
    assert told == {f"round:{one.id}": facts for one in walked if (facts := honesty_of(desk, one.id).facts)}
    assert {fact.code for facts in told.values() for fact in facts} == {FactCode.SAME_NUMBERS}
    page = audit_page(made)
    row = row_of(page, f"round:{walked[4].id}")
    assert row[:3] == [begun + 4 * DAY, "Daily round", "Zhang Wei"]
    assert "Temperature: 22.5 was typed on 5 days running." in str(row[3])
    assert figures(desk, made)["honesty"] == sum(len(facts) for facts in told.values())
