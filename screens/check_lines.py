"""One system, line or backup as lines of text: does it answer, how fast, since when; how old and how large is it."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo

from dutyroom import check_words, show
from dutyroom.board import SourceView
from dutyroom.model.facts import BackupFacts, CheckFacts
from dutyroom.model.reading import Sample, Verdict
from dutyroom.rules.checks import usual_size
from dutyroom.words import _
from screens import device_lines
from screens.device_lines import NO_LINE, known
from screens.widgets.lines import Line, Run, role_of


def list_lines(view: SourceView, width: int, *, chosen: bool) -> list[Line]:
    """The device with its one figure; when it is not ok, the first reason below."""
    lines = [device_lines.row(view, figure(view), width, chosen=chosen)]
    return lines if view.verdict is Verdict.OK else [*lines, device_lines.why_line(view, width)]


def figure(view: SourceView) -> Run:
    """How fast it answers, or how old the newest backup is; nothing where that is not known now."""
    sample = view.sample if view.state.knows else None
    if sample is not None and sample.check is not None and sample.check.answered:
        return (check_words.latency(sample.check), "dim")
    if sample is not None and sample.backup is not None and sample.backup.newest is not None:
        return (show.duration(view.age_of(sample.backup.newest.at)), "dim")
    return ("", "dim")


def details(view: SourceView, zone: ZoneInfo, width: int) -> list[Line]:
    """Everything about one of them. Values that are not of now are grey under their age."""
    lines = [*device_lines.heading(view, width), *device_lines.why(view, width)]
    shown = known(view)
    values = _values(view, shown, zone, width) if shown is not None else []
    if not values:
        return lines
    return [*lines, NO_LINE, *(values if view.state.knows else device_lines.greyed(values))]


def _values(view: SourceView, sample: Sample, zone: ZoneInfo, width: int) -> list[Line]:
    if sample.check is not None:
        return _check(view, sample.check, zone, width)
    return _backup(view, sample.backup, zone, width) if sample.backup is not None else []


def _check(view: SourceView, facts: CheckFacts, zone: ZoneInfo, width: int) -> list[Line]:
    role = role_of(view.verdict)
    answered: Line = ((_("yes"), "") if facts.answered else (_("no"), role),)
    rows: list[tuple[str, Line]] = [(_("answers"), answered), (_("since"), _since(view, facts.since, zone))]
    if facts.answered:
        rows.append((_("time to answer"), ((check_words.latency(facts), ""),)))
    if facts.loss_percent is not None:
        rows.append((_("pings lost"), ((show.percent(facts.loss_percent), role if facts.loss_percent > 0 else ""),)))
    if facts.lost_in_row > 1:
        rows.append((_("failed in a row"), ((str(facts.lost_in_row), role),)))
    rows.append((_("checked"), ((facts.target, "dim"),)))
    if facts.address and facts.address not in facts.target:
        rows.append((_("address"), ((facts.address, "dim"),)))
    return device_lines.facts(rows, width)


def _since(view: SourceView, since: datetime | None, zone: ZoneInfo) -> Line:
    if since is None:
        return ((show.NOTHING, ""),)
    return ((show.moment(since, zone), ""), (f"  ({show.duration(view.age_of(since))})", "dim"))


def _backup(view: SourceView, facts: BackupFacts, zone: ZoneInfo, width: int) -> list[Line]:
    newest, writing, usual = facts.newest, facts.writing, usual_size(facts)
    codes = {reason.code for reason in view.reasons}
    role = role_of(view.verdict)
    rows: list[tuple[str, Line]] = []
    if newest is not None:
        old = role if codes & {"backup-old", "backup-from-future"} else ""
        odd = role if codes & {"backup-empty", "backup-small", "backup-large"} else ""
        rows += [
            (_("newest"), ((PurePath(newest.path).name, ""),)),
            (_("age"), ((show.duration(view.age_of(newest.at)), old), (f"  {show.moment(newest.at, zone)}", "dim"))),
            (_("size"), ((check_words.size(newest.size), odd),)),
        ]
    if usual is not None:
        text = _("{size}, median of {n} days").format(size=check_words.size(usual), n=len(facts.recent))
        rows.append((_("usual"), ((text, ""),)))
    elif newest is not None:
        rows.append((_("usual"), ((_("not known yet: three days are needed"), "dim"),)))
    if writing is not None:
        name = f"{PurePath(writing.path).name}, {check_words.size(writing.size)}"
        rows.append((_("being written"), ((name, ""),)))
    rows += [(_("files"), ((str(facts.count), ""),)), (_("looked for"), ((facts.pattern, "dim"),))]
    return [*device_lines.facts(rows, width), *_days(facts, zone, width)]


def _days(facts: BackupFacts, zone: ZoneInfo, width: int) -> list[Line]:
    """The days before as bars against the largest."""
    sizes = [*facts.recent, *([(facts.newest.at, facts.newest.size)] if facts.newest is not None else [])]
    largest = max((size for _at, size in sizes), default=0)
    if len(sizes) < 2 or not largest:
        return []
    lines = [device_lines.section(_("Sizes of the last days"), width)]
    cells = max(6, min(30, width - 28))
    for at, size in reversed(sizes):
        moment = show.moment(at, zone)[5:]
        bar, _percent = device_lines.meter(100.0 * size / largest, cells)
        lines.append(device_lines.cut(((f"  {moment}  ", "dim"), bar, (f" {check_words.size(size)}", "")), width))
    return lines
