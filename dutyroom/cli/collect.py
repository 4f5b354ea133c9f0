"""`dutyroom collect`: the watch as a service, or one poll of everything."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Lang, site_of
from dutyroom.errors import DutyroomError
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.duty.desk import Desk
    from dutyroom.model.reading import Latest
    from dutyroom.model.site import Site
    from dutyroom.watch.loop import Watch
    from dutyroom.watch.poller import Found, Poller

LOOK_EVERY_S = 1.0
END_WITHIN_S = 20.0
# A recorder that wrote nothing for so long hangs: systemd may start it anew.
RECORDS_WITHIN_S = 60.0
STOPPED, FAILED, UNREACHABLE, INTERRUPTED = 0, 1, 4, 130


class WatchHeld(DutyroomError):
    """Another program watches the room already."""

    code = "watch-held"


def collect(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help=N_("Ask every source once, record, and end."))] = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Watches until SIGTERM (exit code 0) or SIGINT (130). With `--once`: 0, or 4 when nothing could be reached."""
    from dutyroom.cli import logs
    from dutyroom.cli.compose import open_desk

    site = site_of(ctx)
    logs.to_stderr()
    desk = open_desk(site)
    try:
        return _once(desk) if once else _serve(desk)
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
    from dutyroom.rules.live import interval_of
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
            readings.put_samples(session, samples, {one.source: interval_of(desk.site, one.source) for one in samples})
            events.add(session, [event for one in found for event in one.events])
    finally:
        lock.release()
    answered = sum(sample.state.knows for sample in samples)
    sentence = _("{answered} of {asked} sources answered").format(answered=answered, asked=len(samples))
    print(sentence, file=sys.stderr)
    return UNREACHABLE if none_reached(sample.state for sample in samples) else STOPPED


def _serve(desk: Desk) -> int:
    from dutyroom.cli.compose import build_sources
    from dutyroom.watch.lock import WatchLock
    from dutyroom.watch.loop import Watch

    lock = WatchLock(desk.store.path)
    if not lock.acquire():
        raise _held(desk)
    lock.release()
    watch = Watch(desk.site, desk.store, lambda: build_sources(desk.site))
    stopping, received = threading.Event(), []

    def stop(number: int, _frame: object) -> None:
        received.append(number)
        stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    running = threading.Thread(target=watch.run, name="watch", daemon=True)
    try:
        running.start()
        _look_after(watch, running, stopping)
        notify("STOPPING=1")
        watch.stop()
        running.join(END_WITHIN_S)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if not received:
        raise DutyroomError(_("The watch ended by itself: see the messages above."), code="watch-ended")
    return INTERRUPTED if received[0] == signal.SIGINT else STOPPED


def _look_after(watch: Watch, running: threading.Thread, stopping: threading.Event) -> None:
    """Tells systemd that the watch has begun, and goes on telling it while the recorder lives."""
    from dutyroom import clock

    ready = False
    while running.is_alive() and not stopping.wait(LOOK_EVERY_S if ready else LOOK_EVERY_S / 10):
        if not ready and watch.holds_lock:
            ready = True
            notify("READY=1")
        recorded_s = watch.cycle.recorded_s
        recorded = recorded_s is not None and clock.monotonic() - recorded_s < RECORDS_WITHIN_S
        # A full disk is told in the log and on the board; starting anew does not empty it.
        if ready and (recorded or watch.cycle.trouble):
            notify("WATCHDOG=1")


def notify(message: str) -> None:
    """Tells the service manager (sd_notify(3)); nothing happens when there is none or it does not listen."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    # An address that begins with @ lies in the abstract namespace, whose names begin with a zero byte.
    place = "\0" + address[1:] if address.startswith("@") else address
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as manager:
            manager.connect(place)
            manager.sendall(message.encode())
    except OSError as error:
        print(_("the service manager does not listen: {reason}").format(reason=error), file=sys.stderr)


def _held(desk: Desk) -> WatchHeld:
    from dutyroom.store import events

    with desk.store.read() as session:
        beat = events.heartbeat(session)
    holder = f"{beat.host}:{beat.pid}" if beat is not None else "?"
    return WatchHeld(_("Another program watches this room already ({holder}): end it first.").format(holder=holder))
