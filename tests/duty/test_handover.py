"""Handover: the sheet says what the records say, two people sign it, and the new shift's rounds wait for that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from dutyroom import clock
from dutyroom.duty import findings, handover, power_events
from dutyroom.duty.desk import Desk
from dutyroom.duty.handover import Draft, HandoverRefused, Override, accept_handover, give_handover
from dutyroom.duty.handover_sheet import prepare_handover
from dutyroom.duty.roster import import_roster
from dutyroom.duty.rounds import start_round
from dutyroom.errors import NotAllowed, RoundRefused, SignInRefused, StoreError
from dutyroom.handover_words import facts as facts_of
from dutyroom.model.events import Event
from dutyroom.model.finding import Severity
from dutyroom.model.handover import Handover, HandoverEvent, HandoverOutage, HandoverState
from dutyroom.model.people import Actor, Role
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.model.site import Tool
from dutyroom.rules.plausibility import ups_facts
from dutyroom.store import events, ledger
from dutyroom.store.verify import verify
from dutyroom.watch.outages import OutageKeeper
from tests.desks import ACTOR as ZHANG
from tests.desks import NOW, PASSWORD
from tests.duty.test_roster import BEGAN, LEAD, MON, TUE, on_duty, staffed_desk

LI = Actor("li", Role.TECHNICIAN, "test")
AUDITOR = Actor("aud", Role.AUDITOR, "test")
HOUR = timedelta(hours=1)
# Tuesday 24 November, 07:50 in the room: ten minutes before the night hands over to the day.
BEFORE = datetime(2026, 11, 23, 23, 50, tzinfo=UTC)
NOTHING = Draft({})


def rostered(desk: Desk) -> None:
    """Li has the night to Tuesday, Zhang the day, Li the night again."""
    import_roster(desk, LEAD, {(MON, "night"): ("li",), (TUE, "day"): ("zhang",), (TUE, "night"): ("li",)}, BEGAN)


def finding(desk: Desk, severity: Severity, at: datetime = BEFORE) -> int:
    """A finding of that class."""
    return findings.find(desk, LEAD, severity, "something is wrong", at).id


def given(desk: Desk, at: datetime = BEFORE, by: Actor = LI) -> Handover:
    return give_handover(desk, by, PASSWORD, NOTHING, at)


def code_of(desk: Desk, act: str, *args: object) -> str:
    acts = {"give": give_handover, "accept": accept_handover}
    with pytest.raises(HandoverRefused) as caught:
        acts[act](desk, *args)  # type: ignore[operator]
    return caught.value.code


def test_the_sheet_is_assembled_from_the_records_and_frozen(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        desk = replace(desk, site=replace(desk.site, tools=(Tool("keys", 3), Tool("cards"))))
        rostered(desk)
        start_round(desk, LI, BEFORE)
        other, major = finding(desk, Severity.OTHER), finding(desk, Severity.CRITICAL, BEFORE - HOUR)
        over = finding(desk, Severity.CRITICAL)
        findings.done(desk, LI, over, "mended", BEFORE)
        findings.verify(desk, ZHANG, over, BEFORE)
        with desk.store.write() as session:
            events.add(session, [Event(BEFORE - HOUR, "ups-a", "on-battery"), Event(BEFORE, "ups-b", "on-battery")])
            events.add(session, [Event(BEFORE, "ups-b", "on-mains")])
        draft = Draft({"keys": 2, "cards": 7}, "  one key is with the DBA  ")
        one = give_handover(desk, LI, PASSWORD, draft, BEFORE)
        assert (one.from_day, one.from_shift, one.to_day, one.to_shift) == (MON, "night", TUE, "day")
        assert [found.id for found in one.sheet.findings] == [major, other]
        assert over not in [found.id for found in one.sheet.findings]
        assert [(outage.ups, outage.since) for outage in one.sheet.on_battery] == [("ups-a", BEFORE - HOUR)]
        assert (len(one.sheet.open_rounds), one.sheet.people) == (1, ("zhang",))
        assert [(c.name, c.expected, c.counted) for c in one.sheet.counts] == [("keys", 3, 2), ("cards", None, 7)]
        assert one.sheet.remarks == "one key is with the DBA"
        # What happens afterwards is not in it.
        findings.take(desk, LI, other, BEFORE + HOUR / 12)
        assert handover.one(desk, one.id) == one
        accepted = accept_handover(desk, ZHANG, one.id, PASSWORD, "", BEFORE + HOUR / 6)
        assert handover.one(desk, one.id) == accepted
        assert accepted.sheet == one.sheet
        with desk.store.read() as session:
            acts = [(line.act, line.actor) for line in ledger.lines(session, subject=f"handover:{one.id}")]
            assert acts == [("handover-give", "li"), ("handover-accept", "zhang")]
            assert verify(session).faults == ()


def test_the_sheet_names_the_outage_that_runs_and_the_event_whose_text_is_owed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with staffed_desk(tmp_path) as desk:
        rostered(desk)
        keeper = OutageKeeper(desk.site)
        for hours, ups, status in ((3, "ups-b", "OB"), (2, "ups-b", "OL"), (1.9, "ups-b", "OL"), (1, "ups-a", "OB")):
            for later_s in (0, 2):
                at = BEFORE - hours * HOUR + timedelta(seconds=later_s)
                facts = ups_facts({"ups.status": status, "input.voltage": "0" if status == "OB" else "230"})
                monkeypatch.setattr(clock, "now", lambda at=at: at)
                with desk.store.write() as session:
                    keeper.take(session, [Sample(ups, Kind.UPS, at, State.OK, ups=facts)])
        one = given(desk)
        stored = handover.one(desk, one.id)
        assert stored is not None
        assert stored.sheet.on_battery == (HandoverOutage("ups-a", BEFORE - HOUR, 2, 2),)
        assert stored.sheet.power_events == (HandoverEvent(1, BEFORE - 3 * HOUR, BEFORE - 2 * HOUR),)
        told = "\n".join(text for _, text in facts_of(stored.sheet, desk.site, str, lambda _number: ""))
        assert "UPS A since 2026-11-24 06:50, outage 2" in told
        assert "power event 1, 2026-11-24 04:50 – 2026-11-24 05:50: the closing text is owed" in told
        power_events.close(desk, LI, 1, "Fuse of the feeder.", BEFORE)
        assert prepare_handover(desk, BEFORE).sheet.power_events == ()
        assert handover.one(desk, one.id) == stored


def test_a_round_of_the_new_shift_begins_only_after_acceptance(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        rostered(desk)
        with pytest.raises(RoundRefused) as caught:
            start_round(desk, ZHANG, NOW)
        assert (caught.value.code, "not handed over" in str(caught.value)) == ("handover", True)
        one = given(desk, NOW)
        with pytest.raises(RoundRefused) as caught:
            start_round(desk, ZHANG, NOW)
        assert (caught.value.code, "not accepted" in str(caught.value)) == ("handover", True)
        duty = on_duty(desk, NOW)
        assert (duty.accepted, duty.handover_id) == (False, one.id)
        accept_handover(desk, ZHANG, one.id, PASSWORD, "", NOW)
        walk = start_round(desk, ZHANG, NOW)
        assert on_duty(desk, NOW).accepted is True
        # What was begun goes on, whatever the next shift does.
        assert start_round(desk, LI, NOW + 12 * HOUR).round.id == walk.round.id


def test_without_a_roster_rounds_begin_as_ever_and_a_handover_is_possible_all_the_same(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        one = given(desk, NOW)
        assert (one.to_day, one.to_shift, one.sheet.people) == (TUE, "day", ())
        start_round(desk, ZHANG, NOW)
        accept_handover(desk, ZHANG, one.id, PASSWORD, "", NOW)
        assert prepare_handover(desk, NOW).before.code == "day"


def test_the_first_shift_of_a_roster_has_nobody_to_take_over_from(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        # Imported in the middle of the day shift: the night before it was walked without one.
        import_roster(desk, LEAD, {(MON, "night"): ("li",), (TUE, "day"): ("zhang",)}, NOW)
        start_round(desk, ZHANG, NOW)


def test_the_same_people_in_two_shifts_hand_nothing_over(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        import_roster(desk, LEAD, {(MON, "night"): ("zhang",), (TUE, "day"): ("zhang",)}, BEGAN)
        start_round(desk, ZHANG, NOW)
        assert on_duty(desk, NOW).accepted is None


def test_a_late_round_of_the_old_shift_waits_for_no_later_handover(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        rostered(desk)
        accept_handover(desk, ZHANG, given(desk).id, PASSWORD, "", BEFORE)
        evening = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
        assert on_duty(desk, evening).accepted is False
        # Due at 08:30 in Zhang's shift, walked at 20:30.
        assert start_round(desk, ZHANG, evening).round.due_on == TUE


def test_who_accepts_early_has_the_duty_from_then_on(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        rostered(desk)
        one = given(desk)
        accept_handover(desk, ZHANG, one.id, PASSWORD, "", BEFORE)
        duty = on_duty(desk, BEFORE)
        assert duty.shift is not None
        assert (duty.shift.people, duty.accepted, duty.handover_id) == (("zhang",), True, one.id)
        assert code_of(desk, "give", LI, PASSWORD, NOTHING, BEFORE) == "accepted"


def test_who_gives_cannot_accept_and_both_need_their_own_password(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        rostered(desk)
        with pytest.raises(SignInRefused):
            give_handover(desk, LI, "wrong", NOTHING, BEFORE)
        one = given(desk)
        assert code_of(desk, "accept", LI, one.id, PASSWORD, "", BEFORE) == "same-person"
        with pytest.raises(SignInRefused):
            accept_handover(desk, ZHANG, one.id, "wrong", "", BEFORE)
        for actor in (AUDITOR, replace(ZHANG, role=Role.AUDITOR)):
            with pytest.raises(NotAllowed):
                give_handover(desk, actor, PASSWORD, NOTHING, BEFORE)
            with pytest.raises(NotAllowed):
                accept_handover(desk, actor, one.id, PASSWORD, "", BEFORE)
        found = handover.one(desk, one.id)
        assert found is not None
        assert found.state is HandoverState.GIVEN


def test_an_open_major_finding_forbids_it_until_a_lead_overrides_with_a_reason(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        rostered(desk)
        number = finding(desk, Severity.MAJOR)
        with pytest.raises(HandoverRefused) as caught:
            given(desk)
        assert (caught.value.code, f": {number}." in str(caught.value)) == ("major", True)
        refusals: list[tuple[Override, type[Exception]]] = [
            (Override("chen", PASSWORD, "  "), HandoverRefused),
            (Override("chen", "wrong", "both leads know"), SignInRefused),
            (Override("nobody", PASSWORD, "both leads know"), SignInRefused),
            (Override("zhang", PASSWORD, "both leads know"), NotAllowed),
        ]
        for override, error in refusals:
            with pytest.raises(error):
                give_handover(desk, LI, PASSWORD, NOTHING, BEFORE, override)
        assert handover.listed(desk) == ()
        one = give_handover(desk, LI, PASSWORD, NOTHING, BEFORE, Override("chen", PASSWORD, "both stay"))
        assert (one.override_by, one.override_reason, one.sheet.major) == ("chen", "both stay", (number,))
        accept_handover(desk, ZHANG, one.id, PASSWORD, "", BEFORE)
        with desk.store.read() as session:
            acts = [(line.act, line.actor, line.role) for line in ledger.lines(session, subject=f"handover:{one.id}")]
            assert acts == [
                ("handover-override", "chen", "lead"),
                ("handover-give", "li", "technician"),
                ("handover-accept", "zhang", "technician"),
            ]
            assert verify(session).faults == ()


def test_a_lead_who_was_not_needed_is_not_named(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        one = give_handover(desk, LI, PASSWORD, NOTHING, BEFORE, Override("chen", PASSWORD, "to be sure"))
        assert (one.override_by, one.override_reason) == (None, None)


def test_a_major_finding_that_came_up_since_forbids_the_acceptance(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        rostered(desk)
        finding(desk, Severity.MAJOR)
        one = give_handover(desk, LI, PASSWORD, NOTHING, BEFORE, Override("chen", PASSWORD, "both stay"))
        later = finding(desk, Severity.MAJOR, BEFORE + HOUR / 12)
        with pytest.raises(HandoverRefused) as caught:
            accept_handover(desk, ZHANG, one.id, PASSWORD, "", BEFORE)
        assert (caught.value.code, f": {later}." in str(caught.value)) == ("major", True)


def test_only_the_newest_sheet_of_a_shift_is_accepted_and_only_once(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        rostered(desk)
        first, second = given(desk), given(desk)
        assert code_of(desk, "accept", ZHANG, first.id, PASSWORD, "", BEFORE) == "superseded"
        assert code_of(desk, "accept", ZHANG, 99, PASSWORD, "", BEFORE) == "not-found"
        assert code_of(desk, "accept", ZHANG, second.id, PASSWORD, "", BEFORE + 13 * HOUR) == "over"
        accept_handover(desk, ZHANG, second.id, PASSWORD, "read it", BEFORE)
        assert code_of(desk, "accept", LEAD, second.id, PASSWORD, "", BEFORE) == "accepted"


def test_everything_is_counted_and_what_is_missing_is_explained(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        desk = replace(desk, site=replace(desk.site, tools=(Tool("keys", 3), Tool("radio", 1))))
        assert code_of(desk, "give", LI, PASSWORD, Draft({"keys": 3}), BEFORE) == "counts"
        assert code_of(desk, "give", LI, PASSWORD, Draft({"keys": 3, "radio": 0}), BEFORE) == "remarks"
        give_handover(desk, LI, PASSWORD, Draft({"keys": 3, "radio": 0}, "in repair"), BEFORE)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM handovers",
        "UPDATE handovers SET sheet = '{}'",
        "UPDATE handovers SET given_by = 'zhang'",
        "UPDATE handovers SET state = 'accepted'",
        "UPDATE handovers SET state = 'accepted', accepted_by = given_by",
        "UPDATE handovers SET override_by = 'chen'",
        "INSERT INTO handovers SELECT 9, from_day, from_shift, to_day, to_shift, given_at, given_by, sheet, 'accepted',"
        " given_at, 'zhang', '', NULL, NULL FROM handovers",
    ],
)
def test_the_store_itself_refuses_a_changed_sheet_and_a_signature_for_two(tmp_path: Path, sql: str) -> None:
    with staffed_desk(tmp_path) as desk:
        given(desk)
        with pytest.raises(StoreError) as caught, desk.store.write() as session:
            session.connection().exec_driver_sql(sql)
        assert caught.value.code == "sealed"


def test_an_accepted_handover_is_sealed(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        accept_handover(desk, ZHANG, given(desk).id, PASSWORD, "", BEFORE)
        with pytest.raises(StoreError) as caught, desk.store.write() as session:
            session.connection().exec_driver_sql("UPDATE handovers SET accept_note = 'x'")
        assert caught.value.code == "sealed"


@pytest.mark.parametrize(
    ("local", "pair"),
    [
        # In the first half of a shift the one before it is handed over, in the second half the shift itself.
        ("2026-11-24 09:00", ("night", "day")),
        ("2026-11-24 13:59", ("night", "day")),
        ("2026-11-24 14:00", ("day", "night")),
        ("2026-11-24 19:40", ("day", "night")),
        ("2026-11-24 20:10", ("day", "night")),
    ],
)
def test_without_a_roster_the_hour_says_which_shift_is_handed_over(
    tmp_path: Path, local: str, pair: tuple[str, str]
) -> None:
    at = datetime.fromisoformat(local + "+08:00").astimezone(UTC)
    with staffed_desk(tmp_path) as desk:
        found = prepare_handover(desk, at)
        assert (found.before.code, found.after.code, found.needed) == (*pair, False)


def test_a_handover_that_is_owed_stays_owed_until_it_is_accepted(tmp_path: Path) -> None:
    with staffed_desk(tmp_path) as desk:
        rostered(desk)
        late = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
        found = prepare_handover(desk, late)
        assert (found.before.day, found.after.day, found.needed) == (date(2026, 11, 23), TUE, True)
        accept_handover(desk, ZHANG, given(desk, late).id, PASSWORD, "", late)
        assert (prepare_handover(desk, late).before.code, prepare_handover(desk, late).needed) == ("day", True)
