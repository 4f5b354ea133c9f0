"""The board as lines of text: pure functions of a Board, the site and a width in cells."""

from __future__ import annotations

from rich.cells import cell_len

from dutyroom import event_words, reason_words, show
from dutyroom.board import Board, SourceView
from dutyroom.model.addresses import Mismatch
from dutyroom.model.facts import Line as PowerLine
from dutyroom.model.facts import UpsFacts, count_ports
from dutyroom.model.reading import Kind, Verdict
from dutyroom.model.site import Site
from dutyroom.words import _
from screens import check_lines, empty
from screens.hold_lines import HOLD_ROLES, standing_warning, time_shown
from screens.widgets.lines import Line, Run, bar, pad, role_of, spread, width_of

BAR = 10
# A panel below so many cells shows fewer figures, so that the names can be read.
NARROW = 34
SERVERS_PAGE = (Kind.SERVER, Kind.SYSTEM, Kind.LINE, Kind.BACKUP)


def power_lines(board: Board, width: int, height: int) -> list[Line]:
    """Two lines a UPS: how long against what is required, and what the battery and the load do.

    Where it is not enough even with the battery full a third one says so, as long as none is scrolled out of sight.
    """
    views = board.of_kind(Kind.UPS)
    room, lines = height - 2 * len(views), list[Line]()
    for view in views:
        lines += _ups_lines(view, width)
        warning = standing_warning(view)
        if warning and room > 0:
            room -= 1
            lines.append((("  " + pad(warning, width - 2), "attention"),))
    return lines or empty.no_device(Kind.UPS, width)


def network_lines(board: Board, width: int, height: int) -> list[Line]:
    """The devices that are not ok with their first reason, then how many more are ok."""
    views = board.of_kind(Kind.NETWORK)
    if not views:
        return empty.no_device(Kind.NETWORK, width)
    told = _unregistered(board, width)
    return [*_worst_first(views, width, height - len(told)), *told]


def _unregistered(board: Board, width: int) -> list[Line]:
    """That there are unregistered addresses; nothing while they are only collected."""
    count = board.addresses.now.count(Mismatch.IP_UNREGISTERED)
    if not count or board.addresses.is_learning:
        return []
    return [(("! ", "attention"), (pad(_("{n} addresses unregistered").format(n=count), width - 2), "attention"))]


def server_lines(board: Board, width: int, height: int) -> list[Line]:
    """Servers, systems, lines and backups that are not ok, then the others while there is room."""
    views = [view for kind in SERVERS_PAGE for view in board.of_kind(kind)]
    if not views:
        return empty.no_device(Kind.SERVER, width)
    # Within one verdict they keep the order of the page.
    views.sort(key=lambda view: -view.urgency)
    lines = [_server_line(view, width) for view in views[:height]]
    return lines if len(views) <= height else [*lines[:-1], _more(len(views) - height + 1)]


def since_lines(board: Board, site: Site, width: int, height: int, title: str = "") -> list[Line]:
    """What happened since the last signed round, newest first; each on its own line where there is room.

    `title` stands above it instead of what is known of rounds.
    """
    if not title:
        is_first = board.duty.last_signed is None
        title = _("No round was signed yet.") if is_first else _("Since the last signed round:")
    told = [event for event in board.events if event.code != "verdict-changed"][::-1]
    if not told:
        nothing = "" if board.duty.last_signed is None else _("nothing changed")
        return [((f" {title} ", "dim"), (nothing, "dim"))]
    parts: list[str] = []
    for event in told:
        at = show.time_of_day(event.at, site.timezone)
        source = "" if event.source in event_words.OWN_SOURCES else f"{event.source} "
        parts.append(f"{at} {source}{event_words.event(event)}")
    if height > 2:
        return [((f" {title}", "dim"),), *((("  " + part, ""),) for part in parts[: height - 1])]
    lines: list[Line] = []
    text, empty = f" {title} ", True
    for part in parts:
        glue = "" if empty else " · "
        if cell_len(text + glue + part) > width - 1:
            lines.append(((text, ""),))
            if len(lines) >= height:
                return lines
            text, glue = " ", ""
        text, empty = text + glue + part, False
    return [*lines, ((text, ""),)]


def source_state(view: SourceView) -> str:
    """Why there is no current value, with its age: `no answer for 4 m`."""
    return reason_words.reason(view.reasons[0]) if view.reasons else show.state(view.state)


def _ups_lines(view: SourceView, width: int) -> list[Line]:
    head: list[Run] = [(f"{show.symbol(view.verdict)} ", role_of(view.verdict)), (view.label, "strong")]
    if view.maintenance is not None:
        head.append((" " + _("maintenance"), "dim"))
    facts = view.sample.ups if view.sample is not None and view.state.knows else None
    if facts is None:
        reason: Line = ((source_state(view), role_of(view.verdict)),)
        return [spread(tuple(head), reason, width), _last_known(view, width)]
    required = show.hours(view.hold_time_s)
    hold = view.hold_verdict
    wanted = " " + _("of {required}").format(required=required) if width >= NARROW else ""
    right: Line = (
        (show.duration(time_shown(view, facts)), "strong"),
        (wanted + " ", "dim"),
        (show.hold(hold), HOLD_ROLES.get(hold, "unknown") if hold is not None else "unknown"),
    )
    return [spread(tuple(head), right, width), _ups_below(view, facts, width)]


