"""The room now as plain text: the worst first, symbol and word, and how old each value is."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dutyroom import (
    backup_words,
    check_words,
    discharge_words,
    maintenance_words,
    notify_words,
    outage_record_words,
    reason_words,
    show,
    trouble_words,
)
from dutyroom.board import Board, SourceView, WatchView
from dutyroom.cli.columns import aligned
from dutyroom.model.addresses import Mismatch
from dutyroom.model.facts import DeviceFacts, ServerFacts, UpsFacts, count_ports
from dutyroom.model.reading import Sample
from dutyroom.rules.backups import Judged
from dutyroom.rules.space import verdict_of_space
from dutyroom.words import _


def lines(board: Board, zone: ZoneInfo) -> list[str]:
    """The whole output of `status`."""
    head = f"{board.site} · {board.room}  {show.moment(board.at, zone)}"
    verdict = f"{show.symbol(board.verdict)} {show.verdict(board.verdict)}"
    worst_first = sorted(board.sources, key=lambda view: -view.urgency)
    told = aligned([_row(view) for view in worst_first])
    made = [f"{head}  {verdict}", _watch(board.watch, board), _backup(board.backup), *_troubles(board, zone), ""]
    for view, line in zip(worst_first, told, strict=True):
        made.append(line)
        # The state itself stands in the line already.
        reasons = ", ".join(reason_words.reason(reason) for reason in view.reasons if reason.code != view.state.value)
        if reasons:
            made.append(f"    {reasons}")
        if view.maintenance is not None:
            made.append(f"    {maintenance_words.whole(view.maintenance, zone)}")
        if view.sample is not None and view.sample.detail:
            made.append(f"    {view.sample.detail}")
    return made


def _troubles(board: Board, zone: ZoneInfo) -> list[str]:
    made: list[str] = []
    if board.outage is not None:
        made.append(f"{'!' if board.outage.is_over else '✗'} {outage_record_words.headline(board.outage)}")
    made += [f"! {discharge_words.waits(board.label_of(one.ups))}" for one in board.unsigned_tests]
    if text := notify_words.watch_trouble(board.watch.silent_s, board.watch.blind_s):
        made.append(f"✗ {text}")
    told = (notify_words.waiting(board.notifications, board.at), notify_words.unreached(board.notifications))
    if any(told):
        made.append(f"! {'; '.join(text for text in told if text)}")
    if board.space is not None and (text := trouble_words.space(board.space)):
        made.append(f"{show.symbol(verdict_of_space(board.space))} {text}")
    if board.watch.refused is not None:
        made.append(f"! {trouble_words.site_file(board.watch.refused)}")
    if board.clock_step is not None:
        made.append(f"! {trouble_words.step(board.clock_step, zone)}")
    if (count := board.addresses.now.count(Mismatch.IP_UNREGISTERED)) and not board.addresses.is_learning:
        made.append(f"! {_('{n} addresses unregistered').format(n=count)}")
    return made


def _watch(watch: WatchView, board: Board) -> str:
    beat = watch.heartbeat
    if beat is None:
        return _("nobody has watched this room yet")
    holder, silence = f"{beat.host}:{beat.pid}", (board.at - beat.last_cycle_at).total_seconds()
    if not watch.running:
        return _("nobody watches; last watched by {holder} {ago}").format(holder=holder, ago=show.ago(silence))
    if not watch.site_file_current:
        return _("watched by {holder}, which runs with another site file").format(holder=holder)
    return _("watched by {holder}, last cycle {ago}").format(holder=holder, ago=show.ago(silence))


def _backup(judged: Judged) -> str:
    told = [backup_words.age(judged), backup_words.last_try(judged), backup_words.second(judged)]
    return ", ".join(part for part in told if part)


def _row(view: SourceView) -> tuple[str, ...]:
    return (
        f"{show.symbol(view.verdict)} {show.verdict(view.verdict)}",
        view.name,
        view.label if view.label != view.name else "",
        show.ago(view.age_s),
        _said(view),
    )


def _said(view: SourceView) -> str:
    sample = view.sample
    if sample is None or not view.state.knows:
        text = show.state(view.state)
        if view.good is None or sample is None:
            return text
        silent_s = (sample.at - view.good.at).total_seconds() + (view.age_s or 0.0)
        return _("{state}; last answer {ago}").format(state=text, ago=show.ago(silent_s))
    return ", ".join(_values(view, sample))


def _values(view: SourceView, sample: Sample) -> list[str]:
    if sample.ups is not None:
        return _of_ups(view, sample.ups)
    if sample.device is not None:
        return _of_device(sample.device)
    if sample.check is not None:
        return check_words.check(sample.check)
    if sample.backup is not None:
        newest = sample.backup.newest
        return check_words.backup(sample.backup, view.age_of(newest.at) if newest is not None else None)
    return _of_server(sample.server) if sample.server is not None else []


def _of_ups(view: SourceView, facts: UpsFacts) -> list[str]:
    runtime = _("runtime {runtime} of {required}").format(
        runtime=show.duration(facts.runtime_s), required=show.hours(view.hold_time_s)
    )
    return [
        show.line(facts.line),
        _("battery {percent}").format(percent=show.percent(facts.charge_percent)),
        runtime,
        _("load {percent}").format(percent=show.percent(facts.load_percent)),
    ]


def _of_device(facts: DeviceFacts) -> list[str]:
    counts = count_ports(facts.interfaces)
    ports = [_("{up} of {total} ports up").format(up=counts.up, total=counts.total)] if facts.interfaces else []
    return [*ports, *_cpu_and_memory(facts)]


def _of_server(facts: ServerFacts) -> list[str]:
    fullest = facts.fullest_volume
    volume = [f"{fullest.mount} {show.percent(fullest.used_percent)}"] if fullest is not None else []
    return [*_cpu_and_memory(facts), *volume]


def _cpu_and_memory(facts: DeviceFacts | ServerFacts) -> list[str]:
    return [
        _("cpu {percent}").format(percent=show.percent(facts.cpu_percent)),
        _("memory {percent}").format(percent=show.percent(facts.memory_percent)),
    ]
