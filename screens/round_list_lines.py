"""The rows of the round list as lines of text: what is owed, and what became of the rounds of the last days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rich.cells import cell_len

from dutyroom import show, words
from dutyroom.board import Board, DutyState
from dutyroom.model.checklist import Words
from dutyroom.model.room import RoomRecords
from dutyroom.model.rounds import Mark, OwedState, Round, RoundOwed, RoundState
from dutyroom.model.site import Site
from dutyroom.words import _
from screens.flow import flowing
from screens.widgets.lines import Line, Run, pad, spread

# (checklist, when it was due): what a row is, whatever becomes of it.
SlotKey = tuple[str, datetime]

_OWED = (OwedState.DUE, OwedState.LATE, OwedState.OPEN)
_SIGNED = (RoundState.SIGNED, RoundState.APPROVED)
_IN_DUTY = {
    DutyState.DUE: OwedState.DUE,
    DutyState.LATE: OwedState.LATE,
    DutyState.OPEN: OwedState.OPEN,
    DutyState.DONE: OwedState.DONE,
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One row: a slot that is owed, or a round whose walk is over (then `owed` is None)."""

    checklist: str
    due_at: datetime
    owed: RoundOwed | None = None
    round: Round | None = None

    @property
    def key(self) -> SlotKey:
        """What the cursor keeps to."""
        return (self.checklist, self.due_at)


@dataclass(frozen=True, slots=True)
class ListSight:
    """What the lines are made from, besides the rows. `names` are the checklists in force, `keys` the keys as remapped.

    `person` gives what people call an operator.
    """

    site: Site
    now: datetime
    width: int
    names: Mapping[str, Words] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    person: Callable[[str | None], str] = lambda name: name or ""


def owed_now(board: Board, records: RoomRecords | None) -> tuple[RoundOwed, ...]:
    """The slots around now, the most pressing first; where only the daily round is known, that one."""
    if records is not None and records.owed:
        return records.owed
    duty, slot = board.duty, board.duty.slot
    state = _IN_DUTY[duty.state]
    return (
        RoundOwed(
            duty.checklist.name, slot.due_at, slot.due_on, slot.opens_at, slot.late_after, slot.late_after, state,
            duty.round, duty.answered, duty.lines,
        ),
    )  # fmt: skip


def slots_of(owed: Sequence[RoundOwed], lately: Sequence[Round]) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
    """What is owed, in the order given, and what is over, newest first. No slot stands in both."""
    mine = tuple(Slot(one.checklist, one.due_at, one, one.round) for one in owed if one.state in _OWED)
    known = {slot.key for slot in mine}
    over = {(one.checklist, one.due_at): one for one in lately}
    # A round signed a moment ago may be known to the board before the list of the last days is read again.
    over |= {(one.checklist, one.due_at): one.round for one in owed if one.state not in _OWED and one.round is not None}
    closed = [Slot(name, due, None, found) for (name, due), found in over.items() if (name, due) not in known]
    return mine, tuple(sorted(closed, key=lambda slot: slot.due_at, reverse=True))


def lines_of(
    owed: Sequence[Slot], over: Sequence[Slot], at: SlotKey | None, sight: ListSight
) -> tuple[list[Line], dict[SlotKey, int]]:
    """The lines, and on which line each row stands."""
    lines: list[Line] = []
    places: dict[SlotKey, int] = {}
    names = [name_of(slot.checklist, sight) for slot in (*owed, *over)]
    column = min(24, max((cell_len(name) for name in names), default=0))
    now = tuple(slot for slot in owed if not is_to_come(slot, sight.now))
    coming = tuple(slot for slot in owed if is_to_come(slot, sight.now))
    for title, slots in ((_("Owed"), now), (_("To come"), coming), (_("The last {n} days").format(n=DAYS), over)):
        if not slots and slots is not now:
            continue
        lines.append(((f" {title}", "key"),))
        if not slots:
            lines.append((("   ✓ ", "ok"), (_("Nothing is owed now."), "")))
        for slot in slots:
            here = slot.key == at
            places[slot.key] = len(lines)
            lines.append(_row(slot, column, sight, here=here))
    return lines, places


DAYS = 14


def is_to_come(slot: Slot, now: datetime) -> bool:
    """True for a slot whose round may not begin yet."""
    return slot.owed is not None and slot.round is None and slot.owed.opens_at > now


def name_of(checklist: str, sight: ListSight) -> str:
    """A checklist in the language in force; one that is not in force any more by its file name."""
    found = sight.names.get(checklist)
    return words.choose(found.en, found.zh) if found is not None else checklist


def cells_of(slot: Slot, sight: ListSight) -> tuple[str, ...]:
    """The row as plain text: when due, which checklist, what became of it."""
    return (
        show.moment(slot.due_at, sight.site.timezone),
        name_of(slot.checklist, sight),
        *("".join(text for text, _role in runs).strip() for runs in (_progress(slot), _told(slot, sight))),
    )


