"""CPU, memory, temperature, fans and power supplies of a device, asked as its profile says.

The first poll tries the probes in order and keeps the first that finds a value; later polls ask only for the cells
those need, most in one GET, until a cell no longer tells anything, the device restarted, or an hour went by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from dutyroom.clock import monotonic
from dutyroom.model.facts import Part
from dutyroom.model.profile import Probe, Profile, Profiles, Quantity
from dutyroom.sources.snmp.answers import Absent, Oid, Value, dotted
from dutyroom.sources.snmp.polling import Poll
from dutyroom.sources.snmp.profile import Found, changing, evaluate, fixed, only_rows, text_of

# How long a probe that found something is believed to be the best one; where something stayed unanswered or was lost,
# the others are tried again sooner, but not at every poll.
LEARNT_S = 3600.0
AGAIN_S = 60.0
# Variables in one question.
_MOST = 50
_WHAT = "hardware values"

_Cells = dict[Oid, dict[Oid, Value]]


@dataclass(frozen=True, slots=True)
class Vitals:
    """What was found, as `DeviceFacts` has it; `profile` is the name of the profile that was used."""

    profile: str
    vendor: str | None
    cpu_percent: float | None = None
    cpu_basis: str | None = None
    memory_percent: float | None = None
    temperature_c: float | None = None
    fans: tuple[Part, ...] = ()
    power_supplies: tuple[Part, ...] = ()
    origins: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class _Winner:
    """A probe that found a value, the cells it needs that do not change, and what it found last with its names."""

    probe: Probe
    fixed: _Cells
    instances: tuple[tuple[Oid, Oid], ...]
    last: Found
    names: Mapping[Oid, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Learnt:
    profile: Profile
    at: float
    looked_at: float
    again_s: float = AGAIN_S
    winners: dict[Quantity, _Winner] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)


class VitalMemory:
    """Asks one device; what it learns about it lives here, in the SNMP thread."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles
        self._learnt: _Learnt | None = None

    def forget(self) -> None:
        """The device restarted or was replaced: everything is tried anew."""
        self._learnt = None

    async def read(self, poll: Poll, object_id: Oid | None, descr: str | None) -> Vitals:
        """One poll's values; what stayed unanswered stands in the poll's troubles."""
        now = monotonic()
        profile = self._profiles.of(object_id, descr)
        learnt = self._learnt
        if learnt is None or learnt.profile is not profile or now - learnt.at >= LEARNT_S:
            learnt = self._learnt = _Learnt(profile, now, now)
            found = await self._look(poll, learnt, tuple(Quantity))
        else:
            found = await self._ask_again(poll, learnt)
            # What a device does not tell now it may tell later: net-snmp has no load in its first minute.
            wanted = [quantity for quantity in Quantity if quantity not in found]
            if wanted and _WHAT not in poll.troubles and now - learnt.looked_at >= learnt.again_s:
                learnt.looked_at, learnt.again_s = now, min(learnt.again_s * 2, LEARNT_S)
                found |= await self._look(poll, learnt, wanted)
        for what, why in learnt.troubles.items():
            poll.troubles.setdefault(what, why)
        return self._told(profile, object_id, learnt, found)

    async def _ask_again(self, poll: Poll, learnt: _Learnt) -> dict[Quantity, Found]:
        instances = list(dict.fromkeys(one for winner in learnt.winners.values() for one in winner.instances))
        cells = await _get(poll, instances)
        found: dict[Quantity, Found] = {}
        for quantity, winner in learnt.winners.items():
            what = evaluate(winner.probe, {**cells, **winner.fixed})
            if what is None:
                continue
            if what.parts != winner.last.parts:
                # Some devices write into a part's name how it is.
                winner.names = await _names(poll, winner.probe, what)
            found[quantity], winner.last = what, what
        return found

    async def _look(self, poll: Poll, learnt: _Learnt, quantities: Iterable[Quantity]) -> dict[Quantity, Found]:
        learnt.troubles.clear()
        found: dict[Quantity, Found] = {}
        with poll.apart(learnt.troubles):
            search = Search(self._profiles, learnt.profile, quantities)
            await search.run(poll)
            for quantity, (probe, what) in search.found.items():
                found[quantity] = what
                learnt.winners[quantity] = await _winner(poll, probe, what, search.cells)
        return found

    def _told(
        self, profile: Profile, object_id: Oid | None, learnt: _Learnt, found: Mapping[Quantity, Found]
    ) -> Vitals:
        def number(quantity: Quantity) -> float | None:
            return found[quantity].value if quantity in found else None

        def parts(quantity: Quantity) -> tuple[Part, ...]:
            if quantity not in found:
                return ()
            winner = learnt.winners[quantity]
            return tuple(Part(_name(winner, row), state.value) for row, state in found[quantity].parts)

        basis = learnt.winners[Quantity.CPU].probe.basis if Quantity.CPU in found else None
        return Vitals(
            profile=profile.name,
            vendor=self._profiles.vendor(profile, object_id),
            cpu_percent=number(Quantity.CPU),
            cpu_basis=basis.value if basis is not None else None,
            memory_percent=number(Quantity.MEMORY),
            temperature_c=number(Quantity.TEMPERATURE),
            fans=parts(Quantity.FANS),
            power_supplies=parts(Quantity.POWER_SUPPLIES),
            origins=tuple(
                (quantity.value, dotted(found[quantity].origin)) for quantity in Quantity if quantity in found
            ),
        )


