"""The process in which a workbook is made: `python -m dutyroom.report.maker`, started by `dutyroom.making`.

It reads a pickled `Order` from its standard input, which its parent alone can write to, and says one line of JSON for
each thing it did: steps of how many, the key figures, a refusal, or that the file is made. It reads the store and
changes nothing. It ends when its standard input does, which is when its parent ends or has no more use for it.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import shutil
import signal
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from dutyroom import words
from dutyroom.errors import DutyroomError
from dutyroom.report.file_trouble import NotWritten
from dutyroom.report.files import file_name
from dutyroom.report.order import MADE, Order, Preview, Told, ToldFigure, line, preview_line

if TYPE_CHECKING:
    from dutyroom.report.report import Report

# People at the screens and the watch come first.
LOWER_PRIORITY = 10


def main() -> int:
    """Carries out one order."""
    with contextlib.suppress(OSError):
        os.nice(LOWER_PRIORITY)
    # ctrl+c is the parent's: it takes the order back by closing the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    order = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_parent, args=(order.folder,), daemon=True).start()
    words.install(order.spoken)
    try:
        carry_out(order)
    except NotWritten as trouble:
        _say(line({"obstacle": asdict(trouble.obstacle)}))
    except DutyroomError as error:
        _say(line({"refused": str(error), "code": error.code}))
    return 0


def carry_out(order: Order) -> None:
    """Reads the report, says its key figures, and writes the workbook where one is wanted.

    Raises StoreError, ChecklistError, ExportError; what is wrong with the file is said of the one people will see.
    """
    from dutyroom.report.book import export
    from dutyroom.report.collect import report_of
    from dutyroom.store.database import Store

    def read(done: int, every: int) -> None:
        _say(line({"done": done, "of": every, "writes": False}))

    def write(done: int, every: int) -> None:
        _say(line({"done": done, "of": every, "writes": True}))

    store = Store.open(order.site.store_url, read_only=True)
    try:
        report = report_of(store, order.site, order.checklists, order.period, order.made_at, read)
    finally:
        store.close()
    _say(preview_line(_preview(report)))
    if order.folder is not None:
        try:
            export(report, order.folder / MADE, order.language, tell=write)
        except NotWritten as trouble:
            raise trouble.about(order.folder.parent / file_name(order.period)) from trouble
        _say(line({"made": True}))


def _preview(report: Report) -> Preview:
    """In every language at once: the screen may be switched to another."""
    from dutyroom.report.key_figures import figure_text, judgement, key_figures

    told = {}
    for language in words.LANGUAGES:
        with words.speaking(language):
            figures = tuple(ToldFigure(one.label, figure_text(one), one.is_bad) for one in key_figures(report))
            told[language] = Told(judgement(report), figures)
    return Preview(told, report.frame.used_from)


def _say(said: bytes) -> None:
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()


def _end_with_parent(folder: Path | None) -> None:
    # The bare descriptor: a buffered reader that waits would hold up the end of this process.
    while os.read(0, 4096):
        pass
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
