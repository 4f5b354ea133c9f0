"""A workbook made by a process of its own, so that neither the screen nor the watch waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO

from dutyroom import words
from dutyroom.duty.desk import Desk
from dutyroom.errors import ExportError
from dutyroom.inert import decode, inert
from dutyroom.report.file_trouble import NotWritten, Obstacle
from dutyroom.report.files import file_name, making_folder, require_place
from dutyroom.report.order import MADE, Order, Preview, preview_in
from dutyroom.rules.report_period import ReportPeriod
from dutyroom.sending import make_folder, require_begun
from dutyroom.words import _


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: steps of reading done, of how many; or, where it `writes`, sheets of the file."""

    done: int
    every: int
    writes: bool = False


Tell = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A finished workbook that is not in its place yet, and what it says first."""

    path: Path
    preview: Preview


async def read_preview(desk: Desk, period: ReportPeriod, now: datetime) -> Preview:
    """What the workbook of a period would say first, as it stands at `now` (UTC), in every language.

    Raises ExportError (`future` for a period that has not begun, else what the process said or that it ended).
    """
    require_begun(desk, period, now)
    return await _carried_out(_order(desk, period, now), lambda _step: None)


@asynccontextmanager
async def made_apart(
    desk: Desk, period: ReportPeriod, folder: Path, language: str, now: datetime, tell: Tell
) -> AsyncIterator[Made]:
    """The workbook of a period, made in a hidden folder inside `folder`, which is gone at the end with what is in it.

    `tell` hears each step. Raises ExportError as `read_preview`, and when the folder cannot be written to.
    """
    require_begun(desk, period, now)
    stack = ExitStack()
    opening = asyncio.ensure_future(asyncio.to_thread(_hidden_folder, stack, folder / file_name(period)))
    try:
        place = await asyncio.shield(opening)
        order = replace(_order(desk, period, now), language=language, folder=place)
        yield Made(place / MADE, await _carried_out(order, tell))
    finally:
        # Whoever takes the order back while the folder is being made leaves none behind.
        await asyncio.wait([opening])
        await asyncio.shield(asyncio.to_thread(stack.close))


def _hidden_folder(stack: ExitStack, target: Path) -> Path:
    make_folder(target.parent)
    require_place(target)
    return stack.enter_context(making_folder(target.parent))


def _order(desk: Desk, period: ReportPeriod, now: datetime) -> Order:
    checklists = tuple(one.checklist for one in desk.published())
    return Order(desk.site, checklists, period, now, words.language())


async def _carried_out(order: Order, tell: Tell) -> Preview:
    loop, child = asyncio.get_running_loop(), _Child(order)

    def hear(step: Step) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the program is being left
            loop.call_soon_threadsafe(tell, step)

    work = loop.run_in_executor(None, child.carry_out, hear)
    try:
        return await asyncio.shield(work)
    finally:
        # Nobody wants it any more, when it is not over: the process is gone before its folder is.
        child.end()
        await asyncio.shield(work)


class _Child:
    """The process of one order; a thread of its own listens to it."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._unwanted = threading.Event()

    def end(self) -> None:
        """Ends it at once, or keeps it from being started; nothing when it is over."""
        with self._guard:
            self._unwanted.set()
            if self._process is not None and self._process.poll() is None:
                self._process.kill()

    def carry_out(self, tell: Tell) -> Preview:
        """Starts it, listens, and waits for its end. Raises ExportError, unless nobody wants it any more."""
        # In memory: the disk may be full.
        with os.fdopen(os.memfd_create("dutyroom-complaints"), "w+b") as complaints:
            with self._guard:
                if self._unwanted.is_set():
                    return Preview()
                self._process = _started(complaints)
            # At the end of this block the pipes are closed and the process has ended.
            with self._process as process:
                preview = self._listen(process, tell)
                code = process.wait()
            if preview is not None and code == 0:
                return preview
            if self._unwanted.is_set():
                return Preview()
            complaints.seek(0)
            raise ExportError(_ended(code, decode(complaints.read()[-400:])), code="ended")

    def _listen(self, process: subprocess.Popen[bytes], tell: Tell) -> Preview | None:
        """What the workbook says first; None when the process ended before all was done."""
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            # The pipe stays open until the end: without it the process would end.
            process.stdin.write(pickle.dumps(self._order))
            process.stdin.flush()
        except BrokenPipeError:
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
        preview, is_made = None, self._order.folder is None
        for raw in process.stdout:
            try:
                said = json.loads(raw)
                if "obstacle" in said:
                    raise NotWritten(Obstacle(**said["obstacle"]))
                if "refused" in said:
                    raise ExportError(said["refused"], code=said["code"])
                if "preview" in said:
                    preview = preview_in(said)
                elif "made" in said:
                    is_made = True
                else:
                    tell(Step(said["done"], said["of"], said["writes"]))
            except (ValueError, KeyError, TypeError):
                return None  # no line of ours: something is wrong there
        return preview if is_made else None


def _started(complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            # -P: no module of the folder the operator happens to stand in.
            [sys.executable, "-P", "-m", "dutyroom.report.maker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=os.environ | {"PYTHONPATH": _search_path()},
        )
    except OSError as error:
        raise ExportError(_ended(1, error.strerror or type(error).__name__), code="ended") from error


def _ended(code: int, complaint: str) -> str:
    """The sentence for a process that ended too soon: of itself, or because somebody or the system ended it."""
    if code < 0:
        told = _("The program that makes the workbook was ended (signal {number}): nothing was written.")
        return told.format(number=-code)
    last = complaint.strip().splitlines()[-1:] or [""]
    told = _("The program that makes the workbook stopped: nothing was written. {said}")
    return told.format(said=inert(last[0], 200)).strip()


def _search_path() -> str:
    """Where the child finds this very package, however the parent found it."""
    here = str(Path(__file__).resolve().parents[1])
    return os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
