"""The tables of outages, power events, discharge tests and days, over one grid of columns."""

from __future__ import annotations

from dutyroom import discharge_words, outage_record_words, outage_words, show
from dutyroom.model.outage import EventState, Phase
from dutyroom.model.reading import HoldVerdict
from dutyroom.model.runtime import DischargeTest, TestState
from dutyroom.report.facts.outages import EventFact, OutageFact, OutageFacts, minutes
from dutyroom.report.figure import ids
from dutyroom.report.frame import Frame
from dutyroom.report.list_page import ListRow, Shown
from dutyroom.report.tables_page import Table
from dutyroom.rules.event_clocks import EventClock
from dutyroom.words import _

GRID = (5.0, 16.5, 7.0, 15.5, 11.5, 8.5, 8.5, 8.5, 8.0, 7.5, 8.5, 8.5, 10.0, 8.5, 9.5, 8.5, 10.5, 39.5)
"""Widths of the columns that all tables of the sheet share."""


def outage_table(frame: Frame, facts: OutageFacts) -> Table:
    """One row an outage of one UPS."""
    columns = [
        *((_("No."), 1), (_("UPS"), 1), (_("Power event"), 1), (_("Began"), 1), (_("Ended"), 1)),
        *((_("Duration, min"), 1), (_("On battery, min"), 1), (_("Transfers"), 1)),
        *((_("Lowest charge, %"), 1), (_("Load, %"), 1)),
        *((_("Told at the start, min"), 1), (_("of it until low, min"), 1), (_("It rests on"), 1)),
        *((_("Really held, min"), 1), (_("Is it known?"), 1), (_("Difference, min"), 1)),
        *((_("Hold time"), 1), (_("Course, and what ended it"), 1)),
    ]
    note = _(
        "On battery: inside the period, from each change to battery until mains was back, out of sight included. "
        "Really held: the time on battery until the battery was low; where mains came back first, at least the time on "
        "battery. Difference: what it held less what was told until low (until empty where that was not told). "
        "Of an outage nobody watched, began and ended are those of the time without a watch."
    )
    return Table(_("Outages"), columns, [_outage(frame, one) for one in facts.outages], note)


def _outage(frame: Frame, one: OutageFact) -> ListRow:
    outage, proof = one.outage, one.proof
    basis = outage_words.basis(outage.estimate_basis) if outage.estimate_basis is not None else None
    held = (_("until low") if one.is_held_known else _("at least")) if one.held_s is not None else show.NOTHING
    difference = minutes(one.difference_s)
    return ListRow(
        [
            (outage.id, "count"),
            (frame.site.label_of(outage.ups), "text strong"),
            (outage.event_id, "count"),
            (outage.began_at, "moment"),
            (outage.ended_at if outage.ended_at is not None else _("runs"), "moment short"),
            (minutes(one.duration_s), "number 1"),
            (minutes(one.in_period_s), "number 1"),
            (outage.transfers if not one.is_gap else None, "count"),
            (_rounded(one.lowest_percent), "number 0"),
            (_rounded(one.load_percent), "number 0"),
            (minutes(outage.estimate_at_start_s), "number 1"),
            (minutes(one.to_low_s), "number 1"),
            (basis, "text"),
            (minutes(one.held_s), "number 1"),
            (held, "centre"),
            (difference, "number 1 attention" if difference is not None and difference < 0 else "number 1"),
            # That a short outage proves nothing is no fault of the battery.
            (show.hold(proof.verdict), "verdict fault" if proof.verdict is HoldVerdict.SHORT else "centre"),
            (_course(frame, one), "text"),
        ],
        ids("outage", [outage.id]),
    )


def _course(frame: Frame, one: OutageFact) -> str:
    """The phases with their times, and what ended it; of one nobody watched the signs it left."""
    if one.is_gap:
        return _("Nobody watched; its length is not known. Signs: {signs}").format(
            signs=outage_record_words.signs(one.outage)
        )
    parts = [
        f"{show.time_of_day(phase.at, frame.zone)} {outage_record_words.phase(phase)}"
        for phase in one.phases
        if phase.phase is not Phase.RESTORED or phase is not one.phases[-1]
    ]
    if one.proof.ended_by is not None:
        when = show.time_of_day(one.outage.ended_at, frame.zone)
        parts.append(f"{when} {outage_record_words.ended(one.proof.ended_by)}")
    elif one.outage.ended_at is None:
        parts.append(_("runs at the cut-off"))
    return ", ".join(parts)


