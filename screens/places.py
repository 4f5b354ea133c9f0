"""On which page a device stands. Nothing of the room is imported: the first frame needs this."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dutyroom.model.reading import Kind

MODES = {
    "ups": "power",
    "network": "network",
    "server": "servers",
    "system": "servers",
    "line": "servers",
    "backup": "servers",
}


def home_of(kind: Kind) -> Kind:
    """The kind of the page: what is chosen there is remembered under it."""
    return type(kind).SERVER if MODES[kind] == "servers" else kind
