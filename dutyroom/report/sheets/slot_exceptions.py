"""The rounds that were not on time: skipped with reason and note, missed, late, typed in from paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from dutyroom import show
from dutyroom.model.rounds import Round
from dutyroom.report.facts.standing import SlotFact, SlotState
from dutyroom.report.frame import Frame
from dutyroom.report.page import Cell, height_of, height_of_texts
from dutyroom.report.report import Report
from dutyroom.report.sheets.paper_lines import Line, Placed, only_line
from dutyroom.report.sheets.slot_grid import DAY_WIDTH, RECORDS, TAIL, TAIL_WIDTH
from dutyroom.report.sheets.slot_marks import REASONS, STATE_WORDS, checklist_name, state_look
from dutyroom.words import _

NAME, STATE, BY, CLOSED, NOTE = 2, 9, 13, 18, 23
"""The first columns of the cells; each reaches to the next."""
NOTE_WIDTH = DAY_WIDTH * (TAIL - NOTE) + TAIL_WIDTH * 3
NAME_WIDTH = DAY_WIDTH * (STATE - NAME)


def exception_lines(report: Report) -> Iterator[Line]:
    """The head and then each row."""
    yield _head
    found = report.rounds.of(SlotState.SKIPPED, SlotState.MISSED, SlotState.LATE, SlotState.BACK_FILLED)
    if not found:
        yield partial(only_line, _("None: every round that was due was signed on time."))
    for slot in found:
        yield partial(_row, report.frame, slot)


def _head(row: int) -> Placed:
    labels = (
        (1, _("Due"), "head left"),
        (NAME, _("Checklist"), "head left"),
        (STATE, _("State"), "head"),
        (BY, _("By"), "head left"),
        (CLOSED, _("Signed, skipped or missed at"), "head"),
        (NOTE, _("Reason and note"), "head left"),
        (RECORDS, _("Records"), "head"),
    )
    ends = (*(column for column, _label, _look in labels[1:]), RECORDS + 1)
    head = [
        Cell(row, column, label, look, columns=end - column)
        for (column, label, look), end in zip(labels, ends, strict=True)
    ]
    return head, height_of(2, 9), {}


def _row(frame: Frame, slot: SlotFact, row: int) -> Placed:
    held = slot.round
    name = checklist_name(frame, slot.checklist, (held.version,) if held is not None else ())
    who = frame.person(held.signed_by or held.closed_by) if held is not None else ""
    at, note = _closed_at(held), _note(frame, held)
    cells = [
        Cell(row, 1, slot.due_at, "moment"),
        Cell(row, NAME, name, "text", columns=STATE - NAME),
        Cell(row, STATE, _(STATE_WORDS[slot.state]), state_look(slot.state), columns=BY - STATE),
        Cell(row, BY, who, "text", columns=CLOSED - BY),
        Cell(row, CLOSED, at, "moment", columns=NOTE - CLOSED),
        Cell(row, NOTE, note, "text", columns=RECORDS - NOTE),
        Cell(row, RECORDS, slot.record, "records"),
    ]
    texts = [(name, NAME_WIDTH), (who, DAY_WIDTH * (CLOSED - BY)), (note, NOTE_WIDTH)]
    return cells, height_of_texts(texts), {slot.record: row}


def _closed_at(held: Round | None) -> datetime | None:
    return (held.signed_at or held.closed_at) if held is not None else None


def _note(frame: Frame, held: Round | None) -> str:
    if held is None:
        return _("not on record; the time for it is over")
    if held.skip_reason is not None:
        return f"{_(REASONS[held.skip_reason])}: {held.skip_note or ''}"
    if held.paper_from is not None and held.paper_to is not None:
        begun, ended = (show.moment(one, frame.zone) for one in (held.paper_from, held.paper_to))
        return _("on paper from {begun} to {ended}").format(begun=begun, ended=ended)
    return ""