def event_table(frame: Frame, facts: OutageFacts) -> Table:
    """One row a power event: its clocks, what people did, the closing text."""
    columns = [
        *((_("No."), 1), (_("UPSes"), 2), (_("Began"), 1), (_("Mains back"), 1)),
        *((_("Contained, min (≤ 3)"), 1), (_("Reported, min (≤ 30)"), 1), (_("Authority, min (≤ 240)"), 1)),
        *((_("Calls"), 1), (_("answered"), 1), (_("Loads off"), 1), (_("Notes"), 1)),
        *((_("Contained by"), 2), (_("State"), 1), (_("Closed by"), 2), (_("Closing text"), 1)),
    ]
    note = _(
        "Minutes from the beginning of the power event; the clock of four hours to the authority runs for major events "
        "alone. Loads off: switched off at any time. No clock runs for what nobody watched."
    )
    return Table(_("Power events"), columns, [_event(frame, one) for one in facts.events], note)


def _event(frame: Frame, one: EventFact) -> ListRow:
    event, clocks = one.event, {clock.name: clock for clock in one.clocks}
    owed = event.state is EventState.RESTORED and not event.closing_text
    text = event.closing_text or (_("The closing text is owed.") if owed else "")
    return ListRow(
        [
            (event.id, "count"),
            (", ".join(frame.site.label_of(name) for name in one.ups), "text"),
            (event.began_at, "moment"),
            (event.restored_at if event.restored_at is not None else _("runs"), "moment short"),
            *(_clock(clocks.get(name)) for name in ("contained", "reported", "authority")),
            (one.calls, "count"),
            (one.answered, "count"),
            (len(one.shed), "count"),
            (one.notes, "count"),
            (frame.person(event.contained_by) or show.NOTHING, "text"),
            (_state(event.state), "centre"),
            (frame.person(event.closed_by) or show.NOTHING, "text"),
            (text, "text attention" if owed else "text"),
        ],
        ids("power-event", [event.id]),
    )


def _state(state: EventState) -> str:
    return {
        EventState.RUNNING: _("runs"),
        EventState.RESTORED: _("not closed"),
        EventState.CLOSED: _("closed"),
    }[state]


def _clock(clock: EventClock | None) -> Shown:
    """Minutes; of one that was not stamped that it is not done, or not needed."""
    if clock is None:
        return show.NOTHING, "centre"
    if clock.took_s is not None:
        return minutes(clock.took_s), "number 1 fault" if clock.is_late else "number 1"
    if not clock.needed:
        return _("not needed"), "mark"
    return _("not done"), "verdict fault" if clock.is_late else "centre"


def discharge_table(frame: Frame, facts: OutageFacts) -> Table:
    """One row a guided discharge test."""
    columns = [
        *((_("No."), 1), (_("UPS"), 2), (_("On battery from"), 1), (_("Ended"), 1)),
        *((_("Held, min"), 1), (_("Required, min"), 1), (_("Charge from, %"), 1), (_("to, %"), 1)),
        *((_("Load, %"), 1), (_("Stop at, %"), 1), (_("State"), 2), (_("Signed at"), 2), (_("Signed by"), 2)),
        (_("Why it ended, and note"), 1),
    ]
    note = _("Only a test that was signed by the cut-off is evidence for its battery.")
    return Table(_("Discharge tests"), columns, [_test(frame, one) for one in facts.tests], note)


def _test(frame: Frame, one: DischargeTest) -> ListRow:
    required_s = next((ups.hold_time_s for ups in frame.site.ups if ups.name == one.ups), None)
    why = discharge_words.why(one) if one.state is not TestState.RUNNING else ""
    return ListRow(
        [
            (one.id, "count"),
            (frame.site.label_of(one.ups), "text strong"),
            (one.began_at, "moment"),
            (one.ended_at if one.ended_at is not None else _("runs"), "moment short"),
            (minutes(one.held_s), "number 1"),
            (minutes(required_s), "number 0"),
            (_rounded(one.charge_from_percent), "number 0"),
            (_rounded(one.charge_to_percent), "number 0"),
            (_rounded(one.load_percent), "number 0"),
            (_rounded(one.stop_charge_percent), "number 0"),
            (discharge_words.state(one.state), "text"),
            (one.signed_at, "moment"),
            (frame.person(one.signed_by) or show.NOTHING, "text"),
            (". ".join(part for part in (why, one.note) if part), "text"),
        ],
        ids("discharge-test", [one.id]),
    )


def _rounded(value: float | None) -> float | None:
    return round(value, 1) if value is not None else None
