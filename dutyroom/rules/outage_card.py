"""Is the outage card on the wall still true?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dutyroom.model.outage_card import CardState, PrintedCard
from dutyroom.model.reading import HoldVerdict
from dutyroom.model.site import Site

PREFIX = "outage-card/"
# 48 bits tell two versions of one file apart, and a person can compare them.
FINGERPRINT = 12


def short(fingerprint: str) -> str:
    """The beginning of a fingerprint, as it stands on the card."""
    return fingerprint[:FINGERPRINT]


def subject_of(site: Site, verdicts: Mapping[str, HoldVerdict]) -> str:
    """What is written in the ledger of a card: `outage-card/3f2a9c01d4e7/ups-a=met,ups-b=short`."""
    told = ",".join(f"{ups.name}={verdicts.get(ups.name, HoldVerdict.NO_EVIDENCE).value}" for ups in site.ups)
    return f"{PREFIX}{short(site.fingerprint)}/{told}"


def card_of(subject: str, at: datetime) -> PrintedCard:
    """The card of such a subject, written at `at`; of a verdict nobody knows nothing is remembered."""
    fingerprint, _slash, told = subject.partition(PREFIX)[2].partition("/")
    verdicts: dict[str, HoldVerdict] = {}
    for one in told.split(","):
        name, _equals, verdict = one.rpartition("=")
        if name and verdict in set(HoldVerdict):
            verdicts[name] = HoldVerdict(verdict)
    return PrintedCard(at, fingerprint, verdicts)


def is_wanted(site: Site) -> bool:
    """True for a site that says whom to call or what to shed: without either a card tells nobody what to do."""
    return bool(site.contacts or site.loads)


def state_of(site: Site, printed: PrintedCard | None, verdicts: Mapping[str, HoldVerdict | None]) -> CardState:
    """How the newest card stands to the site file and to the hold times as they are judged now.

    A UPS that proves nothing just now, because its battery recharges or it does not answer, makes no card old.
    """
    if printed is None:
        return CardState.NEVER
    if printed.fingerprint != short(site.fingerprint):
        return CardState.SITE_FILE
    for ups in site.ups:
        now = verdicts.get(ups.name)
        if now not in (None, HoldVerdict.NO_EVIDENCE, printed.verdicts.get(ups.name, now)):
            return CardState.HOLD_TIME
    return CardState.CURRENT
