"""The live tries of `dutyroom init`, with the sources that will watch the room afterwards."""

from __future__ import annotations

import asyncio

from dutyroom import clock
from dutyroom.model.devices import NetworkDevice, Server
from dutyroom.model.reading import Kind, Sample
from dutyroom.setup.finding import NutFound, Offered

NUT_S = 5.0


class LiveFinder:
    """Asks with the real protocols."""

    def upses(self, host: str, port: int) -> NutFound:
        """The UPSes of a NUT server, each asked once."""
        return asyncio.run(_upses(host, port))

    def device(self, device: NetworkDevice | Server) -> Sample:
        """One poll of a device over SNMP."""
        return asyncio.run(_device(device))


async def _upses(host: str, port: int) -> NutFound:
    from dutyroom.model.reading import State
    from dutyroom.sources.nut import NutSource, meaning
    from dutyroom.sources.nut_errors import NutError
    from dutyroom.sources.nut_server import NutServer

    server = NutServer(host, port, deadline_s=NUT_S)
    try:
        try:
            listed = await server.list_ups(clock.monotonic() + NUT_S)
        except NutError as trouble:
            return NutFound(*meaning(trouble, ""))
        # One after the other: their questions share one connection and one deadline each.
        found = [
            Offered(name, description, await NutSource(name, name, server).sample(clock.now()))
            for name, description in listed.items()
        ]
        return NutFound(State.OK, "", tuple(found))
    finally:
        await server.aclose()


async def _device(device: NetworkDevice | Server) -> Sample:
    from dutyroom.cli.compose import snmp_source
    from dutyroom.errors import SourceError
    from dutyroom.model.reading import State
    from dutyroom.sources.snmp.thread import SnmpThread

    thread = SnmpThread()
    kind = Kind.NETWORK if isinstance(device, NetworkDevice) else Kind.SERVER
    try:
        source = snmp_source(device, thread)
        try:
            return await source.sample(clock.now())
        finally:
            await source.aclose()
    except SourceError as error:
        return Sample(device.name, kind, clock.now(), State.PROTOCOL, str(error))
    finally:
        await asyncio.to_thread(thread.close)
