"""The discharge tests of a UPS as lines of text: pure functions of what is known and a width in cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from zoneinfo import ZoneInfo

from rich.cells import cell_len

from dutyroom import discharge_words, show
from dutyroom.model.discharge_test import CheckState, StartCheck, TestNow, TestPage, TestPhase
from dutyroom.model.runtime import DischargeTest, TestState
from dutyroom.words import _
from screens.device_lines import NO_LINE, cut, section
from screens.flow import flowing
from screens.hold_lines import big
from screens.widgets.lines import Line, pad

_ROLES = {CheckState.CONFIRMED: "ok", CheckState.ASKED: "attention", CheckState.REFUSED: "fault"}
_PHASE_ROLES = {TestPhase.WAITING: "attention", TestPhase.DISCHARGING: "ok", TestPhase.LOST: "fault"}
_OUTSIDE = (TestState.RUNNING, TestState.ENDED)


def stop_lines(now: TestNow, width: int) -> list[Line]:
    """What is to be done at once, between two bars over the whole width; nothing while no stop criterion is met."""
    told = discharge_words.stop_now(now)
    if not told:
        return []
    bar: Line = (("█" * width, "fault"),)
    inner = max(1, width - 4)
    rows = flowing(told, inner, "fault")
    framed: list[Line] = [(("█ ", "fault"), (pad(row[0][0], inner), "fault"), (" █", "fault")) for row in rows]
    return [bar, *framed, bar, NO_LINE]


def running_lines(now: TestNow, label: str, zone: ZoneInfo, keys: Mapping[str, str], width: int) -> list[Line]:
    """A test that runs: what to do, the time held in large figures, and everything that is watched."""
    role = _PHASE_ROLES.get(now.phase, "dim")
    made = stop_lines(now, width)
    if now.phase is TestPhase.WAITING:
        made += flowing(discharge_words.begun(now.test, label), width, "strong")
        made.append(NO_LINE)
        return [*made, *_pairs(discharge_words.lines(now, label, zone), width)]
    digits = big(now.held_s or 0.0)
    left = max(cell_len(digit) for digit in digits) + 2
    beside = (
        discharge_words.phase(now.phase),
        _("held {time}, charge {charge}").format(
            time=show.duration(now.held_s), charge=show.percent(now.charge_percent)
        ),
        _("stop {when}").format(when=discharge_words.stop_at(now.test)),
    )
    rows = zip(digits, beside, (role, "strong", ""), strict=True)
    made += [cut((("  ", ""), (pad(digit, left), role), (text, one)), width) for digit, text, one in rows]
    made.append(NO_LINE)
    for name, told in discharge_words.alerts(now):
        made += flowing(f"{name}: {told}", width, "fault", indent=2)
    made += _pairs(discharge_words.watched(now)[2:], width)
    made.append(NO_LINE)
    return [*made, *flowing(_ending(keys), width, "dim")]


def _ending(keys: Mapping[str, str]) -> str:
    return _("It ends with the first reading back on mains; {give_up} gives it up, and it then proves nothing.").format(
        give_up=keys["give_up"]
    )


def ended_lines(now: TestNow, label: str, zone: ZoneInfo, keys: Mapping[str, str], width: int) -> list[Line]:
    """A test that is over and not signed: its result, and what to do with it."""
    told = _("{sign} signs the result: it is then evidence for this battery. {give_up} gives it up.").format(
        sign=keys["go_on"], give_up=keys["give_up"]
    )
    return [*flowing(told, width, "strong"), NO_LINE, *_pairs(discharge_words.lines(now, label, zone), width)]


def checklist_lines(
    checks: Sequence[StartCheck], ticked: Collection[str], at: int, keys: Mapping[str, str], width: int
) -> tuple[list[Line], int]:
    """The checklist of the next test, and the row of the line the cursor is on (-1 where nothing can be ticked)."""
    refused = any(one.state is CheckState.REFUSED for one in checks)
    if refused:
        told = _("Not now: what the readings contradict nobody can confirm.")
    else:
        told = _("{tick} confirms a line, {go_on} starts. dutyroom switches nothing, a person does so.").format(
            tick=keys["tick"], go_on=keys["go_on"]
        )
    made, cursor = flowing(told, width, "fault" if refused else "strong"), -1
    open_items = asked(checks)
    for one in checks:
        here = one in open_items and open_items.index(one) == at
        cursor = len(made) if here else cursor
        done = one.item.value in ticked
        sign = "✓" if done else discharge_words.check_sign(one)
        role = "ok" if done else _ROLES[one.state]
        rows = flowing(discharge_words.check_line(one), width - 4, "cursor" if here else "")
        made.append((("▸ " if here else "  ", "cursor" if here else ""), (f"{sign} ", role), *rows[0]))
        made += [(("    ", ""), *row) for row in rows[1:]]
    return made, cursor


def asked(checks: Sequence[StartCheck]) -> list[StartCheck]:
    """The lines only a person can confirm."""
    return [one for one in checks if one.state is CheckState.ASKED]


def earlier_lines(page: TestPage, zone: ZoneInfo, width: int) -> list[Line]:
    """Every test of this UPS that is signed or was given up, the newest first."""
    over = [one for one in page.tests if one.state not in _OUTSIDE]
    if not over:
        return [section(_("Earlier tests"), width), (("  " + _("No battery was tested yet."), "dim"),)]
    return [section(_("Earlier tests"), width), *(line for one in over for line in _earlier(one, zone, width))]


def _earlier(one: DischargeTest, zone: ZoneInfo, width: int) -> list[Line]:
    told = _("{at}  {held} held, {charges}, load {load}").format(
        at=show.moment(one.began_at or one.started_at, zone),
        held=show.duration(one.held_s),
        charges=discharge_words.charges(one),
        load=show.percent(one.load_percent),
    )
    proves = one.state is TestState.SIGNED
    more = _("{state}, {why}, {who}").format(
        state=discharge_words.state(one.state), why=discharge_words.why(one), who=one.signed_by or one.started_by
    )
    first = cut((("  ", ""), ("✓ " if proves else "– ", "ok" if proves else "dim"), (told, "")), width)
    return [first, *flowing(more, width, "dim", indent=4)]


def _pairs(lines: Sequence[tuple[str, str]], width: int) -> list[Line]:
    """What, and its value, in two columns."""
    left = max(cell_len(name) for name, _value in lines) + 4
    made: list[Line] = []
    for name, value in lines:
        first, *more = flowing(value, max(1, width - left), "") or [((("", ""),))]
        made.append((("  " + pad(name, left - 2), "dim"), *first))
        made += [((" " * left, ""), *row) for row in more]
    return made
