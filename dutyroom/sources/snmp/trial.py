"""Every probe of a device's profile asked once, so that a person can see what each finds."""

from __future__ import annotations

from dataclasses import dataclass

from dutyroom.model.devices import NetworkDevice
from dutyroom.model.profile import Probe, Profile, Quantity
from dutyroom.model.reading import Kind, Sample
from dutyroom.profiles import shipped
from dutyroom.sources.snmp import mib
from dutyroom.sources.snmp.answers import dotted, name_of, text
from dutyroom.sources.snmp.polling import Poll, SnmpSource
from dutyroom.sources.snmp.profile import Found, changing, evaluate, fixed, text_of
from dutyroom.sources.snmp.thread import SnmpThread
from dutyroom.sources.snmp.vitals import Search

# Cells shown of a probe.
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Tried:
    """One probe: what it found (None: nothing), whether it is the one that is used, and the first cells it read."""

    quantity: Quantity
    probe: Probe
    found: Found | None
    used: bool
    seen: tuple[tuple[str, str], ...]
    rows: int


@dataclass(frozen=True, slots=True)
class Trial:
    """A device and all its probes, in the order in which they are tried."""

    sys_descr: str | None
    sys_object_id: str | None
    vendor: str | None
    profile: Profile
    tried: tuple[Tried, ...]


class TrialSource(SnmpSource[Trial]):
    """Asks one device; after `sample` what came of it is in `trial` (None when the device did not answer)."""

    def __init__(self, device: NetworkDevice, thread: SnmpThread) -> None:
        super().__init__(
            device.name, Kind.NETWORK, thread, device.snmp, (device.address, device.port), device.also_from
        )
        self._profiles = shipped().with_own(device.profiles)
        self.trial: Trial | None = None

    def _carry(self, sample: Sample, facts: Trial | None) -> Sample:
        self.trial = facts
        return sample

    async def _ask(self, poll: Poll) -> Trial:
        descr = text((await poll.values([mib.SYS_DESCR], "system")).get(mib.SYS_DESCR))
        object_id = name_of((await poll.values([mib.SYS_OBJECT_ID], "system")).get(mib.SYS_OBJECT_ID))
        profile = self._profiles.of(object_id, descr)
        search = Search(self._profiles, profile, tuple(Quantity))
        probes = [(quantity, probe) for quantity in Quantity for probe in self._profiles.probes(profile, quantity)]
        await search.run(poll)
        for _quantity, probe in probes:
            missing = [column for column in (*changing(probe), *fixed(probe)) if column not in search.cells]
            if missing:
                search.cells |= {column: dict(rows) for column, rows in (await poll.columns(missing)).items()}
        return Trial(
            sys_descr=descr,
            sys_object_id=dotted(object_id) if object_id is not None else None,
            vendor=self._profiles.vendor(profile, object_id),
            profile=profile,
            tried=tuple(self._tried(search, quantity, probe) for quantity, probe in probes),
        )

    def _tried(self, search: Search, quantity: Quantity, probe: Probe) -> Tried:
        used, found = search.found.get(quantity), evaluate(probe, search.cells)
        cells = {column + row: value for column in changing(probe) for row, value in search.cells[column].items()}
        told = [column + row for row in found.rows for column in changing(probe)] if found is not None else []
        first = [oid for oid in (found.origin, *told) if oid in cells] if found is not None else []
        shown = list(dict.fromkeys([*first, *cells]))[:_SHOWN]
        return Tried(
            quantity=quantity,
            probe=probe,
            found=found,
            used=used is not None and used[0] is probe,
            seen=tuple((dotted(oid), text_of(cells[oid]) or "") for oid in shown),
            rows=max((len(search.cells.get(column, {})) for column in changing(probe)), default=0),
        )
