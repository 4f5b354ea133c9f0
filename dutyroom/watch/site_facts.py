"""A site as plain values, to be kept beside what was seen in it: everything the screens show, and no secret.

Addresses and labels stay; communities, passwords, people, telephones, keys and where the store lies do not.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from dutyroom.model.devices import Secret
from dutyroom.model.site import Site

LEFT_OUT = frozenset(
    ("store_url", "contacts", "credentials", "register", "session", "passwords", "backup", "screen", "keys")
)
PERSONAL = frozenset(("owner", "phone"))

Plain = dict[str, Any]


def to_plain(site: Site) -> Plain:
    """What JSON can hold of a site."""
    return {name: value for name, value in _plain(site).items() if name not in LEFT_OUT}


def from_plain(plain: Mapping[str, Any], store_url: str) -> Site:
    """The site again, without secrets, with its store at another place. Raises ValueError for anything else."""
    try:
        made = _value(Site, {**plain, "store_url": store_url})
    except (TypeError, KeyError, AttributeError, LookupError) as error:
        raise ValueError(f"not the facts of a site: {error}") from None
    assert isinstance(made, Site)
    return made


def _plain(value: Any) -> Any:
    if isinstance(value, Secret):
        return None
    if is_dataclass(value) and not isinstance(value, type):
        told = (field.name for field in fields(value) if field.name not in PERSONAL)
        return {name: _plain(getattr(value, name)) for name in told}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value) if isinstance(value, (Path, ZoneInfo)) else value


def _value(kind: Any, plain: Any) -> Any:
    origin, inside = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if plain is None:
            return None
        return _value(next(one for one in inside if one is not type(None)), plain)
    if origin is tuple:
        kinds = [inside[0]] * len(plain) if inside[-1] is Ellipsis else inside
        return tuple(_value(one, part) for one, part in zip(kinds, plain, strict=True))
    if is_dataclass(kind):
        return _made(kind, plain)
    if kind in (datetime, date, time):
        return kind.fromisoformat(plain)
    if isinstance(kind, type) and issubclass(kind, (Enum, Path, ZoneInfo, float)):
        return kind(plain)
    return plain


def _made(kind: Any, plain: Mapping[str, Any]) -> Any:
    """A key that is not there takes its default, one that is unknown here was written by another version."""
    hints = get_type_hints(kind)
    given = {}
    for field in fields(kind):
        if field.name in plain:
            given[field.name] = _value(hints[field.name], plain[field.name])
        elif field.default is MISSING and field.default_factory is MISSING:
            raise ValueError(f"the facts of a site lack {field.name}")
    return kind(**given)