def _ups_below(view: SourceView, facts: UpsFacts, width: int) -> Line:
    """Charge, line, load and input voltage: as many as fit, in that order. On battery the time there comes first."""
    enough = (facts.charge_percent or 0) >= 50
    below: list[Run] = [("  ", ""), (bar(facts.charge_percent, BAR if width >= 44 else 6), "ok" if enough else "fault")]
    below.append((f" {show.percent(facts.charge_percent)}", ""))
    parts: list[Run] = []
    if not view.is_fresh:
        parts.append(("  " + show.ago(view.age_s), "attention"))
    if facts.line is PowerLine.BATTERY:
        since = show.duration(view.on_battery_s) if view.on_battery_s is not None else ""
        parts.append(("  " + _("on battery {since}").format(since=since).rstrip(), "fault"))
    else:
        parts.append((f"  {show.line(facts.line)}", "" if facts.line is PowerLine.MAINS else "unknown"))
    parts.append(("  " + _("load {load}").format(load=show.percent(facts.load_percent)), ""))
    if facts.line is not PowerLine.BATTERY and facts.input_voltage_v is not None:
        parts.append((" " + show.number(round(facts.input_voltage_v), "V"), ""))
    for part in parts:
        if width_of((*below, part)) <= width:
            below.append(part)
    return tuple(below)


def _last_known(view: SourceView, width: int) -> Line:
    """The last values, grey and with their age; never as if they were now."""
    good = view.good
    if good is None or good.ups is None or view.age_s is None or view.sample is None:
        return (("  " + _("nothing known"), "unknown"),)
    age_s = view.age_s + (view.sample.at - good.at).total_seconds()
    text = _("last known {ago}: {line}, {runtime}").format(
        ago=show.ago(age_s), line=show.line(good.ups.line), runtime=show.duration(good.ups.runtime_s)
    )
    return (("  " + pad(text, width - 2), "unknown"),)


def _worst_first(views: tuple[SourceView, ...], width: int, height: int) -> list[Line]:
    bad = [view for view in views if view.verdict is not Verdict.OK]
    good = [view for view in views if view.verdict is Verdict.OK]
    lines = [_network_line(view, width) for view in bad[: height - 1 if good else height]]
    hidden = len(bad) - len(lines)
    room = height - len(lines)
    if len(good) <= room and not hidden:
        return [*lines, *(_network_line(view, width) for view in good)]
    if good and not bad:
        lines = [_network_line(view, width) for view in good[: height - 1]]
        return [*lines, _more_ok(len(good) - height + 1)]
    return [*lines, _more(hidden) if hidden else _more_ok(len(good))]


def _network_line(view: SourceView, width: int) -> Line:
    head: Line = ((f"{show.symbol(view.verdict)} ", role_of(view.verdict)), (view.label, "strong"))
    if view.maintenance is not None:
        return spread(head, ((_("maintenance"), "dim"),), width)
    if view.verdict is Verdict.OK and view.sample is not None and view.sample.device is not None:
        counts = count_ports(view.sample.device.interfaces)
        return spread(head, ((_("{n} ports up").format(n=counts.up), "dim"),), width)
    changed = [reason for reason in view.reasons if reason.code == "port-changed"]
    if len(changed) > 1 and view.reasons[0].code == "port-changed":
        text = _("{n} watched ports down").format(n=len(changed))
    else:
        text = source_state(view)
    if width < NARROW:
        # Both are cut, so that neither the device nor its trouble is gone.
        text = pad(text, min(cell_len(text), width - 12))
    return spread(head, ((text, role_of(view.verdict)),), width)


def _server_line(view: SourceView, width: int) -> Line:
    head: Line = ((f"{show.symbol(view.verdict)} ", role_of(view.verdict)), (view.label, "strong"))
    if view.maintenance is not None:
        return spread(head, ((_("maintenance"), "dim"),), width)
    if view.kind is not Kind.SERVER and view.verdict is Verdict.OK:
        return spread(head, (check_lines.figure(view),), width)
    facts = view.sample.server if view.sample is not None and view.state.knows else None
    if facts is None:
        text = source_state(view)
        if width < NARROW:
            text = pad(text, min(cell_len(text), width - 12))
        return spread(head, ((text, role_of(view.verdict)),), width)
    volume = facts.fullest_volume
    over = {reason.quantity.split(" ")[0] for reason in view.reasons if reason.code == "over-limit"}
    role = role_of(view.verdict)
    figures: list[tuple[bool, float, Run]] = []
    for name, quantity, value in (
        (_("cpu"), "cpu_percent", facts.cpu_percent),
        (_("mem"), "memory_percent", facts.memory_percent),
        (_("disk"), "volume", volume.used_percent if volume is not None else None),
    ):
        figure = show.NOTHING if value is None else f"{value:.0f}"
        run = (f" {name} {figure:>2}", role if quantity in over else "")
        figures.append((quantity in over, value or 0.0, run))
    if width < NARROW:
        # The one that is over its limit, else the highest.
        figures = [max(figures, key=lambda one: one[:2])]
    return spread(head, tuple(run for _over, _value, run in figures), width)


def _more(count: int) -> Line:
    return ((_("  and {n} more").format(n=count), "dim"),)


def _more_ok(count: int) -> Line:
    return (("✓ ", "ok"), (_("{n} more ok").format(n=count), "dim"))