class Search:
    """Tries the probes of several quantities side by side; `found` and `cells` hold what came of it."""

    def __init__(self, profiles: Profiles, profile: Profile, quantities: Iterable[Quantity]) -> None:
        self._left = {quantity: list(profiles.probes(profile, quantity)) for quantity in quantities}
        self._doubtful: dict[Quantity, tuple[Probe, Found]] = {}
        self.found: dict[Quantity, tuple[Probe, Found]] = {}
        self.cells: _Cells = {}

    async def run(self, poll: Poll) -> None:
        """Asks until every quantity has a value or no probe left."""
        probes = [probe for probes in self._left.values() for probe in probes]
        await self.read_scalars(poll, probes)
        while self._left:
            needed = list(dict.fromkeys(column for quantity in list(self._left) for column in self._advance(quantity)))
            if needed:
                self.cells |= {column: dict(rows) for column, rows in (await poll.columns(needed)).items()}
        for quantity, doubtful in self._doubtful.items():
            self.found.setdefault(quantity, doubtful)

    async def read_scalars(self, poll: Poll, probes: Iterable[Probe]) -> None:
        """All single variables of the probes, many in one question."""
        oids = dict.fromkeys(oid for probe in probes if not probe.kind.is_table for oid in changing(probe))
        read = await _get(poll, [(oid, ()) for oid in oids])
        self.cells |= {oid: read.get(oid, {}) for oid in oids}

    def _advance(self, quantity: Quantity) -> list[Oid]:
        """The columns the quantity's next probe needs; none when it is settled."""
        probes = self._left[quantity]
        while probes:
            probe = probes[0]
            missing = [column for column in (*changing(probe), *fixed(probe)) if column not in self.cells]
            if missing:
                return missing
            probes.pop(0)
            what = evaluate(probe, self.cells)
            if what is not None and what.is_certain:
                self.found[quantity] = (probe, what)
                break
            if what is not None:
                self._doubtful.setdefault(quantity, (probe, what))
        del self._left[quantity]
        return []


async def _get(poll: Poll, instances: list[tuple[Oid, Oid]]) -> _Cells:
    """These cells, given as column and row, as far as the device has them."""
    cells: _Cells = {}
    most = max(1, min(_MOST, poll.most))
    for at in range(0, len(instances), most):
        part = instances[at : at + most]
        read = await poll.values([column + row for column, row in part], _WHAT)
        for column, row in part:
            value = read.get(column + row, Absent.NO_INSTANCE)
            if not isinstance(value, Absent):
                cells.setdefault(column, {})[row] = value
    return cells


async def _winner(poll: Poll, probe: Probe, what: Found, cells: _Cells) -> _Winner:
    instances = tuple((column, row) for column in changing(probe) for row in what.rows if row in cells.get(column, {}))
    names = await _names(poll, probe, what)
    return _Winner(probe, only_rows(cells, fixed(probe), what.rows), instances, what, names)


async def _names(poll: Poll, probe: Probe, what: Found) -> dict[Oid, str]:
    if not probe.names or not what.parts:
        return {}
    read = await _get(poll, [(probe.names, row) for row in what.rows])
    return {row: said for row, value in read.get(probe.names, {}).items() if (said := text_of(value))}


def _name(winner: _Winner, row: Oid) -> str:
    return winner.names.get(row) or f"{winner.probe.label} {dotted(row)}".strip()
