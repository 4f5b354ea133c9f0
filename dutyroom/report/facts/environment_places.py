"""Where temperature and humidity of the room are known from: series of a source, or items of the rounds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from dutyroom.model.checklist import Bounds, Checklist, Item, ItemKind
from dutyroom.model.reading import Origin
from dutyroom.report.frame import Frame
from dutyroom.rules.sources import ROOM
from dutyroom.store.headline import AMBIENT

TEMPERATURE, HUMIDITY = "ambient_temperature_c", "ambient_humidity_percent"
# The items whose limits judge what a probe at a UPS tells of the room.
LIMITS = {TEMPERATURE: "env.temp.cold", HUMIDITY: "env.rh"}
_HUMID = re.compile(r"(^|[._-])(rh|hum)")
_DEW_POINT = re.compile(r"calc:dewpoint\(\s*([^,\s]+)\s*,\s*([^)\s]+)\s*\)")

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where temperature and humidity belong together.

    Measured: `name` is the source, `temperature` and `humidity` its quantities. Typed: `name` is the device the items
    are asked of (empty: the room), `temperature` and `humidity` the items' ids. What a place does not tell is empty;
    the limits are the normal ones in force, None where there are none. `item` is the item a typed place is called by.
    """

    how: Origin
    name: str
    temperature: str = ""
    humidity: str = ""
    temperature_limit: Bounds | None = None
    humidity_limit: Bounds | None = None
    item: Item | None = None


def measured_series(frame: Frame) -> dict[Key, str]:
    """(source, quantity) of everything `[live]` gives to a temperature or humidity of the room, and the item's id."""
    quantities = {variable: name for name, (variable, _low, _high) in AMBIENT.items()}
    return {
        (source, quantities.get(variable, variable)): item_id
        for item_id, (source, variable) in frame.site.live
        if (item := item_in_force(frame, item_id)) is not None and (is_temperature(item) or is_humidity(item))
    }


def measured_places(frame: Frame, mapped: Mapping[Key, str], recorded: Collection[Key]) -> tuple[Place, ...]:
    """The places of what is on record or is to be measured, by source in the order of the site file, others after."""
    temperatures: dict[str, list[str]] = {}
    humidities: dict[str, list[str]] = {}
    for source, quantity in {**mapped, **dict.fromkeys(sorted(recorded))}:
        item_id = mapped.get((source, quantity)) or LIMITS[quantity]
        item = item_in_force(frame, item_id)
        damp = quantity == HUMIDITY or (item is not None and is_humidity(item))
        (humidities if damp else temperatures).setdefault(source, []).append(quantity)
    order = [one.name for one in frame.site.devices()]
    found = []
    for source in sorted({*temperatures, *humidities}, key=lambda name: (_at(order, name), name)):
        warm = sorted(temperatures.get(source, []), key=lambda name: name != TEMPERATURE)
        damp_ones = humidities.get(source, [])
        for place in range(max(len(warm), len(damp_ones))):
            temperature = warm[place] if place < len(warm) else ""
            humidity = damp_ones[place] if place < len(damp_ones) else ""
            found.append(
                Place(
                    Origin.MEASURED,
                    source,
                    temperature,
                    humidity,
                    _normal(frame, mapped.get((source, temperature)) or LIMITS.get(temperature, "")),
                    _normal(frame, mapped.get((source, humidity)) or LIMITS.get(humidity, "")),
                )
            )
    return tuple(found)


def typed_places(frame: Frame, answered: Iterable[Key]) -> tuple[Place, ...]:
    """The places of (item, device) that were answered; an item of another sort is none.

    A temperature and a humidity belong together where a checklist computes the dew point of the two.
    """
    pairs = dict(pair for one in _checklists(frame) for pair in _dew_points(one))
    humidity_of = {humidity: temperature for temperature, humidity in pairs.items()}
    found: dict[Key, Place] = {}
    for item_id, device in answered:
        item = item_in_force(frame, item_id)
        if item is None:
            continue
        if is_temperature(item):
            found[item_id, device] = _typed(frame, item, device, item_id, pairs.get(item_id, ""))
        elif is_humidity(item):
            temperature = humidity_of.get(item_id, "")
            named = item_in_force(frame, temperature) or item
            found[temperature or item_id, device] = _typed(frame, named, device, temperature, item_id)
    order = [item.id for one in _checklists(frame) for item in one.items]
    return tuple(found[key] for key in sorted(found, key=lambda key: (_at(order, key[0]), key)))


def item_in_force(frame: Frame, item_id: str) -> Item | None:
    """The item of a checklist in force, else as rounds of the period were walked with it; None when there is none."""
    return next((item for one in _checklists(frame) if (item := one.item(item_id)) is not None), None)


def is_temperature(item: Item) -> bool:
    """True for a number that is a temperature of the room."""
    return item.id.startswith(ROOM) and item.kind is ItemKind.NUMBER and item.unit == "°C"


def is_humidity(item: Item) -> bool:
    """True for a number that is a relative humidity of the room."""
    if not item.id.startswith(ROOM) or item.kind is not ItemKind.NUMBER:
        return False
    return item.unit == "%RH" or (item.unit == "%" and _HUMID.search(item.id) is not None)


def _typed(frame: Frame, item: Item, device: str, temperature: str, humidity: str) -> Place:
    return Place(
        Origin.TYPED,
        device,
        temperature,
        humidity,
        _normal(frame, temperature),
        _normal(frame, humidity),
        item,
    )


def _checklists(frame: Frame) -> tuple[Checklist, ...]:
    return (*frame.checklists.values(), *frame.versions.values())


def _dew_points(checklist: Checklist) -> Iterable[Key]:
    for item in checklist.items:
        if (found := _DEW_POINT.fullmatch(item.live)) is not None:
            yield found[1], found[2]


def _normal(frame: Frame, item_id: str) -> Bounds | None:
    item = item_in_force(frame, item_id)
    return item.limit.normal if item is not None else None


def _at(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)
