"""A month of rounds as a calendar, and the rounds of one day, as lines of text. Pure functions."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rich.cells import cell_len

from dutyroom import show
from dutyroom.model.rounds import Mark, Round, RoundState
from dutyroom.words import _
from screens.flow import flowing
from screens.widgets.lines import Line, Run, pad

WALKED = (RoundState.SIGNED, RoundState.APPROVED)
DAYS = 7


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month with its rounds by local day; `today` may lie outside of it."""

    year: int
    month: int
    rounds: Mapping[date, Sequence[Round]]
    today: date

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def weeks(self) -> list[list[date]]:
        """Weeks from Monday to Sunday, with the days of other months that complete them."""
        first = date(self.year, self.month, 1)
        monday = first - timedelta(days=first.weekday())
        count = ((self.last - monday).days // DAYS) + 1
        return [[monday + timedelta(days=DAYS * week + day) for day in range(DAYS)] for week in range(count)]


def sign_run(one: Round) -> Run:
    """A round as its sign in the colour of how it went; an exclamation mark where answers were not normal."""
    sign = show.round_sign(one.state, one.marks)
    if one.state is RoundState.MISSED:
        return (sign, "fault")
    if one.state in WALKED:
        if one.abnormal:
            return (sign + "!", "attention")
        return (sign, "attention" if Mark.LATE in one.marks or Mark.BACK_FILLED in one.marks else "ok")
    return (sign, "key" if one.state is RoundState.OPEN else "dim")


def calendar_lines(of: CalendarMonth, chosen: date, width: int, *, airy: bool) -> list[Line]:
    """The head with the weekdays, then one line a week (two when `airy`), as wide as there is room."""
    cell = max(4, (width - 1) // DAYS)
    names = [show.weekday(n) for n in range(DAYS)]
    lines: list[Line] = [tuple((pad(" " + name, cell), "dim") for name in names)]
    for week in of.weeks():
        runs: list[Run] = []
        for day in week:
            runs += _cell(of, day, cell, chosen=day == chosen)
        lines.append(tuple(runs))
        if airy:
            lines.append(())
    return lines


def day_at(of: CalendarMonth, row: int, column: int, width: int, *, airy: bool) -> date | None:
    """The day of a clicked cell; `row` 0 is the head. None beside the days of the month."""
    cell = max(4, (width - 1) // DAYS)
    week = (row - 1) // (2 if airy else 1)
    weeks = of.weeks()
    if row < 1 or week >= len(weeks) or column // cell >= DAYS:
        return None
    day = weeks[week][column // cell]
    return day if day.month == of.month else None


def _cell(of: CalendarMonth, day: date, width: int, *, chosen: bool) -> list[Run]:
    if day.month != of.month:
        return [(" " * width, "")]
    marker = "▸" if chosen else " "
    role = "cursor" if chosen else "strong" if day == of.today else ""
    head = f"{marker}{day.day:>2}"
    runs: list[Run] = [(head, role), (" ", "")]
    room = width - cell_len(head) - 2
    taken = 0
    signs = [sign_run(one) for one in of.rounds.get(day, ())]
    for n, (text, colour) in enumerate(signs):
        rest = len(signs) - n
        # Several of one day that have no room are counted, the most pressing stand first.
        if taken + cell_len(text) > room - (1 if rest > 1 else 0):
            more = f"+{rest}"
            if taken + cell_len(more) <= room + 1:
                runs.append((more, "attention"))
                taken += cell_len(more)
            break
        runs.append((text, colour))
        taken += cell_len(text)
    runs.append((" " * max(0, width - cell_len(head) - 1 - taken), ""))
    return runs


def pressing_first(rounds: Sequence[Round]) -> list[Round]:
    """Missed, open and not normal ones first, then in the order they were due."""
    return sorted(rounds, key=lambda one: (_rank(one), one.due_at, one.id))


def _rank(one: Round) -> int:
    if one.state is RoundState.MISSED:
        return 0
    if one.state in WALKED:
        return 2 if one.abnormal else 4
    return 1 if one.state is RoundState.OPEN else 3


def legend(width: int) -> list[Line]:
    """What the signs mean."""
    late, back_filled, missed, skipped = _("L B M S").split()
    text = _(
        "✓ signed  {late} late  {back_filled} back-filled  {missed} missed  {skipped} skipped  … open  ○ due"
        "  ! not normal  * amended"
    ).format(late=late, back_filled=back_filled, missed=missed, skipped=skipped)
    return flowing(text, width, "dim", most=2)
