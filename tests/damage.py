"""Ways a backup goes bad between the day it was made and the day it is needed; each must be refused."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from dutyroom.store.manifests import beside

Damage = Callable[[Path, Path, random.Random], None]


def copied(backup: Path, folder: Path) -> Path:
    """A copy of a backup with its manifest, to be damaged."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(beside(backup), beside(folder / backup.name))
    return Path(shutil.copy(backup, folder / backup.name))


def _rewrite(file: Path, change: Callable[[bytearray], object]) -> None:
    content = bytearray(file.read_bytes())
    change(content)
    file.write_bytes(content)


def flip_a_bit(file: Path, _other: Path, rng: random.Random) -> None:
    """One bit anywhere."""

    def flip(content: bytearray) -> None:
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)

    _rewrite(file, flip)


def flip_a_bit_of_the_manifest(file: Path, _other: Path, rng: random.Random) -> None:
    """One bit of what vouches for the file."""
    flip_a_bit(beside(file), file, rng)


def cut_off(file: Path, _other: Path, rng: random.Random) -> None:
    """The end is missing."""
    _rewrite(file, lambda content: content.__delitem__(slice(rng.randrange(len(content)), None)))


def cut_a_page(file: Path, _other: Path, _rng: random.Random) -> None:
    """The last page is missing."""
    _rewrite(file, lambda content: content.__delitem__(slice(-4096, None)))


def empty(file: Path, _other: Path, _rng: random.Random) -> None:
    """Nothing was written: what a full disk leaves, and what SQLite calls an intact database."""
    file.write_bytes(b"")


def append_bytes(file: Path, _other: Path, rng: random.Random) -> None:
    """Something more at the end."""
    _rewrite(file, lambda content: content.extend(rng.randbytes(rng.randint(1, 4096))))


def zero_a_page(file: Path, _other: Path, rng: random.Random) -> None:
    """A page that never reached the disk."""

    def zero(content: bytearray) -> None:
        filled = [at for at in range(0, len(content), 4096) if any(content[at : at + 4096])]
        at = rng.choice(filled)
        content[at : at + 4096] = bytes(4096)

    _rewrite(file, zero)


def swap_pages(file: Path, _other: Path, rng: random.Random) -> None:
    """Two pages in each other's place."""

    def swap(content: bytearray) -> None:
        one, two = rng.sample(range(len(content) // 4096), 2)
        a, b = slice(one * 4096, one * 4096 + 4096), slice(two * 4096, two * 4096 + 4096)
        content[a], content[b] = content[b], content[a]
        if content[a] == content[b]:
            content[-1] ^= 1

    _rewrite(file, swap)


def older_under_newer_manifest(file: Path, other: Path, _rng: random.Random) -> None:
    """Another whole backup of the same store under this one's name."""
    shutil.copy(other, file)


def swapped_manifest(file: Path, other: Path, _rng: random.Random) -> None:
    """The manifest of another backup."""
    shutil.copy(beside(other), beside(file))


def swapped_manifest_renamed(file: Path, other: Path, _rng: random.Random) -> None:
    """The manifest of another backup that says this one's name."""
    told = json.loads(beside(other).read_text("utf-8")) | {"file": file.name}
    beside(file).write_text(json.dumps(told), "utf-8")


def no_manifest(file: Path, _other: Path, _rng: random.Random) -> None:
    """Killed before the manifest had its name."""
    beside(file).unlink()


def empty_manifest(file: Path, _other: Path, _rng: random.Random) -> None:
    """The manifest's content never reached the disk."""
    beside(file).write_bytes(b"")


def no_file(file: Path, _other: Path, _rng: random.Random) -> None:
    """Only the manifest is left."""
    file.unlink()


def text(file: Path, _other: Path, _rng: random.Random) -> None:
    """Another kind of file, padded to the very size."""
    _rewrite(file, lambda content: content.__setitem__(slice(0, len(content)), b"x" * len(content)))


WAYS: tuple[Damage, ...] = (
    *(flip_a_bit, flip_a_bit_of_the_manifest, cut_off, cut_a_page, empty, append_bytes, zero_a_page, swap_pages),
    *(older_under_newer_manifest, swapped_manifest, swapped_manifest_renamed, no_manifest, empty_manifest, no_file),
    text,
)
