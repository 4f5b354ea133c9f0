"""Reads and checks profile files, those that come with dutyroom and a site's own."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import NoReturn, Protocol

from dutyroom.errors import ProfileError
from dutyroom.inert import inert
from dutyroom.model.profile import (
    Aggregate,
    Basis,
    Condition,
    Confidence,
    Oid,
    PartState,
    Probe,
    ProbeKind,
    Profile,
    Profiles,
    Quantity,
)
from dutyroom.profile_form import ConditionForm, MakersForm, ProbeForm, ProfileForm
from dutyroom.resources import data_path
from dutyroom.tomlform import FormError, fill, parse_toml, place
from dutyroom.words import _

LARGEST = 256 * 1024
# Files a site may keep; more is a mistake in the folder's name.
MOST_FILES = 200
_SECTIONS = (
    ("cpu", Quantity.CPU),
    ("memory", Quantity.MEMORY),
    ("temperature", Quantity.TEMPERATURE),
    ("fans", Quantity.FANS),
    ("power_supplies", Quantity.POWER_SUPPLIES),
)
_PART_KINDS = (ProbeKind.STATE, ProbeKind.STATES)
_SHARES = (ProbeKind.SHARE, ProbeKind.SHARE_COLUMN)
# Degrees Celsius outside of which no sensor in a machine room is believed.
_DEGREES = (-40.0, 120.0)
_PERCENT = (0.0, 100.0)


@lru_cache(maxsize=1)
def shipped() -> Profiles:
    """The profiles that come with dutyroom and the table of makers. Raises ProfileError."""
    files = sorted(data_path("profiles").glob("*.toml"))
    return Profiles(tuple(_load(path, path.name) for path in files), _makers(data_path("vendors", "enterprises.toml")))


def load_profile(path: Path) -> Profile:
    """The profile of a file. Raises ProfileError naming file and key."""
    return _load(path, inert(str(path), 300))


def load_folder(folder: Path) -> tuple[Profile, ...]:
    """The profiles of a folder's `*.toml` files by name of file. Raises ProfileError, also for a name used twice."""
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except OSError as error:
        raise ProfileError(
            _("{path}: cannot be read ({reason})").format(path=inert(str(folder), 300), reason=error.strerror)
        ) from None
    if len(files) > MOST_FILES:
        raise ProfileError(_("{path}: more than {n} files").format(path=inert(str(folder), 300), n=MOST_FILES))
    found: dict[str, Profile] = {}
    for path in files:
        profile = load_profile(path)
        if profile.name in found:
            raise ProfileError(
                _("{path}: {name} is already the name of the profile in {other}").format(
                    path=profile.where, name=profile.name, other=found[profile.name].where
                )
            )
        found[profile.name] = profile
    return tuple(found.values())


def parse(text: str, where: str) -> Profile:
    """The profile of a TOML text; `where` names the text in errors. Raises ProfileError naming the key."""
    try:
        return _built(fill(ProfileForm, parse_toml(text)), where)
    except FormError as error:
        raise ProfileError(f"{where}: {error}") from None


def _load(path: Path, where: str) -> Profile:
    return parse(_text_in(path, where), where)


def _text_in(path: Path, where: str) -> str:
    try:
        with path.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise ProfileError(_("{path}: is larger than 256 KB, so it is no profile").format(path=where))
        return raw.decode()
    except UnicodeDecodeError:
        raise ProfileError(_("{path}: is not UTF-8; save the file as UTF-8").format(path=where)) from None
    except OSError as error:
        raise ProfileError(_("{path}: cannot be read ({reason})").format(path=where, reason=error.strerror)) from None


def _makers(path: Path) -> tuple[tuple[int, str], ...]:
    try:
        form = fill(MakersForm, parse_toml(_text_in(path, path.name)))
    except FormError as error:
        raise ProfileError(f"{path.name}: {error}") from None
    return tuple((int(number), maker) for number, maker in form.makers.items())


