"""The page of one network device as lines of text: what is wrong and since when, its ports, its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from dutyroom import reason_words, show
from dutyroom.board import SourceView
from dutyroom.model.events import Event
from dutyroom.model.reading import Reason
from dutyroom.words import N_, _
from screens import device_lines
from screens.device_lines import NO_LINE, cut, section
from screens.flow import flowing
from screens.network_faceplate import faceplate
from screens.network_lines import no_ports
from screens.network_ports import Only, Ports, cell
from screens.network_table import table
from screens.widgets.lines import Line, role_of, spread

MOST_REASONS = 6
ONLY = {Only.CHANGED: N_("changed"), Only.ALL: N_("all"), Only.DOWN: N_("down")}


def why_lines(view: SourceView, ports: Ports, events: Iterable[Event], zone: ZoneInfo, width: int) -> list[Line]:
    """The reasons, each with since when where an event tells it, and what to do."""
    if not view.reasons:
        return []
    times = _last_changes(view, events)
    ports_of = {change.reason: change for change in ports.compared.changes}
    lines = [section(_("Why {verdict}").format(verdict=show.verdict(view.verdict)), width)]
    for reason in view.reasons[:MOST_REASONS]:
        change = ports_of.get(reason)
        role = role_of(change.verdict if change is not None else view.verdict)
        at = times.get(change.port.name) if change is not None and change.port is not None else None
        if at is None or not _is_state(reason):
            lines += flowing(reason_words.reason(reason), width, role, indent=2)
            continue
        since = _("since {at}").format(at=show.moment(at, zone)[5:])
        lines.append(spread(((f"  {reason_words.reason(reason)}", role),), ((since, "dim"),), width))
    if len(view.reasons) > MOST_REASONS:
        lines.append(((_("  and {n} more").format(n=len(view.reasons) - MOST_REASONS), "dim"),))
    return [*lines, *device_lines.what_to_do(view, width)]


def port_section(
    ports: Ports, only: Only, fits: Callable[..., bool] | None, width: int, *, as_table: bool
) -> list[Line]:
    """The ports: as the front of the device, or as the table of those that `only` and what was typed let through."""
    if not ports.rows:
        return [NO_LINE, no_ports()]
    if not as_table and fits is None:
        return [NO_LINE, section(_("Ports"), width), *faceplate(ports, width)]
    rows = ports.ordered(only, fits)
    shown = Only.ALL if fits is not None and only is Only.CHANGED else only
    title = _("Ports: {which}, {n} of {total}").format(which=_(ONLY[shown]), n=len(rows), total=len(ports.rows))
    head = [NO_LINE, section(title, width)]
    if rows:
        return [*head, *table(rows, ports, width)]
    none = _("no port with this in name, label or state") if fits is not None else _NONE[only]
    return [*head, ((f"  {_(none)}", "dim"),)]


def picked_line(ports: Ports, index: int | None, width: int) -> list[Line]:
    """The port somebody pointed at on the faceplate."""
    port = next((row for row in ports.rows if row.index == index), None)
    if port is None:
        return []
    symbol, role = cell(port, ports)
    return [cut(((f"  {symbol} ", role), *table([port], ports, width - 2)[1][1:]), width)]


_NONE = {
    Only.CHANGED: N_("no port is other than it should be"),
    Only.ALL: N_("no ports told"),
    Only.DOWN: N_("no port is down"),
}


def _last_changes(view: SourceView, events: Iterable[Event]) -> dict[str, datetime]:
    return {
        event.param("port"): event.at
        for event in events
        if event.source == view.name and event.code in ("port-up", "port-down")
    }


def _is_state(reason: Reason) -> bool:
    """True for what began when the port went up or down."""
    return reason.code in ("port-changed", "port-down", "port-unexpected-up", "port-speed")
