"""`dutyroom demo`: a simulated room on loopback, watched by the real clients."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dutyroom import clock, words
from dutyroom.cli.screen import follow_the_window, on_terminal
from dutyroom.model.people import Actor, Role
from dutyroom.words import _

if TYPE_CHECKING:
    from dutyroom.demo.process import DemoRoom
    from dutyroom.duty.desk import Desk
    from dutyroom.model.site import Site
    from dutyroom.watch.recording import Recording

OPERATOR, PASSWORD = "zhangwei", "walk the room 1"
# Who walked on the days that `--days` fills; invented names.
_PEOPLE = (
    (OPERATOR, ("Zhang Wei", "张伟"), Role.LEAD),
    ("lina", ("Li Na", "李娜"), Role.TECHNICIAN),
    ("admin", ("Administrator", "管理员"), Role.ADMIN),
)
FIRST_ANSWERS_S = 30.0


@dataclass(slots=True)
class Controls:
    """What the demo's palette can do, and its login."""

    room: DemoRoom
    operator: str = OPERATOR
    password: str = PASSWORD

    def outage(self, on: bool) -> None:
        """Plays a mains failure, or brings the mains back."""
        self.room.outage(on)


def demo(
    data: Path | None, days: int, seed: int, outage: bool, plain: bool, lang: str | None, record: Path | None = None
) -> int:
    """Runs the demo; returns the exit code. Without a terminal it does the whole main job and prints it.

    `record` is a new file that every sample is written to; raises RecordingRefused.
    """
    folder = data or Path(tempfile.mkdtemp(prefix="dutyroom-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    with_screens = on_terminal() and not plain
    if lang is not None:
        words.install(lang)
    elif with_screens:
        words.install(_chosen_language() or words.language())
    with _room(folder, seed, words.language()) as (room, site):
        from dutyroom.cli.compose import open_desk
        from dutyroom.watch.recording import Recording

        recording = Recording(record, site) if record is not None else None
        desk = open_desk(site)
        _enrol(desk, days)
        if days:
            _fill(desk, room, days, seed)
            _back_up(desk)
        if outage:
            room.outage(True)
        if not with_screens:
            try:
                return _plain(desk, site, folder, recording, outage=outage)
            finally:
                if recording is not None:
                    recording.close()
                desk.store.close()
        desk.store.close()
        code = _screens(site, room, folder, recording)
    print(_("The demo's records and site file are in {folder}").format(folder=folder))
    return code


def _chosen_language() -> str:
    from screens.choices import Choices

    return Choices().language


@contextmanager
def _room(folder: Path, seed: int, language: str) -> Iterator[tuple[DemoRoom, Site]]:
    from dutyroom.config import load_site
    from dutyroom.demo.process import DemoRoom
    from dutyroom.demo.site import write_site

    with DemoRoom.start(seed) as room:
        yield room, load_site(write_site(folder, room.ports, language))


def _enrol(desk: Desk, days: int) -> None:
    """Adds the demo's people where they are not there yet, before the history they will walk.

    The admin comes first: an empty store asks for one.
    """
    from dutyroom.duty.operators import add_operator, operators
    from dutyroom.duty.passwords import hashed_lightly

    began = clock.now() - timedelta(days=days + 2)
    known = {operator.name for operator in operators(desk.store)}
    admin = Actor("admin", Role.ADMIN, "demo")
    for name, label, role in sorted(_PEOPLE, key=lambda person: person[2] is not Role.ADMIN):
        if name not in known:
            by = None if role is Role.ADMIN and not known else admin
            # Each signature of the history asks for the password, which stands in the README.
            add_operator(desk.store, by, name, words.choose(*label), role, PASSWORD, began, hash_of=hashed_lightly)


def _fill(desk: Desk, room: DemoRoom, days: int, seed: int) -> None:
    from dutyroom.demo.history import Simulation, fill_days

    people = tuple((name, PASSWORD) for name, _label, role in _PEOPLE if role is not Role.ADMIN)
    to_terminal = sys.stderr.isatty()

    def tell(done: int, total: int) -> None:
        if to_terminal:
            end = "\n" if done == total else "\r"
            text = _("filling history: day {done} of {total}").format(done=done, total=total)
            print(text, end=end, file=sys.stderr, flush=True)

    fill_days(desk, Simulation(room.room, room.started_at), people, days, seed, clock.now(), tell)


def _back_up(desk: Desk) -> None:
    """Last night's backup of the days that were filled."""
    from dutyroom.duty.backups import back_up, copy_to_second
    from dutyroom.model.backup import BackupReason

    made = back_up(desk.store, desk.site, BackupReason.DAILY, clock.now())
    copy_to_second(desk.store, desk.site, made, FIRST_ANSWERS_S)


def _screens(site: Site, room: DemoRoom, folder: Path, recording: Recording | None) -> int:
    from dutyroom.cli import logs, settling
    from dutyroom.cli.compose import open_room
    from screens.app import DutyroomApp
    from screens.choices import Choices

    logs.to_file()
    settling.begin()
    follow_the_window()
    site_file, controls = folder / "site.toml", Controls(room)
    app = DutyroomApp(lambda: open_room(site, site_file, recording), controls, Choices(), site.screen.theme)
    app.run(mouse=site.screen.mouse)
    return app.return_code or 0


def _plain(desk: Desk, site: Site, folder: Path, recording: Recording | None, *, outage: bool) -> int:
    """The main job without a terminal: the board, a walked and signed round, the workbook, the check."""
    from dutyroom.cli.compose import build_watch

    watch, _change = build_watch(site, desk.store, recording)
    watch.start()
    try:
        _wait_for_answers(desk, site)
        if outage:
            _wait_for_outage(desk)
        _print_board(desk)
        signed = _walk(desk)
    finally:
        watch.stop()
    workbook = _export(desk, folder, signed)
    print(_("Workbook: {path}").format(path=workbook))
    print(_("Site file: {path}").format(path=folder / "site.toml"))
    return _verified(desk)


def _wait_for_answers(desk: Desk, site: Site) -> None:
    from dutyroom.duty.records import read_room

    until = clock.monotonic() + FIRST_ANSWERS_S
    wanted = {device.name for device in site.devices()}
    while clock.monotonic() < until:
        latest = read_room(desk, clock.now()).latest
        if wanted <= {name for name, one in latest.items() if one.sample.state.knows}:
            return
        time.sleep(0.2)


def _wait_for_outage(desk: Desk) -> None:
    """The watch opens it by itself, with the second reading on battery."""
    from dutyroom.store import outages

    until = clock.monotonic() + FIRST_ANSWERS_S
    while clock.monotonic() < until:
        with desk.store.read() as session:
            if outages.still_open(session):
                return
        time.sleep(0.2)


def _print_board(desk: Desk) -> None:
    from dutyroom.board import make_board
    from dutyroom.cli.status_lines import lines
    from dutyroom.duty.records import read_room

    now = clock.now()
    board = make_board(desk.site, desk.checklist, read_room(desk, now), now, clock.boot())
    print("\n".join(lines(board, desk.site.timezone)))


def _walk(desk: Desk) -> str:
    """Walks and signs the current round; returns its month. A round that is signed already is left as it is."""
    from dutyroom.demo.walker import answer_like_a_person, say_what_it_stands_for
    from dutyroom.duty import answering, rounds, signing, walks
    from dutyroom.duty.records import read_room
    from dutyroom.duty.signin import sign_in
    from dutyroom.errors import RoundRefused
    from dutyroom.rules.live import live_value

    rng = random.Random(0)
    came = sign_in(desk.store, OPERATOR, PASSWORD, "demo", clock.now())
    operator, actor = came.operator, came.actor
    try:
        walk = rounds.start_round(desk, actor, clock.now())
    except RoundRefused as refused:
        print(str(refused))
        return f"{clock.local_date(clock.now(), desk.site.timezone):%Y-%m}"
    for line in walk.lines:
        if walk.entry(line) is None:
            now = clock.now()
            seen = walks.room_now(desk, walk, read_room(desk, now), now)
            given = answer_like_a_person(line, live_value(line, seen), rng)
            answered = answering.record_answer(desk, actor, walk.round.id, line, given, clock.now())
            walk = walk.with_entry(say_what_it_stands_for(desk, actor, answered, clock.now()))
    signed = signing.sign_round(desk, actor, walk.round.id, PASSWORD, clock.now())
    measured = sum(entry.origin.value == "measured" for entry in walk.entries.values())
    print(
        _("Round {id} walked and signed by {who}: {n} answers, {m} of them measured, {bad} not normal.").format(
            id=signed.id, who=operator.label, n=len(walk.lines), m=measured, bad=signed.abnormal
        )
    )
    return f"{signed.due_on:%Y-%m}"


def _export(desk: Desk, folder: Path, month: str) -> Path:
    from dutyroom.report.files import file_name
    from dutyroom.rules.report_period import parse
    from dutyroom.sending import write_period

    period, actor = parse(month), Actor(OPERATOR, Role.LEAD, "demo")
    return write_period(desk, actor, period, folder / file_name(period), words.language(), clock.now).path


def _verified(desk: Desk) -> int:
    from dutyroom.store.verify import verify

    with desk.store.read() as session:
        found = verify(session)
    print(_("Ledger: {n} lines, {faults} faults.").format(n=found.lines, faults=len(found.faults)))
    return 1 if found.faults else 0
