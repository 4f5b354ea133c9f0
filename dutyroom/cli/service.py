"""The watch as a service: signals, the service manager, and a site file that is read again while it runs."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dutyroom import clock, show
from dutyroom.cli.sd_notify import notify, reloading
from dutyroom.cli.sd_notify import status as status_message
from dutyroom.errors import DutyroomError, SiteFileError
from dutyroom.model.events import WATCH, Event
from dutyroom.model.site import Site
from dutyroom.words import _

if TYPE_CHECKING:
    from dutyroom.watch.loop import Watch

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
END_WITHIN_S = 20.0
# A recorder that wrote nothing for so long hangs: systemd may start it anew.
RECORDS_WITHIN_S = 60.0
NAMED = 4
# Looks without the lock before the service says that it waits: usually it has it at once.
WAITS_AFTER = 20
STOPPED, INTERRUPTED = 0, 130


@dataclass(frozen=True, slots=True)
class Reading:
    """How the site file is read again: `load` raises SiteFileError, `use` goes on with the site it gave."""

    path: Path
    load: Callable[[], Site]
    use: Callable[[Site], None]


class Service:
    """Runs a watch until SIGTERM or SIGINT; SIGHUP has the site file read again. Use it in the main thread."""

    def __init__(self, watch: Watch, reading: Reading) -> None:
        self.watch, self._reading = watch, reading
        self._woken = threading.Event()
        self._ended_by: int | None = None
        self._read_again = False
        self._ready = False
        self._told = ""
        self._looks = 0

    def run(self) -> int:
        """Watches; gives the exit code. Raises DutyroomError (`watch-ended`) when the watch ended by itself."""
        running = threading.Thread(target=self.watch.run, name="watch", daemon=True)
        with self._signals():
            running.start()
            while running.is_alive() and self._ended_by is None:
                self._look_after()
                self._woken.wait(LOOK_EVERY_S if self._ready else LOOK_EVERY_S / 10)
                self._woken.clear()
            notify("STOPPING=1")
            self.watch.stop()
            running.join(END_WITHIN_S)
        if self._ended_by is None:
            raise DutyroomError(_("The watch ended by itself: see the messages above."), code="watch-ended")
        return INTERRUPTED if self._ended_by == signal.SIGINT else STOPPED

    @contextmanager
    def _signals(self) -> Iterator[None]:
        def end(number: int, _frame: object) -> None:
            self._ended_by = number
            self._woken.set()

        def read_again(_number: int, _frame: object) -> None:
            self._read_again = True
            self._woken.set()

        handlers = {signal.SIGTERM: end, signal.SIGINT: end, signal.SIGHUP: read_again}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _look_after(self) -> None:
        """Tells systemd that the watch has begun, how it goes, and that the recorder lives."""
        if self._read_again:
            self._read_again = False
            reloading()
            read_site_again(self.watch, self._reading)
            # systemd waits for this one, also where the old file stays in force.
            notify(*(["READY=1"] if self._ready else []), status_message(status_text(self.watch)))
        told = []
        if not self._ready and self.watch.holds_lock:
            self._ready = True
            told.append("READY=1")
        status = status_text(self.watch)
        self._looks += 1
        if status != self._told and (self._ready or self._looks > WAITS_AFTER):
            self._told = status
            told.append(status_message(status))
        if told:
            notify(*told)
        recorded_s = self.watch.cycle.recorded_s
        recorded = recorded_s is not None and clock.monotonic() - recorded_s < RECORDS_WITHIN_S
        # A full disk is told in the log and on the board; starting anew does not empty it.
        if self._ready and (recorded or self.watch.cycle.trouble):
            notify("WATCHDOG=1")


def status_text(watch: Watch) -> str:
    """How the watch goes, in one line: how many sources answered, and which did not."""
    if not watch.holds_lock:
        return _("Waiting: another program watches this room.")
    if watch.trouble:
        return _("Nothing is recorded: {why}").format(why=watch.trouble)
    latest = watch.latest
    names = [device.name for device in watch.site.devices()]
    silent = [name for name in names if name in latest and not latest[name].sample.state.knows]
    text = _("{answered} of {asked} sources answered").format(
        answered=sum(name in latest for name in names) - len(silent), asked=len(names)
    )
    if not silent:
        return text
    shown = [f"{name} ({show.state(latest[name].sample.state)})" for name in silent[:NAMED]]
    if len(silent) > NAMED:
        shown.append(_("{n} more").format(n=len(silent) - NAMED))
    return _("{text}; not: {names}").format(text=text, names=", ".join(shown))


def read_site_again(watch: Watch, reading: Reading) -> None:
    """Goes on with the site file as it is now; where that is wrong the old one stays in force, and says so."""
    before = watch.site
    try:
        site = reading.load()
        if site.store_url != before.store_url:
            sentence = _("{path}: [store] url is another one: restart the service to record there")
            raise SiteFileError(sentence.format(path=reading.path), place="[store] url")
    except SiteFileError as error:
        log.error("the site file stays as it was read before: %s", error)
        wrong = (("file", str(reading.path)), ("key", error.place))
        watch.tell(Event(clock.now(), WATCH, "site-file-refused", wrong, clock.boot()))
        return
    reading.use(site)
    counted = differences(before, site)
    log.info("the site file was read again: %s", ", ".join(f"{count} {what}" for what, count in counted.items()))
    params = tuple((what, str(count)) for what, count in counted.items())
    watch.tell(Event(clock.now(), WATCH, "site-file-read", params, clock.boot()))


def differences(before: Site, after: Site) -> dict[str, int]:
    """How many devices were `added`, `changed` and `removed`."""
    old, new = ({device.name: device for device in site.devices()} for site in (before, after))
    return {
        "added": len(new.keys() - old.keys()),
        "changed": sum(old[name] != new[name] for name in old.keys() & new.keys()),
        "removed": len(old.keys() - new.keys()),
    }