def _built(form: ProfileForm, where: str) -> Profile:
    probes = tuple(
        (quantity, tuple(_probe(one, quantity, section, at) for at, one in enumerate(getattr(form, section))))
        for section, quantity in _SECTIONS
    )
    return Profile(
        name=form.name,
        vendor=form.vendor,
        where=where,
        object_ids=tuple(_oid(one) for one in form.object_ids),
        descriptions=tuple(re.compile(one, re.IGNORECASE) for one in form.descriptions),
        probes=probes,
    )


def _probe(form: ProbeForm, quantity: Quantity, section: str, at: int) -> Probe:
    kind = ProbeKind(form.kind)

    def refuse(key: str, sentence: str) -> NoReturn:
        loc = (section, at, key)
        raise FormError(f"{place(loc)}: {sentence}", loc)

    if (kind in _PART_KINDS) is not quantity.is_parts:
        kinds = ", ".join(one for one in ProbeKind if (one in _PART_KINDS) is quantity.is_parts)
        refuse("kind", _("must be one of {names}").format(names=kinds))
    _check_oids(form, kind, refuse)
    if kind in _PART_KINDS and not form.states:
        refuse("states", _("must not be empty"))
    if (quantity is Quantity.CPU) is (form.basis is None):
        refuse("basis", _("belongs to every [[cpu]] and only there"))
    if form.pattern is not None and re.compile(form.pattern).groups != 1:
        refuse("pattern", _("needs exactly one pair of brackets around the number"))
    low, high = form.range or (_DEGREES if quantity is Quantity.TEMPERATURE else _PERCENT)
    return Probe(
        kind=kind,
        source=form.source,
        value=_oid(form.oid),
        used=_oid(form.used),
        free=_oid(form.free),
        total=_oid(form.total),
        given_back=tuple(_oid(one) for one in form.given_back),
        scale_column=_oid(form.scale_column),
        precision_column=_oid(form.precision_column),
        names=_oid(form.names),
        label=form.label or {Quantity.FANS: "fan", Quantity.POWER_SUPPLIES: "power supply"}.get(quantity, ""),
        where=tuple(_condition(one, section, at) for one in form.where),
        absent=_condition(form.absent, section, at) if form.absent is not None else None,
        rows=tuple(_oid(row) for row in form.rows),
        states=tuple((cell, PartState(state)) for cell, state in form.states.items()),
        aggregate=Aggregate(form.aggregate),
        scale=form.scale,
        invert=form.invert,
        none=tuple(form.none),
        low=low,
        high=high,
        pattern=re.compile(form.pattern) if form.pattern is not None else None,
        basis=Basis(form.basis) if form.basis is not None else None,
        confidence=Confidence(form.confidence),
    )


class _Refuse(Protocol):
    """Says that a key of the probe at hand is wrong."""

    def __call__(self, key: str, sentence: str) -> NoReturn:
        """Raises FormError."""


def _check_oids(form: ProbeForm, kind: ProbeKind, refuse: _Refuse) -> None:
    shares = [key for key in ("used", "free", "total") if getattr(form, key) is not None]
    if kind in _SHARES:
        if len(shares) != 2 or form.oid is not None:
            refuse("kind", _("needs two of used, free and total, and no oid"))
    elif kind is ProbeKind.STORAGE:
        if shares or form.oid is not None:
            refuse("kind", _("knows its own OIDs; leave oid, used, free and total out"))
    elif form.oid is None or shares:
        refuse("oid", _("is needed, and none of used, free and total"))


def _condition(form: ConditionForm, section: str, at: int) -> Condition:
    if not form.equals and not form.contains:
        loc = (section, at, "where")
        raise FormError(f"{place(loc)}: {_('needs equals or contains')}", loc)
    return Condition(_oid(form.oid), tuple(form.equals), tuple(text.casefold() for text in form.contains))


def _oid(text: str | None) -> Oid:
    return tuple(int(part) for part in text.split(".")) if text else ()
