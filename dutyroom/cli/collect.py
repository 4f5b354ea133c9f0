"""`dutyroom collect`: the watch as a service, or one poll of everything."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Lang, asked_in, site_of
from dutyroom.errors import DutyroomError
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.cli.asked import Asked
    from dutyroom.duty.desk import Desk
    from dutyroom.model.reading import Latest
    from dutyroom.model.site import Site
    from dutyroom.watch.poller import Found, Poller

FINE, UNREACHABLE = 0, 4


class WatchHeld(DutyroomError):
    """Another program watches the room already."""

    code = "watch-held"


def collect(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help=N_("Ask every source once, record, and end."))] = False,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help=N_("Also write every sample into a new file."))
    ] = None,
    log: Annotated[
        Path | None, typer.Option("--log", metavar="FILE", help=N_("Write the log there instead of to stderr."))
    ] = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Watches until SIGTERM (exit code 0) or SIGINT (130); SIGHUP has the site file read again.

    With `--once`: 0, or 4 when nothing could be reached.
    """
    from dutyroom.cli import logs
    from dutyroom.cli.compose import open_desk

    site = site_of(ctx)
    logs.for_service(log)
    logs.hide(site)
    desk = open_desk(site)
    try:
        return _once(desk) if once else _serve(desk, asked_in(ctx), record)
    finally:
        desk.store.close()


async def ask_once(site: Site, latest: Mapping[str, Latest]) -> list[tuple[Poller, Found]]:
    """Every source asked once, all at the same time; `latest` is what was known of them before."""
    from dutyroom.cli.compose import build_sources
    from dutyroom.watch.poller import pollers

    sources = build_sources(site)
    try:
        asked = pollers(site, sources, dict(latest))
        found = await asyncio.gather(*(one.poll() for one in asked))
        return list(zip(asked, found, strict=True))
    finally:
        for source in sources:
            await source.aclose()


def _once(desk: Desk) -> int:
    from dutyroom.cli.status import none_reached
    from dutyroom.model.reading import State
    from dutyroom.rules.checks import reached
    from dutyroom.rules.sources import interval_of, told_of_room
    from dutyroom.store import events, readings
    from dutyroom.watch.lock import WatchLock

    lock = WatchLock(desk.store.path)
    if not lock.acquire():
        raise _held(desk)
    try:
        with desk.store.read() as session:
            latest = readings.latest(session)
        found = [one for _poller, one in asyncio.run(ask_once(desk.site, latest))]
        samples = [one.sample for one in found]
        with desk.store.write() as session:
            intervals = {one.source: interval_of(desk.site, one.source) for one in samples}
            readings.put_samples(session, samples, intervals, told_of_room(desk.site))
            events.add(session, [event for one in found for event in one.events])
    finally:
        lock.release()
    answered = sum(sample.state.knows for sample in samples)
    sentence = _("{answered} of {asked} sources answered").format(answered=answered, asked=len(samples))
    print(sentence, file=sys.stderr)
    asked = (sample.state if reached(sample) else State.UNREACHABLE for sample in samples)
    return UNREACHABLE if none_reached(asked) else FINE


def _serve(desk: Desk, asked: Asked, record: Path | None) -> int:
    from dutyroom.cli import logs, settling
    from dutyroom.cli.asked import site_file, speak
    from dutyroom.cli.compose import build_watch
    from dutyroom.cli.service import Reading, Service
    from dutyroom.config import load_site
    from dutyroom.watch.lock import WatchLock
    from dutyroom.watch.recording import Recording

    lock = WatchLock(desk.store.path)
    if not lock.acquire():
        raise _held(desk)
    lock.release()
    settling.begin()
    recording = Recording(record, desk.site) if record is not None else None
    watch, change = build_watch(desk.site, desk.store, recording)
    path = site_file(asked)

    def load() -> Site:
        # Whatever rotated the log asks for a new file with the same signal.
        logs.reopen()
        return load_site(path)

    def use(site: Site) -> None:
        logs.hide(site)
        speak(asked, path, site)
        change(site)

    try:
        return Service(watch, Reading(path, load, use)).run()
    finally:
        if recording is not None:
            recording.close()


def _held(desk: Desk) -> WatchHeld:
    from dutyroom.store import events

    with desk.store.read() as session:
        beat = events.heartbeat(session)
    holder = f"{beat.host}:{beat.pid}" if beat is not None else "?"
    return WatchHeld(_("Another program watches this room already ({holder}): end it first.").format(holder=holder))
