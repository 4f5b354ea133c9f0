"""What the watch saw, sample by sample, in a file beside the store: one JSON object a line.

The first line says what the file is and which site it is of; every other line is a sample with all its facts, or
another first line from where the site file was read again. What was handed over is in the file before the next sample
is asked for, so that a kill costs the last line at most; a line that was cut is left out when the file is read.
"""

from __future__ import annotations

import json
import logging
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from dutyroom import clock
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.reading import Sample
from dutyroom.model.site import Site
from dutyroom.store.sample_text import from_text, to_text
from dutyroom.watch.site_facts import from_plain, to_plain
from dutyroom.words import _

log = logging.getLogger(__name__)

SCHEMA = 1
GZIP_MAGIC = b"\x1f\x8b"
# A switch of a thousand ports is a megabyte: longer is no line of a recording.
LONGEST_LINE = 64 * 1024 * 1024
PART = 256 * 1024
# What waits for a disk that is full.
MOST_PENDING = 16 * 1024 * 1024


class RecordingRefused(DutyroomError):
    """A file that cannot be recorded into, or is no recording."""

    code = "recording"
    exit_code = 2


class Recording:
    """A new file that samples are appended to; gzip where its name ends with `.gz`. Use it from one thread at a time.

    Raises RecordingRefused when there is such a file already or it cannot be made.
    """

    def __init__(self, path: Path, site: Site) -> None:
        self.path = path
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            raise RecordingRefused(_("{path} is there already: name a new file.").format(path=path)) from None
        except OSError as error:
            sentence = _("{path}: nothing can be recorded there ({reason})")
            raise RecordingRefused(sentence.format(path=path, reason=error.strerror or error)) from None
        self._file: IO[bytes] = os.fdopen(file, "wb", buffering=0)
        self._packer = zlib.compressobj(wbits=31) if path.suffix == ".gz" else None
        self._pending = b""
        self._is_over = False
        self._new_site: Site | None = None
        self._write([_header(site)])

    def change_site(self, site: Site) -> None:
        """From the next samples on another site is in force; from any thread."""
        self._new_site = site

    def put(self, samples: Sequence[Sample]) -> None:
        """Appends samples. While the disk takes nothing they wait; when too much waits the recording ends."""
        site, self._new_site = self._new_site, None
        lines = [*([] if site is None else [_header(site)]), *map(to_text, samples)]
        if lines:
            self._write(lines)

    def close(self) -> None:
        """Ends the file."""
        try:
            if self._packer is not None and not self._pending:
                self._file.write(self._packer.flush())
            self._file.close()
        except OSError as error:
            log.error("the recording could not be ended: %s", error)

    def _write(self, lines: Sequence[str]) -> None:
        if self._is_over:
            return
        data = "".join(f"{line}\n" for line in lines).encode()
        if self._packer is not None:
            data = self._packer.compress(data) + self._packer.flush(zlib.Z_SYNC_FLUSH)
        was_behind, self._pending = bool(self._pending), self._pending + data
        try:
            while self._pending:
                self._pending = self._pending[self._file.write(self._pending) :]
        except OSError as error:
            if not was_behind:
                log.error("the recording waits: %s", error)
            if len(self._pending) > MOST_PENDING:
                log.error("the recording ends here: nothing could be written for too long")
                self._is_over, self._pending = True, b""
        else:
            if was_behind:
                log.warning("the recording goes on, nothing is missing")


def _header(site: Site) -> str:
    told = {"schema": SCHEMA, "at": clock.now().isoformat(), "fingerprint": site.fingerprint, "site": to_plain(site)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Header:
    """A first line: from when on it holds, and the site as plain values."""

    at: datetime
    fingerprint: str
    site: dict[str, Any]

    def site_at(self, store_url: str) -> Site:
        """The site with its store at that place. Raises ValueError when the facts are no site's."""
        return from_plain(self.site, store_url)


def read_header(path: Path) -> Header:
    """The first line of a recording. Raises RecordingRefused when the file cannot be read or is no recording."""
    try:
        first = next(iter(_lines(path)), b"")
        header = _header_of(first)
        if header is not None:
            header.site_at("sqlite:///nowhere")
            return header
    except OSError as error:
        sentence = _("{path}: cannot be read ({reason})")
        raise RecordingRefused(sentence.format(path=inert(str(path), 300), reason=error.strerror or error)) from None
    except ValueError:
        pass
    raise RecordingRefused(_("{path} is no recording of dutyroom.").format(path=inert(str(path), 300)))


def read(path: Path) -> Iterator[Header | Sample]:
    """Everything in a recording, in its order, after the first line. Lines that cannot be understood are left out.

    Raises OSError when the file cannot be read.
    """
    lines = iter(_lines(path))
    next(lines, b"")
    for line in lines:
        try:
            found = _header_of(line) or from_text(line.decode())
        except ValueError:
            continue
        yield found


def _header_of(line: bytes) -> Header | None:
    """None for a line that is something else. Raises ValueError for one that nearly is a header."""
    if not line.startswith(b'{"schema":'):
        return None
    told = json.loads(line)
    if told["schema"] != SCHEMA:
        raise ValueError("a recording of another version")
    try:
        return Header(datetime.fromisoformat(told["at"]), str(told["fingerprint"]), dict(told["site"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"a header lacks {error}") from None


def _lines(path: Path) -> Iterator[bytes]:
    """The whole lines of a file; one that was cut at the end is left out."""
    rest = b""
    for part in _parts(path):
        *whole, rest = (rest + part).split(b"\n")
        yield from (line for line in whole if line)
        if len(rest) > LONGEST_LINE:
            return


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        part = file.read(PART)
        if not part.startswith(GZIP_MAGIC):
            while part:
                yield part
                part = file.read(PART)
            return
        unpacker = zlib.decompressobj(wbits=31)
        while part and not unpacker.eof:
            try:
                yield unpacker.decompress(part)
            except zlib.error:
                # Damaged from here on: what came before is true.
                return
            part = file.read(PART)
