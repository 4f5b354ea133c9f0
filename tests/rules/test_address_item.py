"""The number of unregistered addresses fills its item only when every gateway told it whole and lately."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dutyroom.model.addresses import AddressesNow, AskedDevice, Mismatch
from dutyroom.model.reading import State
from dutyroom.rules.address_item import unregistered
from tests.desks import NOW, make_site

SITE = make_site()
CORE = replace(SITE.network[0], arp=True)
ONE, TWO = replace(SITE, network=(CORE,)), replace(SITE, network=(CORE, replace(CORE, name="core-2")))


def known(*asked: AskedDevice, days: float = 9.0) -> AddressesNow:
    counts = ((Mismatch.IP_UNREGISTERED, 2), (Mismatch.IP_OTHER_MAC, 1), (Mismatch.UNSEEN, 5))
    return AddressesNow(NOW - timedelta(days=days), NOW - timedelta(minutes=4), counts, asked=asked)


def asked(name: str = "core-1", minutes: float = 4.0, state: State = State.OK) -> AskedDevice:
    at = NOW - timedelta(minutes=minutes)
    return AskedDevice(name, at, at, state)


def test_it_counts_what_is_not_registered_and_names_the_gateway_that_answered_first() -> None:
    assert unregistered(ONE, known(asked()), NOW) == (3, "core-1", NOW - timedelta(minutes=4), 1800.0)
    both = known(asked(), asked("core-2", minutes=9.0))
    assert unregistered(TWO, both, NOW) == (3, "core-2", NOW - timedelta(minutes=9), 1800.0)


def test_a_part_of_the_number_is_no_number() -> None:
    for found in (
        known(),
        known(asked(state=State.PARTIAL)),
        known(asked(state=State.TIMEOUT)),
        known(asked(minutes=31.0)),
        known(asked(), days=6.9),
        AddressesNow(),
    ):
        assert unregistered(ONE, found, NOW) is None
    assert unregistered(TWO, known(asked()), NOW) is None
    # Without a gateway nobody tells which addresses are in use.
    assert unregistered(SITE, known(asked()), NOW) is None
