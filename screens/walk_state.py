"""Where a person is in a walk: cursor, what is typed, what is folded, what is being saved. No terminal here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from dutyroom.duty.answering import accept
from dutyroom.duty.answers import Given
from dutyroom.duty.walks import Walk
from dutyroom.model.checklist import ItemKind, Mode, WalkLine
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import NORMAL, Entry
from dutyroom.rules.live import LiveValue
from screens.walk_finding import FindingChoice
from screens.walk_stops import Key, Row, Stop, fold_of, is_open, next_open, rows_of, stops_of

# What a keyboard or an input method sends for a figure of a number.
FIGURES = {**{str(n): str(n) for n in range(10)}, **{chr(0xFF10 + n): str(n) for n in range(10)}}
POINTS = {".", "。", "．"}


@dataclass(slots=True)
class WalkState:
    """The state of one walk on the screen.

    `walk` is what is on the disk; `saving` holds what is on its way there (an entry without an answer: a line being
    opened again). `finding` is what is asked about the answer under the cursor, after it was found not normal.
    """

    walk: Walk
    lives: dict[Key, LiveValue | None] = field(default_factory=dict)
    opened: set[Key] = field(default_factory=set)
    saving: dict[Key, Entry] = field(default_factory=dict)
    answered: list[Key] = field(default_factory=list)
    drafts: dict[Key, str] = field(default_factory=dict)
    cursor: Key = ("", "")
    typed: str = ""
    chosen: int = -1
    finding: FindingChoice | None = None

    def rows(self) -> list[Row]:
        """The rows now: a line that hangs on an answer comes and goes with it, before that is on the disk."""
        return rows_of(replace(self.walk, lines=self.ahead().lines), self.lives, self.opened, self.cursor)

    def ahead(self) -> Walk:
        """The walk as it will stand when everything on its way is on the disk."""
        walk = self.walk
        for entry in self.saving.values():
            walk = walk.with_entry(entry)
        return walk

    def arrived(self, entries: Iterable[Entry]) -> None:
        """These are on their way no longer; what was given for the same line later still is."""
        for entry in entries:
            if self.saving.get(entry.key) is entry:
                del self.saving[entry.key]

    def forget(self, key: Key) -> None:
        """A line that was opened again, or whose answer could not be stored, is not what was answered last."""
        self.answered = [other for other in self.answered if other != key]

    def stops(self) -> list[Stop]:
        """Where the cursor can stand now."""
        return stops_of(self.rows())

    def here(self) -> Stop | None:
        """The stop under the cursor; one that was folded away gives its place to its device, a device without
        folded lines to the first of them."""
        stops = self.stops()
        found = next((stop for stop in stops if stop.key == self.cursor), None)
        if found is None:
            found = next((stop for stop in stops if any(line.key == self.cursor for line in stop.folded)), None)
        if found is None:
            found = next((stop for stop in stops if stop.line is not None and fold_of(stop.line) == self.cursor), None)
        if found is None and stops:
            found = next((stop for stop in stops if is_open(self.walk, stop)), stops[0])
        if found is not None and found.key != self.cursor:
            self.stand(found.key)
        return found

    def stand(self, key: Key) -> None:
        """Puts the cursor somewhere; a number half typed is dropped, which finding it is may be said later."""
        self.cursor, self.typed, self.chosen = key, "", -1
        if self.finding is not None and self.finding.entry.key != key:
            self.finding = None

    def move(self, by: int) -> None:
        """Moves the cursor by stops, to the first or last at most."""
        stops, here = self.stops(), self.here()
        if here is not None:
            position = stops.index(here) + by
            self.stand(stops[max(0, min(len(stops) - 1, position))].key)

    def go_on(self) -> bool:
        """Moves to the next open stop; False when everything is answered."""
        found = next_open(self.ahead(), self.stops(), self.cursor)
        if found is None:
            return False
        self.stand(found.key)
        return True

    def type(self, character: str) -> bool:
        """Takes a figure or a point for the number of this line. False when that does not belong here."""
        figure = FIGURES.get(character) or ("." if character in POINTS else None)
        here = self.here()
        if figure is None or here is None or here.line is None:
            return False
        if not takes_number(here.line) and not takes_table(here.line):
            return False
        number = self.typed.rpartition(" ")[2]
        if len(number) < 12 and not (figure == "." and "." in number):
            self.typed += figure
        return True

    def next_cell(self, line: WalkLine) -> bool:
        """Goes to the next number of a table; False when the last one is typed, or nothing since the one before."""
        if not takes_table(line) or not self.typed or self.typed.endswith(" "):
            return False
        if line.item.cells and len(self.typed.split()) >= line.item.cells:
            return False
        self.typed += " "
        return True

    def choice_by_digit(self, character: str) -> str | None:
        """The choice a digit stands for on this line, or None."""
        here = self.here()
        if here is None or here.line is None or here.line.item.kind is ItemKind.CHECK:
            return None
        position = int(FIGURES.get(character, "0")) - 1
        choices = here.line.item.choices
        return choices[position].value if 0 <= position < len(choices) else None

    def choose(self, by: int) -> None:
        """Moves among the choices of this line."""
        here = self.here()
        if here is not None and here.line is not None and here.line.item.kind is not ItemKind.CHECK:
            count = len(here.line.item.choices)
            if count:
                self.chosen = (self.chosen + by) % count if self.chosen >= 0 else (0 if by > 0 else count - 1)

    def begin_abnormal(self, line: WalkLine) -> None:
        """Where abnormal begins: the first choice that is not ok; on a number line the minus."""
        if takes_number(line):
            self.typed = self.typed or "-"
            return
        bad = (n for n, choice in enumerate(line.item.choices) if choice.verdict is not Verdict.OK)
        self.chosen = next(bad, -1)

    def taken(self, line: WalkLine) -> Given | None:
        """What enter stores on a line: the number typed, the choice chosen, or the live value that may be taken."""
        if self.typed:
            return self.given(line, self.typed.strip())
        if self.chosen >= 0:
            return self.given(line, line.item.choices[self.chosen].value)
        live = self.lives.get(line.key)
        if live is None or line.item.mode is not Mode.ACCEPT:
            return None
        return accept(live, self.drafts.get(line.key, ""))

    def undoable(self) -> WalkLine | None:
        """The line under the cursor when it is answered, else the one answered last, else None.

        An answer counts from the moment it was given, not only when it is on the disk.
        """
        here = self.here()
        if here is not None and here.line is not None and self.ahead().entry(here.line) is not None:
            return here.line
        last = self.answered[-1] if self.answered else None
        return next((line for line in self.walk.lines if line.key == last), None)

    def given(self, line: WalkLine, answer: str, note: str = "") -> Given:
        """An answer by hand, with the live value that stands beside it and the note drafted before."""
        return Given(answer, note or self.drafts.get(line.key, ""), self.lives.get(line.key))


def takes_number(line: WalkLine) -> bool:
    """True for a line answered by a number."""
    return line.item.kind in (ItemKind.NUMBER, ItemKind.COMPUTED) and not line.item.choices


def takes_table(line: WalkLine) -> bool:
    """True for a line answered by several numbers."""
    return line.item.kind is ItemKind.TABLE


def normal_answer(line: WalkLine) -> str | None:
    """What the key for normal means on a line: the check is normal, the first choice that is ok, nothing to remark.

    None for numbers: they have to be typed or taken.
    """
    if takes_number(line) or takes_table(line):
        return None
    if line.item.kind in (ItemKind.CHECK, ItemKind.TEXT):
        return NORMAL
    return next((choice.value for choice in line.item.choices if choice.verdict is Verdict.OK), None)