def _row(slot: Slot, column: int, sight: ListSight, *, here: bool) -> Line:
    left: Line = (
        (" ▸ " if here else "   ", "key"),
        symbol(slot),
        (pad(name_of(slot.checklist, sight), column) + "  ", "cursor" if here else "strong" if slot.owed else ""),
        *_progress(slot),
    )
    return spread(left, (*_told(slot, sight), (" ", "")), sight.width)


def symbol(slot: Slot) -> Run:
    """How the round stands, without colour."""
    if slot.owed is not None:
        if slot.owed.state is OwedState.LATE:
            return ("! ", "attention")
        return ("… ", "key") if slot.owed.state is OwedState.OPEN else ("· ", "key")
    found = slot.round
    if found is not None and found.state in _SIGNED:
        return ("! ", "attention") if found.abnormal else ("✓ ", "ok")
    return ("✗ ", "fault") if found is not None and found.state is RoundState.MISSED else ("– ", "dim")


def _progress(slot: Slot) -> tuple[Run, ...]:
    if slot.owed is not None:
        return ((f"{slot.owed.answered}/{slot.owed.lines}  ", ""),) if slot.owed.state is OwedState.OPEN else ()
    found = slot.round
    if found is not None and found.state in _SIGNED and found.abnormal:
        return ((_("{n} abnormal").format(n=found.abnormal) + "  ", "attention"),)
    return ()


def _told(slot: Slot, sight: ListSight) -> tuple[Run, ...]:
    """When it is or was due and how it ended, at the end of the row."""
    owed, found, now = slot.owed, slot.round, sight.now
    if owed is not None:
        if owed.state is OwedState.LATE or now > owed.late_after:
            return ((_("late since {at}").format(at=when(owed.late_after, sight)), "attention"),)
        return ((_("due {at}").format(at=when(owed.due_at, sight)), ""),)
    if found is None:
        return ()
    marks = "".join(f" · {show.mark(mark)}" for mark in found.marks)
    told = when(slot.due_at, sight) + " · " + show.round_state(found.state)
    who = found.signed_by or found.closed_by
    named = f" · {sight.person(who)}" if who and sight.width >= WIDE else ""
    role = "attention" if found.marks and Mark.AMENDED not in found.marks else "dim"
    return ((told, "fault" if found.state is RoundState.MISSED else ""), (marks, role), (named, "dim"))


WIDE = 70


def when(at: datetime, sight: ListSight) -> str:
    """The time of day, with the day when that is not today."""
    zone = sight.site.timezone
    local, time = at.astimezone(zone).date(), show.time_of_day(at, zone)
    return time if local == sight.now.astimezone(zone).date() else f"{show.day(local)} {time}"


def details_of(slot: Slot, sight: ListSight) -> list[Line]:
    """All about the row of the cursor: its times, and the keys that do something with it."""
    owed, found = slot.owed, slot.round
    lines: list[Line] = [((f" {name_of(slot.checklist, sight)} {when(slot.due_at, sight)}", "strong"),)]
    if owed is not None:
        told = [
            _("may start {at}").format(at=when(owed.opens_at, sight)),
            _("due {at}").format(at=when(owed.due_at, sight)),
            _("late after {at}").format(at=when(owed.late_after, sight)),
        ]
        if owed.missed_after > owed.late_after:
            told.append(_("missed after {at}").format(at=when(owed.missed_after, sight)))
        begun = _("begun by {who} {at}")
        if found is not None and found.started_at is not None:
            told = [begun.format(who=sight.person(found.started_by), at=when(found.started_at, sight)), *told[2:]]
        lines += flowing(" · ".join(told), sight.width - 1, "dim", indent=1)
        does = _("{open} goes on with it") if found is not None else _("{open} starts it")
        if is_to_come(slot, sight.now):
            return lines
    else:
        does = _("{open} opens it to read")
        lines += _ended(found, sight) if found is not None else []
    keys = does.format(**sight.keys)
    if may_be_typed_in(slot, sight.now):
        keys += " · " + _("{paper} types it in from paper").format(**sight.keys)
    return [*lines, ((f" {keys}", "key"),)]


def may_be_typed_in(slot: Slot, now: datetime) -> bool:
    """True for a round that was missed, and for one that may be walked and was not begun here."""
    if slot.round is not None:
        return slot.round.state is RoundState.MISSED
    return slot.owed is not None and not is_to_come(slot, now)


def _ended(found: Round, sight: ListSight) -> list[Line]:
    """How a round ended, in words."""
    if found.signed_at is not None:
        told = _("signed by {who} {at}").format(who=sight.person(found.signed_by), at=when(found.signed_at, sight))
        if found.approved_at is not None:
            told += " · " + _("approved by {who} {at}").format(
                who=sight.person(found.approved_by), at=when(found.approved_at, sight)
            )
        return flowing(told, sight.width - 1, "dim", indent=1)
    if found.skip_note:
        return flowing(f"“{found.skip_note}”", sight.width - 1, "dim", indent=1)
    return []
