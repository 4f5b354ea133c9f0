"""A workbook made by a process of its own, so that neither the screen nor the watch waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import pickle
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO

from dutyroom import words
from dutyroom.duty.desk import Desk
from dutyroom.errors import ExportError
from dutyroom.inert import decode, inert
from dutyroom.report.files import not_written
from dutyroom.report.order import MADE, Order, Preview, preview_in
from dutyroom.rules.report_period import ReportPeriod
from dutyroom.sending import make_folder, require_begun
from dutyroom.words import _

# A line of progress is short; the key figures are one line.
LONGEST_LINE = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: steps done, of how many, and whether the reading is over and the file is being written."""

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
    place = await asyncio.to_thread(_hidden_folder, folder)
    try:
        order = replace(_order(desk, period, now), language=language, folder=place)
        yield Made(place / MADE, await _carried_out(order, tell))
    finally:
        await asyncio.to_thread(shutil.rmtree, place, True)


def _hidden_folder(folder: Path) -> Path:
    make_folder(folder)
    try:
        return Path(tempfile.mkdtemp(prefix=".dutyroom-", dir=folder))
    except OSError as error:
        raise not_written(folder, error) from error


def _order(desk: Desk, period: ReportPeriod, now: datetime) -> Order:
    checklists = tuple(one.checklist for one in desk.published())
    return Order(desk.site, checklists, period, now, words.language())


async def _carried_out(order: Order, tell: Tell) -> Preview:
    with tempfile.TemporaryFile() as complaints:
        child = await asyncio.create_subprocess_exec(
            # -P: no module of the folder the operator happens to stand in.
            *(sys.executable, "-P", "-m", "dutyroom.report.maker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=complaints,
            env=os.environ | {"PYTHONPATH": _search_path()},
            limit=LONGEST_LINE,
        )
        try:
            return await _heard(child, order, tell, complaints)
        finally:
            # Whoever wants it no more (cancelled) or cannot understand it ends it.
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
            await child.wait()


async def _heard(child: asyncio.subprocess.Process, order: Order, tell: Tell, complaints: IO[bytes]) -> Preview:
    assert child.stdin is not None
    assert child.stdout is not None
    preview, made = None, order.folder is None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        child.stdin.write(pickle.dumps(order))
        await child.stdin.drain()
    async for raw in child.stdout:
        said = json.loads(raw)
        if "refused" in said:
            raise ExportError(said["refused"], code=said["code"])
        if "preview" in said:
            preview = preview_in(said)
        elif "made" in said:
            made = True
        else:
            tell(Step(said["done"], said["of"], said["writes"]))
    code = await child.wait()
    if preview is None or not made:
        complaints.seek(0)
        raise ExportError(_ended(code, decode(complaints.read()[-400:])), code="ended")
    return preview


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
