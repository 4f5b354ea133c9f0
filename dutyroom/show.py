"""Every value as plain text in the language in force. No colour, no markup, nothing that ticks by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dutyroom import words
from dutyroom.model.checklist import Bounds, Item, ItemKind
from dutyroom.model.facts import Line
from dutyroom.model.people import Machine, Role
from dutyroom.model.reading import HoldVerdict, Origin, State, Verdict
from dutyroom.model.rounds import ABNORMAL, NORMAL, NOT_APPLICABLE, Mark, RoundState
from dutyroom.words import N_, _

NOTHING = "–"

_SYMBOLS = {
    Verdict.OK: "✓",
    Verdict.ATTENTION: "!",
    Verdict.FAULT: "✗",
    Verdict.UNKNOWN: "?",
    Verdict.NOT_INSTALLED: "–",
}
_VERDICTS = {
    Verdict.OK: N_("ok"),
    Verdict.ATTENTION: N_("attention"),
    Verdict.FAULT: N_("fault"),
    Verdict.UNKNOWN: N_("unknown"),
    Verdict.NOT_INSTALLED: N_("not installed"),
}
_STATES = {
    State.OK: N_("answers"),
    State.PARTIAL: N_("answers in part"),
    State.NEVER: N_("not asked yet"),
    State.WAIT: N_("waits for its driver"),
    State.STALE: N_("data is stale"),
    State.NO_DRIVER: N_("driver not connected"),
    State.DENIED: N_("access denied"),
    State.UNKNOWN_NAME: N_("unknown name"),
    State.TIMEOUT: N_("no answer"),
    State.AUTH: N_("wrong credentials"),
    State.UNREACHABLE: N_("unreachable"),
    State.PROTOCOL: N_("answers nonsense"),
}
_LINES = {Line.MAINS: N_("mains"), Line.BATTERY: N_("battery"), Line.UNKNOWN: N_("line unknown")}
_HOLDS = {
    HoldVerdict.MET: N_("met"),
    HoldVerdict.SHORT: N_("short"),
    HoldVerdict.NO_EVIDENCE: N_("no evidence"),
    HoldVerdict.EVIDENCE_OLD: N_("evidence old"),
}
_ROUND_STATES = {
    RoundState.DUE: N_("due"),
    RoundState.OPEN: N_("open"),
    RoundState.SIGNED: N_("signed"),
    RoundState.APPROVED: N_("approved"),
    RoundState.MISSED: N_("missed"),
    RoundState.SKIPPED: N_("skipped"),
}
_MARKS = {Mark.LATE: N_("late"), Mark.BACK_FILLED: N_("back-filled"), Mark.AMENDED: N_("amended")}
_ROLES = (N_("technician"), N_("lead"), N_("auditor"), N_("admin"))
_ORIGINS = {
    Origin.MEASURED: N_("measured"),
    Origin.TYPED: N_("typed"),
    Origin.TYPED_OVER_MEASURED: N_("typed over measured"),
}
_ANSWERS = {NORMAL: N_("normal"), ABNORMAL: N_("abnormal"), NOT_APPLICABLE: N_("n/a")}
_PART_STATES = {
    "ok": N_("ok"),
    "fault": N_("fault"),
    "not-installed": N_("not installed"),
    "attention": N_("attention"),
    "warning": N_("attention"),
    "off": N_("switched off"),
    "unknown": N_("unknown"),
}
_WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_MONTHS = (
    *(N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun")),
    *(N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec")),
)


def symbol(verdict: Verdict) -> str:
    """One character that says the verdict without colour."""
    return _SYMBOLS[verdict]


def verdict(value: Verdict) -> str:
    """The verdict as a word."""
    return _(_VERDICTS[value])


def state(value: State) -> str:
    """Whether the source answers, as words."""
    return _(_STATES[value])


def line(value: Line) -> str:
    """Mains, battery or unknown."""
    return _(_LINES[value])


def part_state(code: str) -> str:
    """The state of a fan or a power supply; of a code that has no words: unknown, with the code."""
    return _(_PART_STATES[code]) if code in _PART_STATES else f"{_('unknown')} ({code})"


def hold(value: HoldVerdict | None) -> str:
    """Whether the hold time is met."""
    return _(_HOLDS[value]) if value is not None else NOTHING


def round_state(value: RoundState) -> str:
    """Where a round is in its life."""
    return _(_ROUND_STATES[value])


def mark(value: Mark) -> str:
    """A mark of a round."""
    return _(_MARKS[value])


def round_sign(state: RoundState, marks: Sequence[Mark]) -> str:
    """One or two characters for a round in a calendar, as in the workbook; a star marks an amended one."""
    # One message, because a single letter means another thing elsewhere.
    late, back_filled, missed, skipped = _("L B M S").split()
    signs = {RoundState.DUE: "○", RoundState.OPEN: "…", RoundState.MISSED: missed, RoundState.SKIPPED: skipped}
    sign = signs.get(state)
    if sign is None:
        sign = back_filled if Mark.BACK_FILLED in marks else late if Mark.LATE in marks else "✓"
    return sign + ("*" if Mark.AMENDED in marks else "")


def role(value: Role | Machine) -> str:
    """What an operator may do, as a word."""
    if isinstance(value, Machine):
        return _("the watch")
    return _(_ROLES[tuple(Role).index(value)])


def origin(value: Origin) -> str:
    """How a value came to be."""
    return _(_ORIGINS[value])


def duration(seconds: float | None) -> str:
    """`5 h 12 m`, `4 m`, `11 s`, `2 d 3 h`; a dash for None. Rounded down: no time is promised that is not there."""
    if seconds is None:
        return NOTHING
    whole = max(0, int(seconds))
    days, hours, minutes = whole // 86400, whole % 86400 // 3600, whole % 3600 // 60
    if days:
        return _("{d} d {h} h").format(d=days, h=hours)
    if hours:
        return _("{h} h {m:02d} m").format(h=hours, m=minutes)
    return _("{m} m").format(m=minutes) if minutes else _("{s} s").format(s=whole)


def hours(seconds: float | None) -> str:
    """A required time: `6 h`, `90 m`."""
    if seconds is None:
        return NOTHING
    if seconds % 3600 == 0:
        return _("{h} h").format(h=int(seconds // 3600))
    return _("{m} m").format(m=int(seconds // 60))


def ago(seconds: float | None) -> str:
    """`4 s ago`; a dash for None."""
    return NOTHING if seconds is None else _("{duration} ago").format(duration=duration(seconds))


def number(value: float | None, unit: str = "") -> str:
    """The number with at most one decimal and its unit, or a dash."""
    if value is None:
        return NOTHING
    text = f"{value:.1f}".removesuffix(".0")
    return f"{text} {unit_name(unit)}" if unit else text


def percent(value: float | None) -> str:
    """`31 %`, or a dash."""
    return NOTHING if value is None else f"{value:.0f} %"


def bit_rate(bits_per_s: float | int | str | None) -> str:
    """`10 Gb/s`, `940 Mb/s`, `0 b/s`; a dash when it is not known."""
    if not isinstance(bits_per_s, int | float):
        return NOTHING
    for unit, size in (("Tb/s", 10**12), ("Gb/s", 10**9), ("Mb/s", 10**6), ("kb/s", 10**3)):
        if bits_per_s >= size:
            return f"{bits_per_s / size:.3g} {unit}"
    return f"{bits_per_s:.0f} b/s"


def bounds(value: Bounds | None) -> str:
    """`18–27`, or nothing."""
    return f"{value.low:g}–{value.high:g}" if value is not None else ""


def time_of_day(at: datetime | None, zone: ZoneInfo, *, seconds: bool = False) -> str:
    """Local time, `08:41` or `08:41:07`."""
    return NOTHING if at is None else at.astimezone(zone).strftime("%H:%M:%S" if seconds else "%H:%M")


def day(value: date) -> str:
    """`Tue 24 Nov`."""
    weekday, month = _(_WEEKDAYS[value.weekday()]), _(_MONTHS[value.month - 1])
    return _("{weekday} {day} {month}").format(weekday=weekday, day=value.day, month=month)


def weekday(number: int) -> str:
    """The short name of a day of the week; 0 is Monday."""
    return _(_WEEKDAYS[number])


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Local date and time, `2026-11-24 08:41`."""
    return NOTHING if at is None else at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def answer(item: Item, value: str | None) -> str:
    """An answer in words: the choice's words, normal/abnormal/n/a, the number with its unit, or the text."""
    if value is None:
        return ""
    choice = item.choice(value)
    if choice is not None:
        return words.choose(choice.words.en, choice.words.zh)
    if value in _ANSWERS:
        return _(_ANSWERS[value])
    if item.kind in (ItemKind.NUMBER, ItemKind.COMPUTED) and item.unit:
        return f"{value} {unit_name(item.unit)}"
    return value


def item_name(item: Item) -> str:
    """The item in the language in force."""
    return words.choose(item.words.en, item.words.zh)


def state_of_code(code: str) -> str:
    """The words of a state given as its code; the code itself when it is none."""
    return _(_STATES[State(code)]) if code in set(State) else code


def word_of_code(code: str) -> str:
    """The words of a state or verdict given as its code."""
    return _(_VERDICTS[Verdict(code)]) if code in set(Verdict) else state_of_code(code)


def unit_name(unit: str) -> str:
    """The unit in the language in force; one that is not a word of ours as it is."""
    return _(unit) if unit in _UNITS else unit


# Units that are words: the others (V, %, °C) are the same in every language.
_UNITS = {
    "min": N_("min"),
    "days": N_("days"),
    "ports": N_("ports"),
    "hosts": N_("hosts"),
    "items": N_("items"),
    "pkts": N_("pkts"),
}


class Params(dict[str, str]):
    """Parameters for a pattern; one that is missing is shown as unknown."""

    def __missing__(self, key: str) -> str:
        return NOTHING
