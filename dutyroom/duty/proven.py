"""The recorded discharges of the room's batteries: what the hold time rests on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from weakref import WeakKeyDictionary

from dutyroom.model.runtime import Discharge
from dutyroom.model.site import Site
from dutyroom.store import discharges
from dutyroom.store.database import Session, Store

_Key = tuple[tuple[int, int], tuple[tuple[str, date | None], ...]]
_Proven = Mapping[str, tuple[Discharge, ...]]
# One has thousands of points and never changes once it is over: they are read again only when another one proves too.
_read: WeakKeyDictionary[Store, tuple[_Key, _Proven]] = WeakKeyDictionary()


def read_proven(session: Session, store: Store, site: Site) -> _Proven:
    """By UPS, the discharges of its battery that are over and prove something."""
    key = (discharges.proving_mark(session), tuple((ups.name, ups.battery_installed) for ups in site.ups))
    known = _read.get(store)
    if known is not None and known[0] == key:
        return known[1]
    found = {ups.name: discharges.proving(session, ups.name, ups.battery_installed) for ups in site.ups}
    _read[store] = (key, found)
    return found
