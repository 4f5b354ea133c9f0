"""The UPSes of a power event beside the worst one, as lines of text: pure functions of an OutageBoard and a width."""

from __future__ import annotations

from rich.cells import cell_len

from dutyroom import show
from dutyroom.model.reading import HoldVerdict
from dutyroom.outage_board import OutageBoard, Standing, UpsLine
from dutyroom.words import _
from screens.device_lines import NO_LINE, cut
from screens.outage_lines import HOLD_ROLES, left_words, long_watch, required_words, standing_words
from screens.widgets.lines import Line, Run, width_of


def other_lines(board: OutageBoard, width: int, most: int) -> list[Line]:
    """The other UPSes by the least time, side by side in at most `most` lines; how many more there are."""
    worst = board.worst
    others = [one for one in board.upses if one is not worst]
    rows: list[list[Run]] = [[(" ", "")]]
    for n, one in enumerate(others):
        part = _short(one)
        more = _("  +{n} more").format(n=len(others) - n)
        last = len(rows) == most
        # The last line keeps room for how many are not named.
        room = width - (cell_len(more) if last and n + 1 < len(others) else 0)
        if width_of((*rows[-1], *part)) > room and len(rows[-1]) > 1:
            if last:
                rows[-1].append((more, "dim"))
                break
            rows.append([(" ", "")])
        rows[-1] += part
    return [cut(tuple(row), width) for row in rows] if others else []


def _short(line: UpsLine) -> Line:
    name: Run = (f"{line.label} ", "strong")
    if line.standing in (Standing.RESTORED, Standing.OVER):
        return (name, (_("✓ mains back"), "ok"), ("   ", ""))
    mark: Run = ("✗ ", "fault") if line.is_critical else ("", "")
    left: Run = (f"{left_words(line)} ", "unknown" if line.left.seconds is None else "")
    lost: Run = ("", "")
    if line.standing is Standing.LOST:
        age = show.duration(line.age_s) if line.age_s is not None else ""
        lost = ("(" + _("no data {duration}").format(duration=age).strip() + ") ", "fault")
    return (mark, name, left, lost, hold_run(line), ("   ", ""))


def hold_run(line: UpsLine) -> Run:
    """The verdict in one word."""
    if line.verdict is HoldVerdict.SHORT:
        return (_("SHORT"), "fault")
    return (show.hold(line.verdict), HOLD_ROLES.get(line.verdict, "unknown"))


def ups_lines(board: OutageBoard, width: int) -> list[Line]:
    """Every UPS of the event, two lines each: how it stands, and how long it lasts or held."""
    lines: list[Line] = []
    for one in board.upses:
        state = standing_words(one) or (("  " + _("on battery"), "fault"),)
        since = long_watch(one.on_battery_s)
        lines.append(cut(((f" {one.label}", "strong"), *state, (f"  {since}", "")), width))
        charge = _("charge {percent}").format(percent=show.percent(one.charge_percent))
        load = _("load {percent}").format(percent=show.percent(one.load_percent))
        if one.standing in (Standing.RESTORED, Standing.OVER):
            lowest = _("lowest charge {percent}").format(percent=show.percent(one.lowest_charge_percent))
            held = _("held {duration}, required {hours}").format(
                duration=show.duration(one.on_battery_s), hours=show.hours(one.required_s)
            )
            lines.append(cut((("   ", ""), (held, ""), (f"  {lowest}  {load}", "dim")), width))
            continue
        left: Run = (_("{left} left").format(left=left_words(one)), "")
        lines.append(cut((("   ", ""), left, (f"  {charge}  {load}  ", "dim"), *required_words(one)), width))
    return lines or [NO_LINE]
