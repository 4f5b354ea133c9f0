"""Processor, memory and disks from HOST-RESOURCES-MIB (RFC 2790) and UCD-SNMP-MIB columns."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dutyroom.model.facts import Temperature, Volume
from dutyroom.sources.snmp import mib
from dutyroom.sources.snmp.answers import Oid, Value, name_of, number, text

STORAGE = (
    mib.HR_STORAGE_TYPE,
    mib.HR_STORAGE_DESCR,
    mib.HR_STORAGE_UNITS,
    mib.HR_STORAGE_SIZE,
    mib.HR_STORAGE_USED,
)
# net-snmp counts these as used although the kernel gives them back when needed.
_RECLAIMABLE = ("Memory buffers", "Cached memory")
# Windows tells `C:\ Label:System  Serial Number 1a2b3c4d`: the drive is the mount, the rest may change.
_DRIVE = re.compile(r"([A-Za-z]):\\")
# Both net-snmp and Windows name the row of the real memory so; an agent may count cards and drives as RAM too.
_REAL_MEMORY = "physical memory"
# File systems in memory, which net-snmp lists as fixed disks.
_NOT_A_DISK = ("/dev", "/proc", "/run", "/sys")

Cells = Mapping[Oid, Mapping[Oid, Value]]


def processor_percent(loads: Mapping[Oid, Value]) -> float | None:
    """The mean of hrProcessorLoad (one row per core, percent over the last minute), or None without a sane row."""
    sane = [load for value in loads.values() if (load := number(value)) is not None and 0 <= load <= 100]
    return sum(sane) / len(sane) if sane else None


def idle_percent(idle: Value | None) -> float | None:
    """100 minus ssCpuIdle, or None."""
    share = number(idle)
    return 100.0 - share if share is not None and 0 <= share <= 100 else None


def ucd_memory_percent(values: Mapping[Oid, Value]) -> float | None:
    """Used memory without buffers and cache in percent of the real memory (UCD-SNMP-MIB memory group), or None."""
    total, free = number(values.get(mib.UCD_MEM_TOTAL_REAL)), number(values.get(mib.UCD_MEM_AVAIL_REAL))
    if not total or total < 0 or free is None:
        return None
    given_back = (number(values.get(mib.UCD_MEM_BUFFER)) or 0) + (number(values.get(mib.UCD_MEM_CACHED)) or 0)
    return _percent(total - free - given_back, total)


def storage_memory_percent(cells: Cells) -> float | None:
    """Used memory in percent from the hrStorageRam row that is the real memory, else the largest of them.

    Without what net-snmp lists as reclaimable; Windows has no such rows.
    """
    units = cells.get(mib.HR_STORAGE_UNITS, {})
    given_back = 0
    best: tuple[bool, int, int] | None = None
    for index, kind in cells.get(mib.HR_STORAGE_TYPE, {}).items():
        descr = text(cells.get(mib.HR_STORAGE_DESCR, {}).get(index)) or ""
        filled = _filled(cells, index)
        unit = number(units.get(index)) or 1
        if filled is None:
            continue
        if descr in _RECLAIMABLE:
            given_back += filled[0] * unit
        elif name_of(kind) == mib.HR_STORAGE_RAM:
            row = (descr.strip().lower() == _REAL_MEMORY, filled[1] * unit, filled[0] * unit)
            best = row if best is None or row[:2] > best[:2] else best
    return _percent(best[2] - given_back, best[1]) if best else None


def memory_rows(cells: Cells) -> tuple[Oid, ...]:
    """The rows of hrStorageTable that `storage_memory_percent` looks at."""
    return tuple(
        index
        for index, kind in cells.get(mib.HR_STORAGE_TYPE, {}).items()
        if name_of(kind) == mib.HR_STORAGE_RAM or text(cells.get(mib.HR_STORAGE_DESCR, {}).get(index)) in _RECLAIMABLE
    )


def volumes(cells: Cells) -> tuple[Volume, ...]:
    """The fixed disks of hrStorageTable with their use in percent, by mount; rows without a size are left out."""
    found: dict[str, Volume] = {}
    for index, kind in cells.get(mib.HR_STORAGE_TYPE, {}).items():
        mount = _mount(text(cells.get(mib.HR_STORAGE_DESCR, {}).get(index)))
        filled = _filled(cells, index)
        used = _percent(*filled) if filled else None
        if name_of(kind) != mib.HR_STORAGE_FIXED_DISK or not mount or used is None:
            continue
        if not any(mount == place or mount.startswith(place + "/") for place in _NOT_A_DISK):
            found.setdefault(mount, Volume(mount, used))
    return tuple(sorted(found.values(), key=lambda volume: volume.mount))


def temperatures(cells: Cells) -> tuple[Temperature, ...]:
    """The sensors of LM-SENSORS-MIB (millidegrees Celsius) as net-snmp on Linux tells them; none elsewhere."""
    found = []
    for index, value in sorted(cells.get(mib.LM_TEMP_VALUE, {}).items()):
        name, milli = text(cells.get(mib.LM_TEMP_DEVICE, {}).get(index)), number(value)
        # A sensor without a probe shows 0, or numbers outside of what a machine survives.
        if name and milli is not None and 0 < milli < 150_000:
            found.append(Temperature(name, milli / 1000))
    return tuple(found)


def _mount(descr: str | None) -> str | None:
    drive = _DRIVE.match(descr or "")
    return f"{drive[1].upper()}:" if drive is not None else descr


def _filled(cells: Cells, index: Oid) -> tuple[int, int] | None:
    used = number(cells.get(mib.HR_STORAGE_USED, {}).get(index))
    size = number(cells.get(mib.HR_STORAGE_SIZE, {}).get(index))
    if used is None or not size:
        return None
    # Both are Integer32, and a large disk's count of units comes round as a negative number.
    return used % 2**32, size % 2**32


def _percent(part: float, whole: float) -> float | None:
    if whole <= 0 or not 0 <= part <= whole:
        return None
    return round(100.0 * part / whole, 1)
