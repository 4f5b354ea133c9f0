"""What changed between two samples of a source: events, each with the time of the newer sample."""

from __future__ import annotations

from dutyroom.model.events import Event
from dutyroom.model.facts import Line
from dutyroom.model.reading import Latest, Sample
from dutyroom.rules.checks import is_down
from dutyroom.rules.port_match import matched
from dutyroom.rules.restarts import restart
from dutyroom.rules.severity import Judgement


def changes(previous: Latest | None, sample: Sample, line_before: Line = Line.UNKNOWN) -> tuple[Event, ...]:
    """The events between what was known and a new sample.

    `line_before` is the side a UPS was last known to be fed from, however many unknowns lie between. The first sample
    of a source makes no event, but for a UPS found on battery: that is since when we know.
    """
    found: list[tuple[str, dict[str, str]]] = _line(line_before, sample)
    if previous is not None and previous.sample.state is not sample.state:
        found.append(("state-changed", {"was": previous.sample.state.value, "now": sample.state.value}))
    if previous is not None and previous.good is not None and sample.state.knows:
        found += _restart(previous.good, sample) + _ports(previous.good, sample) + _checks(previous.good, sample)
    return tuple(Event(sample.at, sample.source, code, tuple(params.items())) for code, params in found)


def verdict_change(source: str, was: Judgement | None, now: Judgement, sample: Sample) -> tuple[Event, ...]:
    """The event of a verdict that is another one than before, with the first reason for the new one."""
    if was is None or was.verdict is now.verdict:
        return ()
    reason = now.reasons[0].code if now.reasons else ""
    params = (("was", was.verdict.value), ("now", now.verdict.value), ("reason", reason))
    return (Event(sample.at, source, "verdict-changed", params),)


def _line(before: Line, after: Sample) -> list[tuple[str, dict[str, str]]]:
    if after.ups is None or after.ups.line in (before, Line.UNKNOWN):
        return []
    if after.ups.line is Line.BATTERY:
        return [("on-battery", {})]
    return [("on-mains", {})] if before is Line.BATTERY else []


def _restart(before: Sample, after: Sample) -> list[tuple[str, dict[str, str]]]:
    code = restart(before, after)
    return [(code, {})] if code is not None else []


def _ports(before: Sample, after: Sample) -> list[tuple[str, dict[str, str]]]:
    if before.device is None or after.device is None:
        return []
    told = [port for port in before.device.interfaces if "missing" not in (port.admin, port.oper)]
    return [
        ("port-up" if now.is_up else "port-down", {"port": now.name})
        for was, now in matched(told, after.device.interfaces)
        if now is not None and "missing" not in (now.admin, now.oper) and was.is_up is not now.is_up
    ]


def _checks(before: Sample, after: Sample) -> list[tuple[str, dict[str, str]]]:
    if before.check is not None and after.check is not None:
        was, now = is_down(before.check), is_down(after.check)
        if was is not now:
            return [("check-failed", {"error": after.check.error})] if now else [("check-answers", {})]
    if before.backup is not None and after.backup is not None and after.backup.newest is not None:
        newest, known = after.backup.newest, before.backup.newest
        if known is None or newest.at > known.at:
            return [("backup-made", {"path": newest.path, "size": str(newest.size)})]
    return []
