"""A UPS with an SNMP card: UPS-MIB (RFC 1628) or APC's PowerNet-MIB as `UpsFacts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dutyroom.clock import monotonic
from dutyroom.errors import SourceError
from dutyroom.model.devices import Ups
from dutyroom.model.facts import UpsFacts
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.sources.snmp.answers import Oid, SnmpFault, Value, number
from dutyroom.sources.snmp.polling import Poll, SnmpSource
from dutyroom.sources.snmp.powernet_mib import POWERNET
from dutyroom.sources.snmp.thread import SnmpThread
from dutyroom.sources.snmp.ups_mib import UPS_MIB
from dutyroom.sources.snmp.ups_told import UpsMib
from dutyroom.sources.snmp.walker import Pace
from dutyroom.sources.ups_memory import UpsMemory

# How long what is written on the type plate is believed.
FIXED_S = 3600.0
# Cards are small computers, and their tables have three rows.
VARBINDS = 24
# A card that answers both tells more in its maker's own.
_MIBS = (POWERNET, UPS_MIB)
NEITHER = "the agent answers neither UPS-MIB (RFC 1628) nor PowerNet-MIB: is this the card of a UPS?"


class SnmpUpsSource(SnmpSource[UpsFacts]):
    """Polls one UPS; states ok, partial, timeout, auth, unreachable, protocol (among it: a card of neither MIB).

    Raises `SourceError` when the UPS has no address or no SNMP access.
    """

    def __init__(self, ups: Ups, thread: SnmpThread) -> None:
        if ups.address is None or ups.snmp is None:
            raise SourceError(f"ups {ups.name} has no address or no snmp access")
        super().__init__(ups.name, Kind.UPS, thread, ups.snmp, (ups.address, ups.port))
        self._pace = Pace(varbinds=VARBINDS)
        self._memory = UpsMemory()
        self._mib: UpsMib | None = None
        self._fixed: Mapping[Oid, Value] = {}
        self._fixed_at = 0.0

    def _carry(self, sample: Sample, facts: UpsFacts | None) -> Sample:
        return replace(sample, ups=facts)

    async def _ask(self, poll: Poll) -> UpsFacts:
        mib, scalars = await self._scalars(poll)
        columns = mib.columns(scalars)
        cells = await poll.columns(columns) if columns else {}
        await self._read_fixed(poll, mib)
        facts = self._memory.seen(mib.told(scalars, cells, self._fixed).facts(), monotonic())
        if not facts.status:
            poll.troubles.setdefault("status", f"{mib.name} tells none")
        return facts

    async def _scalars(self, poll: Poll) -> tuple[UpsMib, Mapping[Oid, Value]]:
        """The MIB the card speaks, and its scalars. Raises SnmpFault when it told no status of either."""
        for mib in (self._mib,) if self._mib is not None else _MIBS:
            scalars = await poll.values(mib.scalars, mib.name)
            if any(number(scalars.get(name)) is not None for name in mib.status):
                self._mib = mib
                return mib, scalars
        # Another card may have been put in.
        self._mib, self._fixed = None, {}
        if poll.troubles:
            raise SnmpFault(State.TIMEOUT, poll.detail)
        raise SnmpFault(State.PROTOCOL, NEITHER)

    async def _read_fixed(self, poll: Poll, mib: UpsMib) -> None:
        if not self._fixed or monotonic() - self._fixed_at > FIXED_S:
            self._fixed, self._fixed_at = await poll.values(mib.fixed, mib.name), monotonic()
