"""One round of questions to a NUT server: sent together, answered in order, each answer matched to its question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dutyroom.clock import monotonic
from dutyroom.sources.nut_errors import NutClosed, NutError, NutProtocol, NutServerError, NutTimeout
from dutyroom.sources.nut_wire import UPSES, Connection, Misplaced, Question, Wire

# The share of its time that an answer may take while others wait behind it; then they go first, on a new connection.
PATIENCE = 0.3

Answer = dict[str, str] | NutError


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question, until when (`clock.monotonic()`), and who is told: rows by name, or the error. Told once."""

    question: Question
    until: float
    told: Callable[[Answer], None]


class Round:
    """One group of questions sent together on one connection.

    Afterwards every one of the group is told, or in `unasked` (innocent, to be asked again), or in `doubted` (to be
    asked again alone). `fault` is what ended the round early; `starved` is a doubted one of which not a byte came
    although what was sent before it was answered.
    """

    def __init__(self, connection: Connection, suspects: set[bytes], group: list[Asked], *, has_more: bool) -> None:
        """`suspects` are the words of questions that failed, kept by the caller; `has_more`: others wait behind."""
        self._connection = connection
        self._suspects = suspects
        self._group = group
        self._has_more = has_more
        self._held: list[tuple[Asked, Answer]] = []
        self.unasked: list[Asked] = []
        self.doubted: list[Asked] = []
        self.answered = 0
        self.fault: NutError | None = None
        self.starved: Asked | None = None

    def run(self) -> None:
        """Asks. A connection that died while idle (upsd restarted) or carries what was not asked is replaced."""
        self._leave_out_the_late()
        while self._group:
            try:
                wire, reused = self._connection.wire(max(one.until for one in self._group))
            except NutError as fault:
                self._fail_all(fault)
                return
            before = wire.received
            if (place := self._read(wire, may_lag=reused)) is None:
                return
            self._connection.drop()
            died_idle = isinstance(self.fault, NutClosed) and wire.received == before
            if place == 0 and reused and (died_idle or isinstance(self.fault, Misplaced)):
                self.fault = None
                self._held.clear()
                continue
            self._fail(place, self.fault or NutClosed("the server closed the connection"), wire)
            return

    def _leave_out_the_late(self) -> None:
        now = monotonic()
        for one in self._group:
            if one.until <= now:
                one.told(NutTimeout("no time was left to ask"))
        self._group = [one for one in self._group if one.until > now]

    def _read(self, wire: Wire, *, may_lag: bool) -> int | None:
        """Sends and reads the answers; the place of the one that failed (its error in `fault`), None when all came.

        `may_lag`: the connection is one of before, on which something may still be under way.
        """
        place = 0
        try:
            wire.send([one.question for one in self._group], max(one.until for one in self._group))
            for place, one in enumerate(self._group):
                try:
                    answer: Answer = wire.answer(one.question, self._limit(place))
                except NutServerError as refusal:
                    # An ERR names no question: it counts once the next answer shows that the stream is in step.
                    self._held.append((one, refusal))
                    continue
                self._tell_held()
                if place < len(self._group) - 1:
                    self._tell(one, answer)
                else:
                    self._held.append((one, answer))
            if (may_lag or place > 0) and any(isinstance(answer, NutError) for _, answer in self._held):
                self._see_in_step(wire)
            wire.expect_silence()
            self._tell_held()
        except NutError as fault:
            self.fault = fault
            return place
        except BaseException:
            self._connection.drop()
            raise
        return None

    def _see_in_step(self, wire: Wire) -> None:
        """Asks one thing more, whose answer shows that the ERR before it was not one too many."""
        until = self._limit(len(self._group) - 1)
        wire.send([UPSES], until)
        try:
            wire.answer(UPSES, until)
        except NutServerError:
            pass  # a server that lets nobody read refuses this too

    def _limit(self, place: int) -> float:
        """Until when the answer at this place may take: not all the time there is while others wait behind it."""
        until = self._group[place].until
        if place == len(self._group) - 1 and not self._has_more:
            return until
        now = monotonic()
        return now + (until - now) * PATIENCE

    def _tell(self, one: Asked, answer: Answer) -> None:
        self.answered += 1
        self._suspects.discard(one.question.words)
        one.told(answer)

    def _tell_held(self) -> None:
        for one, answer in self._held:
            self._tell(one, answer)
        self._held.clear()

    def _fail_all(self, fault: NutError) -> None:
        """There is no connection to ask on. What came unasked on an old one is the fault of none of several."""
        self.fault = fault
        if isinstance(fault, NutProtocol) and len(self._group) > 1:
            self.unasked = self._group
            return
        for one in self._group:
            one.told(type(fault)(str(fault)))

    def _fail(self, place: int, fault: NutError, wire: Wire) -> None:
        """Sorts the group by what the fault at this place means for each of them."""
        self.fault = fault
        one = self._group[place]
        self.unasked = self._group[place + 1 :]
        self._suspects.add(one.question.words)
        together = len(self._group) > 1
        held = [other for other, _ in self._held]
        self._held.clear()
        if together:
            self.doubted += [other for other in held if other is not one]
        # Together the fault may be another's: what went before, or an answer that only came too late for its share.
        not_its_own = not wire.in_answer and place > 0
        late = isinstance(fault, NutTimeout) and monotonic() < one.until
        if together and (one in held or late or (not_its_own and isinstance(fault, NutClosed | Misplaced))):
            self.doubted.append(one)
            self.starved = one if late and not_its_own else None
        else:
            one.told(fault)
