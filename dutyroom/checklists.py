"""Reads the checklist files (shipped and the site's own) and expands them over the site's devices.

A round keeps the text its checklist was made from, with the limits that were in force, so `parse` renders an old round
as it was.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from dutyroom.checklist_build import built
from dutyroom.checklist_form import ChecklistForm
from dutyroom.errors import ChecklistError
from dutyroom.inert import inert
from dutyroom.model.checklist import Checklist, Per, WalkLine, Words
from dutyroom.model.rounds import Entry
from dutyroom.model.site import LimitProfile, Site
from dutyroom.resources import data_path
from dutyroom.rules.occurrences import is_asked
from dutyroom.tomlform import FormError, fill, parse_toml, with_guess
from dutyroom.words import _

LARGEST = 1024 * 1024


def load_checklist(path: Path, profile: LimitProfile) -> Checklist:
    """The checklist of a file, with the limits of the profile. Raises ChecklistError naming file and item."""
    return parse(read_text(path), profile, inert(str(path), 300))


def shipped(name: str, profile: LimitProfile) -> Checklist:
    """A checklist that comes with dutyroom (`daily`). Raises ChecklistError when there is none of that name."""
    return parse(text_of(name), profile, f"{name}.toml")


def shipped_names() -> list[str]:
    """The names of the checklists that come with dutyroom, by the alphabet."""
    return sorted(path.stem for path in data_path("checklists").glob("*.toml"))


def text_of(name: str) -> str:
    """The TOML text of a shipped checklist, to be kept with the rounds made from it. Raises ChecklistError."""
    known = shipped_names()
    if name not in known:
        sentence = _("{name}: no checklist of that name comes with dutyroom").format(name=inert(name, 60))
        raise ChecklistError(with_guess(sentence, name, known))
    return read_text(data_path("checklists", f"{name}.toml"))


def copy_of(name: str, called: str) -> str:
    """The text of a shipped checklist under another name. Raises ChecklistError for a name it cannot have."""
    if re.fullmatch(r"[a-z][a-z0-9_-]{0,31}", called) is None:
        raise ChecklistError(
            _("{name}: the name of a checklist has small letters, digits, - and _").format(name=inert(called, 60))
        )
    return text_of(name).replace(f'\nname = "{name}"\n', f'\nname = "{called}"\n', 1)


def parse(text: str, profile: LimitProfile, where: str) -> Checklist:
    """The checklist of a TOML text; `where` names the text in errors. Raises ChecklistError naming the item.

    The limits are those of the profile, or those the text says were in force when it was published. `version` is the
    first 12 hex digits of the SHA-256 of the text and the profile's name.
    """
    try:
        return _parsed(text, profile)
    except FormError as error:
        raise ChecklistError(f"{where}: {error}") from None


# A round of another version is parsed again at each answer, and a quarter of a second is noticed.
@lru_cache(maxsize=64)
def _parsed(text: str, profile: LimitProfile) -> Checklist:
    table = parse_toml(text)
    try:
        form = fill(ChecklistForm, table)
    except FormError as error:
        raise FormError(_with_item(error, table)) from None
    chosen = LimitProfile(form.in_force.profile) if form.in_force is not None else profile
    digest = hashlib.sha256(f"{text}\n{chosen.value}".encode("utf-8", "surrogatepass")).hexdigest()
    return built(form, chosen, digest[:12])


def expand(checklist: Checklist, site: Site, occurrence: int | None = None) -> tuple[WalkLine, ...]:
    """The lines of the walk, in order; only those whose turn it is at that occurrence, all without one.

    Items with `per` that follow each other are asked device by device (all of UPS A, then all of UPS B), devices in
    the order of the site file. When the site has no device of that sort, each is asked once, of the room as a whole.
    """
    lines: list[WalkLine] = []
    asked = [item for item in checklist.items if is_asked(item, occurrence)]
    for per, group in groupby(asked, key=lambda item: item.per):
        items = tuple(group)
        names = device_names(site, per) or ("",)
        lines.extend(WalkLine(item, name) for name in names for item in items)
    return tuple(lines)


def shown(lines: Iterable[WalkLine], entries: Mapping[tuple[str, str], Entry]) -> tuple[WalkLine, ...]:
    """The lines whose condition holds with these answers. A line that was answered stays: no answer vanishes."""

    def answer(item: str, device: str) -> str | None:
        entry = entries.get((item, device)) or entries.get((item, ""))
        return entry.answer if entry is not None else None

    return tuple(
        line
        for line in lines
        if line.item.show_if is None
        or answer(line.item.show_if.item, line.device) in line.item.show_if.answers
        or ((own := entries.get(line.key)) is not None and own.answer is not None)
    )


def device_names(site: Site, per: Per | None) -> tuple[str, ...]:
    """The names of the site's devices of that sort, in the order of the site file; none for items of the room."""
    match per:
        case None:
            return ()
        case Per.UPS:
            return tuple(ups.name for ups in site.ups)
        case Per.AC:
            return tuple(ac.name for ac in site.air_conditioners)
        case Per.SERVER:
            return tuple(server.name for server in site.servers)
        case Per.NETWORK:
            return tuple(device.name for device in site.network)
        case Per.SYSTEM:
            return tuple(system.name for system in site.systems)
        case Per.BACKUP:
            return tuple(backup.name for backup in site.backups)


def areas(checklist: Checklist) -> tuple[tuple[str, Words], ...]:
    """(area id, words) of the areas that have items, in the order in which the walk first meets them."""
    words = dict(checklist.areas)
    met = dict.fromkeys(item.area for item in checklist.items)
    return tuple((area, words.get(area, Words(area, area))) for area in met)


def read_text(path: Path) -> str:
    """The text of a checklist file. Raises ChecklistError when it cannot be read as one."""
    shown = inert(str(path), 300)
    try:
        with path.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise ChecklistError(_("{path}: is larger than 1 MB, so it is no checklist").format(path=shown))
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ChecklistError(_("{path}: is not UTF-8; save the file as UTF-8").format(path=shown)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or _("not a path")
        raise ChecklistError(_("{path}: cannot be read ({reason})").format(path=shown, reason=reason)) from None


def _with_item(error: FormError, table: dict[str, object]) -> str:
    """The sentence with the item's id before it, when the error lies in an item that has one."""
    items = table.get("item")
    match error.loc:
        case ("item", int(at), *_rest) if isinstance(items, list) and isinstance(items[at], dict):
            name = items[at].get("id")
            return f"{inert(name, 60)}: {error}" if isinstance(name, str) else str(error)
        case _:
            return str(error)
