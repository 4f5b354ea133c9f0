"""Where each setting came from: the site file or a default."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, SecretStr

from dutyroom.config.build import default_store_url
from dutyroom.config.sections import SiteForm
from dutyroom.inert import inert
from dutyroom.tomlform import Loc, keys_of, place

STARS = "***"


def rows(form: SiteForm) -> list[tuple[str, str, str]]:
    """(key, value, origin) of every setting; an optional key that is not set and has no default is left out."""
    return [(key, inert(value, 500), origin) for key, value, origin in _rows(form, form, ())]


def _rows(whole: SiteForm, form: BaseModel, loc: Loc) -> Iterator[tuple[str, str, str]]:
    names = {field.alias or name: name for name, field in type(form).model_fields.items()}
    for key in keys_of(type(form)):
        value = getattr(form, names[key])
        here: Loc = (*loc, key)
        if isinstance(value, BaseModel):
            yield from _rows(whole, value, here)
        elif isinstance(value, list) and value and isinstance(value[0], BaseModel):
            for at, entry in enumerate(value):
                yield from _rows(whole, entry, (*here, at))
        elif isinstance(value, dict):
            for entry, told in value.items():
                if isinstance(told, BaseModel):
                    yield from _rows(whole, told, (*here, entry))
                else:
                    yield place((*here, entry)), told, "file"
        elif names[key] in form.model_fields_set:
            yield place(here), _shown(value), "file"
        else:
            default = _derived(whole, form, here) if value in (None, "") else _shown(value)
            # An empty list of devices is no setting.
            if default and value != []:
                yield place(here), default, "default"


def _derived(whole: SiteForm, form: BaseModel, loc: Loc) -> str:
    """What an unset key stands for when that depends on other keys."""
    match loc:
        case ("ups", int(), "hold_time"):
            return whole.site.hold_time
        case ("store", "url"):
            return default_store_url()
        case (str(), int(), "label"):
            return str(getattr(form, "name", ""))
        case _:
            return ""


def _shown(value: Any) -> str:
    match value:
        case SecretStr():
            return STARS
        case bool():
            return "true" if value else "false"
        case list():
            return ", ".join(str(part) for part in value)
        case None:
            return ""
        case _:
            return str(value)
