"""How many unregistered addresses there are, as the value of a round's item: only where every gateway told."""

from __future__ import annotations

from datetime import datetime

from dutyroom.model.addresses import AddressesNow, Mismatch
from dutyroom.model.reading import State
from dutyroom.model.site import Site
from dutyroom.rules.addresses import is_learning

# A sweep that was missed makes the number one to be looked at; two make it old.
SWEEPS = 3.0


def unregistered(site: Site, known: AddressesNow, now: datetime) -> tuple[int, str, datetime, float] | None:
    """(count, the gateway that answered first, when, for how many seconds it holds).

    The count holds addresses that are not registered, and registered ones with another MAC. None while learning, with
    no gateway (`arp = true`), and while one did not answer whole and lately: a part of the number would be a wrong one.
    """
    asked = {one.name: one for one in known.asked}
    gateways = [asked.get(device.name) for device in site.network if device.arp]
    if not gateways or is_learning(known.first_sweep_at, site.addresses, now):
        return None
    fresh_for_s = SWEEPS * site.addresses.every_s
    oldest: tuple[datetime, str] | None = None
    for one in gateways:
        if one is None or one.state is not State.OK or one.answered_at is None:
            return None
        if (now - one.answered_at).total_seconds() > fresh_for_s:
            return None
        oldest = min(oldest or (one.answered_at, one.name), (one.answered_at, one.name))
    assert oldest is not None
    count = known.count(Mismatch.IP_UNREGISTERED, Mismatch.IP_OTHER_MAC)
    return count, oldest[1], oldest[0], fresh_for_s
