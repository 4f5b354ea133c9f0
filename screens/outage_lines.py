"""The head of the outage screen as lines of text: pure functions of an OutageBoard, the site and a width."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rich.cells import cell_len

from dutyroom import outage_words, show
from dutyroom.model.reading import HoldVerdict
from dutyroom.model.site import Site
from dutyroom.outage_board import OutageBoard, Standing, UpsLine
from dutyroom.rules.event_clocks import EventClock
from dutyroom.words import _
from screens.device_lines import cut
from screens.widgets.lines import Line, Run, pad

# A reading that is older than this is named with its age.
FRESH_S = 10.0
# The code of a candidate that only says the same again.
NOT_NEEDED = "not-needed"
HOLD_ROLES = {HoldVerdict.MET: "ok", HoldVerdict.SHORT: "fault"}


def stopwatch(seconds: float) -> str:
    """`2:05`, `1:02:05`: minutes and seconds that run."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def long_watch(seconds: float) -> str:
    """`00:07:32`."""
    whole = max(0, int(seconds))
    return f"{whole // 3600:02d}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


def restored_at(board: OutageBoard) -> datetime | None:
    """When mains was back everywhere (UTC); None while it is not."""
    return board.event.restored_at


def state_line(board: OutageBoard, site: Site, width: int) -> Line:
    """What has happened, since when, to how many; in the colours of an alarm while it runs."""
    began = show.time_of_day(board.event.began_at, site.timezone, seconds=True)
    if board.is_over:
        back = show.time_of_day(restored_at(board), site.timezone, seconds=True)
        text = " · ".join(
            (
                _("✓ MAINS BACK {time}").format(time=back),
                _("failed {time}, for {duration}").format(time=began, duration=long_watch(board.elapsed_s)),
                _("closing text owed"),
            )
        )
        return ((pad(f" {text}", width), "calm"),)
    if not board.on_battery:
        text = " ▓▓ ".join((_("✗ MAINS FAILED {time}").format(time=began), _back_everywhere(board)))
        return ((pad(f" {text}", width), "calm"),)
    counted = _("{n} of {m} UPS on battery").format(n=board.on_battery, m=board.of_total)
    text = " ▓▓ ".join(
        (
            _("✗ MAINS FAILED {time}").format(time=began),
            _("on battery {since}").format(since=long_watch(board.elapsed_s)),
            counted,
        )
    )
    return ((pad(f" {text}", width), "alarm"),)


def _back_everywhere(board: OutageBoard) -> str:
    return _("after {duration} mains is back on every UPS, not yet for a minute").format(
        duration=long_watch(board.elapsed_s)
    )


def banner(board: OutageBoard, site: Site, width: int, key: str) -> Line:
    """The same in one line for every other screen, with the least time left and the key of the outage screen."""
    began = show.time_of_day(board.event.began_at, site.timezone, seconds=True)
    if board.is_over:
        back = show.time_of_day(restored_at(board), site.timezone)
        text = _("! MAINS BACK {back}, failed {time} · the closing text is owed").format(back=back, time=began)
        return _with_key(text, key, width, "calm")
    if not board.on_battery:
        text = " · ".join((_("✗ MAINS FAILED {time}").format(time=began), _back_everywhere(board)))
        return _with_key(text, key, width, "calm")
    parts = [
        _("✗ MAINS FAILED {time}").format(time=began),
        _("on battery {since}").format(since=long_watch(board.elapsed_s)),
        _("{n} of {m} UPS").format(n=board.on_battery, m=board.of_total),
    ]
    if board.worst is not None:
        parts.append(_("left {left}").format(left=left_words(board.worst)))
    told = " · ".join(parts)
    if len(parts) > 3 and cell_len(told) + cell_len(key) + 5 > width:
        # How many there are goes before how long it lasts.
        told = " · ".join((*parts[:2], parts[3]))
    return _with_key(told, key, width, "alarm")


def _with_key(text: str, key: str, width: int, role: str) -> Line:
    told = f" [{key}] " if key else ""
    return ((pad(f" {text}", max(0, width - cell_len(told))) + told, role),)


def left_words(line: UpsLine) -> str:
    """`1 h 10 m`, `at least 40 m`, `unknown`."""
    if line.left.seconds is None:
        return _("unknown")
    left = show.duration(line.left.seconds)
    return _("at least {duration}").format(duration=left) if line.left.at_least else left


def figures_of(board: OutageBoard) -> tuple[str, str]:
    """What stands in large figures, and its role: the least time left, or how long it was when it is over."""
    if board.is_over:
        return _hours_minutes(board.elapsed_s), "ok"
    worst = board.worst
    if worst is None:
        return "", ""
    if worst.left.seconds is None:
        return "?", "unknown"
    text = ("≥" if worst.left.at_least else "") + _hours_minutes(worst.left.seconds)
    return text, "fault" if worst.is_critical else HOLD_ROLES.get(worst.verdict, "attention")


def _hours_minutes(seconds: float) -> str:
    minutes = max(0, int(seconds)) // 60
    return f"{minutes // 60}:{minutes % 60:02d}"


def beside_lines(board: OutageBoard, width: int) -> list[Line]:
    """What stands beside the large figures: whose time it is, against what, and on what it rests."""
    if board.is_over:
        return [cut(line, width) for line in _over_lines(board)]
    worst = board.worst
    if worst is None:
        text = _("Mains is back on every UPS; the outage is over when it has stood for a minute.")
        return [cut(((text, "ok"),), width)]
    lines = [_who(worst), _left(worst), (*required_words(worst),), (*basis_words(worst),)]
    return [cut(line, width) for line in lines]


