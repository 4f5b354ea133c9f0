"""The frame of one SNMP poll: a session in the SNMP thread, a deadline, and faults turned into Samples."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from dutyroom.clock import monotonic
from dutyroom.model.devices import SnmpAccess
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.sources.base import Source
from dutyroom.sources.snmp import mib
from dutyroom.sources.snmp.answers import Oid, SnmpFault, Value
from dutyroom.sources.snmp.thread import SnmpThread
from dutyroom.sources.snmp.walker import Pace, walk

if TYPE_CHECKING:
    from dutyroom.sources.snmp.session import Session, Sessions

Facts = TypeVar("Facts")
SIGN_OF_LIFE = (mib.SYS_UPTIME, mib.SYS_NAME)


class Poll:
    """One poll under way: questions that note what stayed unanswered in `troubles` (table: why) and never raise.

    `alive` is what the device gave as its sign of life: sysUpTime, sysName and what its source asks along with them.
    """

    def __init__(self, session: Session, alive: Mapping[Oid, Value], ends_at: float, pace: Pace) -> None:
        self.alive = alive
        self._session = session
        self._ends_at = ends_at
        self._pace = pace
        self.troubles: dict[str, str] = {}

    async def values(self, oids: Sequence[Oid], what: str) -> dict[Oid, Value]:
        """The variables the device has; `what` names them in `troubles` when it stops answering."""
        left_s = self._ends_at - monotonic()
        if left_s > 0:
            try:
                async with asyncio.timeout(left_s):
                    return await self._session.get_optional(oids)
            except TimeoutError:
                pass
            except SnmpFault as fault:
                self.troubles.setdefault(what, fault.detail)
                return {}
        self.troubles.setdefault(what, "deadline")
        return {}

    async def columns(self, columns: Sequence[Oid]) -> Mapping[Oid, Mapping[Oid, Value]]:
        """The columns, as far as they could be read."""
        read = await walk(self._session, columns, ends_at=self._ends_at, pace=self._pace)
        for column, why in read.partial.items():
            self.troubles.setdefault(mib.table_name(column), why)
        return read.values

    @contextmanager
    def apart(self, troubles: dict[str, str]) -> Iterator[None]:
        """Notes what stays unanswered meanwhile in `troubles` too, for who keeps the answers longer than this poll."""
        before, self.troubles = self.troubles, {}
        try:
            yield
        finally:
            troubles |= self.troubles
            self.troubles |= before

    @property
    def most(self) -> int:
        """How many variables the device was found to take in one question."""
        return self._pace.varbinds

    @property
    def detail(self) -> str:
        """What is missing and why, as one line."""
        return "; ".join(f"{what}: {why}" for what, why in self.troubles.items())


class SnmpSource(Source, Generic[Facts]):
    """A device asked over SNMP. What a subclass learns about it lives in the SNMP thread."""

    def __init__(
        self,
        name: str,
        kind: Kind,
        thread: SnmpThread,
        access: SnmpAccess,
        at: tuple[str, int],
        also_from: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.kind = kind
        self._thread = thread
        self._access = access
        self._at = at
        self._also_from = tuple(also_from)
        self._session: Session | None = None
        self._pace = Pace()
        # Variables the device is known to have, asked in one question with the sign of life.
        self._along: tuple[Oid, ...] = ()
        thread.start()

    async def sample(self, now: datetime) -> Sample:
        """One poll in the SNMP thread. Raises `SourceError` when that thread is closed."""
        started = monotonic()
        try:
            facts, detail = await self._thread.run(self._poll)
        except SnmpFault as fault:
            facts, detail, state = None, fault.detail, fault.state
        else:
            state = State.PARTIAL if detail else State.OK
        took_s = monotonic() - started
        at = now + timedelta(seconds=took_s)
        return self._carry(Sample(self.name, self.kind, at, state, detail, took_s=took_s), facts)

    async def aclose(self) -> None:
        """Gives the socket back; the thread stays for the others."""
        if self._session is None or self._thread.closed:
            return

        async def drop(sessions: Sessions) -> None:
            if self._session is not None:
                sessions.drop(self._session)
                self._session = None

        await self._thread.run(drop)

    async def _poll(self, sessions: Sessions) -> tuple[Facts, str]:
        if self._session is None:
            self._session = sessions.session(self._access, *self._at, self._also_from)
        # A dead device ends here, outside the window, so that it takes nobody's place.
        alive = await self._sign_of_life(self._session)
        async with sessions.window:
            poll = Poll(self._session, alive, monotonic() + self._thread.deadline_s, self._pace)
            facts = await self._ask(poll)
            return facts, poll.detail

    async def _sign_of_life(self, session: Session) -> dict[Oid, Value]:
        if self._along:
            try:
                return await session.get([*SIGN_OF_LIFE, *self._along])
            except SnmpFault as fault:
                if fault.state is not State.PROTOCOL:
                    raise
                # What went along may be what it cannot answer: nothing but the sign of life tells whether it lives.
                self._along = ()
        return await session.get(SIGN_OF_LIFE)

    @property
    def dropped(self) -> int:
        """How many datagrams from other addresses or ports than the device's were dropped so far."""
        return self._session.dropped if self._session is not None else 0

    @abstractmethod
    async def _ask(self, poll: Poll) -> Facts:
        """Everything after the sign of life, inside the SNMP thread."""

    @abstractmethod
    def _carry(self, sample: Sample, facts: Facts | None) -> Sample:
        """The sample with the facts in their place."""
