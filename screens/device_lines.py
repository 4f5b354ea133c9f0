"""What the power, network and server screens share, as lines of text: pure functions of a SourceView and a width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from rich.cells import cell_len

from dutyroom import event_words, maintenance_words, reason_words, show
from dutyroom.board import SourceView
from dutyroom.model.events import Event
from dutyroom.model.reading import Kind, Sample, State, Verdict
from dutyroom.next_steps import next_steps
from dutyroom.words import _
from screens.flow import flowing
from screens.widgets.lines import Line, Run, bar, pad, role_of, spread, width_of

NO_LINE: Line = ()
MAX_EVENTS = 6
MAX_STEPS = 3
WIDE = 70


def known(view: SourceView) -> Sample | None:
    """The sample whose values are shown: the newest while the source is known, else the last good one."""
    return view.sample if view.state.knows else view.good


def known_age_s(view: SourceView) -> float | None:
    """How old those values are, in seconds; None when there are none."""
    shown = known(view)
    if shown is None or view.sample is None or view.age_s is None:
        return None
    return view.age_s + (view.sample.at - shown.at).total_seconds()


def row(view: SourceView, right: Run, width: int, *, chosen: bool) -> Line:
    """A device in the list: marker, verdict, label, and a few characters on the right."""
    marker: Run = ("▸" if chosen else " ", "key")
    left: Line = (
        marker,
        (f"{show.symbol(view.verdict)} ", role_of(view.verdict)),
        (view.label, "cursor" if chosen else "strong"),
    )
    if view.maintenance is not None:
        right = (_("maintenance"), "dim")
    return cut(spread(left, (right,) if right[0] else (), width), width)


def why_line(view: SourceView, width: int) -> Line:
    """The first reason under a device in the list."""
    text = reason_words.reason(view.reasons[0]) if view.reasons else show.state(view.state)
    more = f" +{len(view.reasons) - 1}" if len(view.reasons) > 1 else ""
    return (("   " + pad(text, max(0, width - 3 - len(more))) + more, role_of(view.verdict)),)


def heading(view: SourceView, width: int) -> list[Line]:
    """The device, whether it answers and how old that is; below it, what the source said about its trouble."""
    left: Line = ((f"{show.symbol(view.verdict)} ", role_of(view.verdict)), (view.label, "strong"))
    role = role_of(view.verdict) if not view.state.knows else "" if view.is_fresh else "attention"
    said = _said(view)
    age = f"{said} · {show.ago(view.age_s)}" if view.age_s is not None else said
    lines = [cut(spread(left, ((age, role),), width), width)]
    if view.sample is not None and view.sample.detail:
        lines += flowing(view.sample.detail, width, "dim", indent=2, most=3)
    if not view.state.knows:
        age_s = known_age_s(view)
        text = _("nothing known yet") if age_s is None else _("last known values, {ago}").format(ago=show.ago(age_s))
        lines.append(cut(((f"  {text}", "unknown"),), width))
    return lines


def _said(view: SourceView) -> str:
    """Whether it answers; of a check that was made, that it was: what came of it stands below."""
    if view.state is State.OK and view.kind in (Kind.SYSTEM, Kind.LINE, Kind.BACKUP):
        return _("looked at")
    return show.state(view.state)


def maintenance_lines(view: SourceView, zone: ZoneInfo, width: int) -> list[Line]:
    """The planned maintenance a device is in; nothing for any other."""
    if view.maintenance is None:
        return []
    return flowing(maintenance_words.whole(view.maintenance, zone), width, "key", most=3)


def why(view: SourceView, width: int, most: int = 12) -> list[Line]:
    """The reasons for a verdict that is not ok, of many the first `most`, and below them what to do."""
    if view.verdict is Verdict.OK or not view.reasons:
        return []
    lines = [section(_("Why {verdict}").format(verdict=show.verdict(view.verdict)), width)]
    for reason in view.reasons[:most]:
        lines += flowing(reason_words.reason(reason), width, role_of(view.verdict), indent=2)
    return [*lines, *_more(len(view.reasons) - most), *what_to_do(view, width)]


def what_to_do(view: SourceView, width: int) -> list[Line]:
    """The next step for the worst reason; on wide terminals for the others too."""
    lines: list[Line] = []
    for step in next_steps(view.reasons)[: MAX_STEPS if width >= WIDE else 1]:
        first, *rest = flowing(step, width - 4, "key", most=2)
        lines += [(("  → ", "key"), *first), *((("    ", ""), *line) for line in rest)]
    return lines


def happened(view: SourceView, events: Iterable[Event], zone: ZoneInfo, width: int) -> list[Line]:
    """What changed at this device since the last signed round, newest first."""
    told = [event for event in events if event.source == view.name and event.code != "verdict-changed"][::-1]
    if not told:
        return []
    lines = [section(_("Changed since the last signed round"), width)]
    lines += [
        cut(((f"  {show.moment(event.at, zone)[5:]}  ", "dim"), (event_words.event(event), "")), width)
        for event in told[:MAX_EVENTS]
    ]
    return [*lines, *_more(len(told) - MAX_EVENTS)]


def section(title: str, width: int) -> Line:
    """The title of a part of the details."""
    return ((pad(title, width).rstrip(), "key"),)


def label_width(labels: Iterable[str]) -> int:
    """The cells a column of labels takes."""
    return max((cell_len(label) for label in labels), default=0)


def facts(rows: Sequence[tuple[str, Line]], width: int) -> list[Line]:
    """Labels in one column, values beside them."""
    column = label_width(label for label, _value in rows)
    return [cut(((f"  {pad(label, column)}  ", "dim"), *value), width) for label, value in rows]


def meter(percent: float | None, cells: int, role: str = "") -> Line:
    """A bar and its percentage."""
    return ((bar(percent, cells), role or "strong"), (f" {show.percent(percent)}", role))


def greyed(lines: Iterable[Line]) -> list[Line]:
    """The same lines without any colour of a verdict: values that are not of now."""
    return [tuple((text, "unknown") for text, _role in line) for line in lines]


def cut(line: Line, width: int) -> Line:
    """The line in at most that many cells."""
    if width_of(line) <= width:
        return line
    kept: list[Run] = []
    room = width
    for text, role in line:
        if cell_len(text) > room:
            return (*kept, (pad(text, room), role)) if room > 0 else tuple(kept)
        kept.append((text, role))
        room -= cell_len(text)
    return tuple(kept)


def _more(count: int) -> list[Line]:
    return [((_("  and {n} more").format(n=count), "dim"),)] if count > 0 else []