def _over_lines(board: OutageBoard) -> list[Line]:
    lines: list[Line] = [((_("The outage is over."), "strong"),)]
    for one in board.upses[:2]:
        held = _("{ups}: {duration} on battery").format(ups=one.label, duration=show.duration(one.on_battery_s))
        lowest = _("lowest charge {percent}").format(percent=show.percent(one.lowest_charge_percent))
        lines.append(((held, ""), (f" · {lowest}", "dim")))
    lines.append(((_("Restart in order, then write what happened and close."), "attention"),))
    return lines


def _who(line: UpsLine) -> Line:
    charge = _("charge {percent}").format(percent=show.percent(line.charge_percent))
    load = _("load {percent}").format(percent=show.percent(line.load_percent))
    return ((line.label, "strong"), (f"  {charge}  {load}", ""), *standing_words(line))


def standing_words(line: UpsLine) -> Line:
    """What is worse than being on battery, and the age of a reading that is not of now."""
    age = show.duration(line.age_s) if line.age_s is not None else ""
    match line.standing:
        case Standing.LOST:
            text = _("no data {duration}, counted down").format(duration=age) if age else _("no data")
            return ((f"  ✗ {text}", "fault"),)
        case Standing.LOW:
            return (("  ✗ " + _("battery low"), "fault"),)
        case Standing.SHUTDOWN:
            return (("  ✗ " + _("shutdown ordered (FSD)"), "fault"),)
        case Standing.RESTORED | Standing.OVER:
            return (("  ✓ " + _("mains back"), "ok"),)
    if line.age_s is not None and line.age_s > FRESH_S:
        return (("  " + _("{age} old").format(age=age), "attention"),)
    return ()


def _left(line: UpsLine) -> Line:
    if line.left.seconds is None:
        return ((_("time left unknown"), "unknown"), (f": {outage_words.unknown_left(line.left)}", "dim"))
    told: list[Run] = [(_("{left} left").format(left=left_words(line)), "strong")]
    if line.left.to_low_s is not None:
        text = _("battery low in {duration}").format(duration=show.duration(line.left.to_low_s))
        told.append((f" · {text}", "attention" if line.left.to_low_s < 600 else ""))
    return tuple(told)


def required_words(line: UpsLine) -> Line:
    """`required 3 h → SHORT by 1 h 36 m`."""
    required = _("required {hours}").format(hours=show.hours(line.required_s))
    short = line.short_by_s
    if line.verdict is HoldVerdict.SHORT and short is not None:
        return ((f"{required} → ", ""), (_("SHORT by {duration}").format(duration=show.duration(short)), "fault"))
    if line.verdict is HoldVerdict.MET and short is not None:
        return ((f"{required} → ", ""), (_("met, {duration} to spare").format(duration=show.duration(-short)), "ok"))
    return ((f"{required} → ", ""), (_("not known whether that is met"), "unknown"))


def basis_words(line: UpsLine) -> Line:
    """The time left as each way tells it; those that are not trusted grey, with why."""
    age_s = line.age_s or 0.0
    found = [one for one in line.left.candidates if one.seconds is not None and one.why_not != NOT_NEEDED]
    trusted = [outage_words.candidate(one, age_s) for one in found if not one.why_not]
    doubted = [outage_words.candidate(one, age_s) for one in found if one.why_not]
    if line.left.seconds is None:
        return ((" · ".join(doubted), "dim"),)
    head = _("lowest of: {list}") if len(trusted) > 1 else "{list}"
    told: list[Run] = [(head.format(list=" · ".join(trusted)), "")] if trusted else []
    if not trusted and line.left.basis is not None:
        told = [(outage_words.basis(line.left.basis), "")]
    return (*told, *((f" · {one}", "dim") for one in doubted))


def clock_lines(clocks: Iterable[EventClock], width: int) -> list[Line]:
    """The three clocks: what is left, that it is late, or what it took."""
    found = list(clocks)
    column = max(cell_len(outage_words.clock(one.name)) for one in found)
    return [cut(((f" {pad(outage_words.clock(one.name), column)}  ", "strong"), _clock(one)), width) for one in found]


def _clock(one: EventClock) -> Run:
    if one.took_s is not None:
        values = {"took": stopwatch(one.took_s), "limit": stopwatch(one.limit_s)}
        if one.is_late:
            return (_("✗ {took}, late: {limit} allowed").format(**values), "fault")
        return (_("✓ {took} of {limit}").format(**values), "ok")
    if not one.needed or one.left_s is None:
        return (_("– not needed"), "dim")
    if one.left_s < 0:
        return (_("✗ late by {duration}").format(duration=stopwatch(-one.left_s)), "fault")
    role = "attention" if one.left_s < one.limit_s / 3 else ""
    return (_("… {duration} left").format(duration=stopwatch(one.left_s)), role)


def heat_line(board: OutageBoard, width: int) -> Line:
    """The room's temperature, how fast it rises, and when it is too hot: air conditioners hang on mains."""
    heat = board.heat
    if heat is None:
        return cut(((" " + _("Room") + " ", "strong"), (_("temperature not known"), "unknown")), width)
    told: list[Run] = [(" " + _("Room") + " ", "strong"), (show.number(heat.celsius, "°C"), "")]
    if heat.per_10_min is not None:
        told.append(("  " + _("{change:+.1f} in 10 min").format(change=heat.per_10_min), ""))
    if heat.to_limit_s is not None:
        limit = show.number(heat.limit_c, "°C")
        text = _("{limit} in {duration}").format(limit=limit, duration=show.duration(heat.to_limit_s))
        text = text if heat.to_limit_s > 0 else _("over {limit}").format(limit=limit)
        told.append((f"  {text}", "fault" if heat.to_limit_s < 1800 else "attention"))
    if heat.age_s > 120:
        told.append((f"  {show.ago(heat.age_s)}", "attention"))
    return cut(tuple(told), width)
