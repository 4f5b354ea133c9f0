"""When the outage card on the wall is out of date, and how the ledger remembers what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dutyroom.model.outage_card import CardState, PrintedCard
from dutyroom.model.reading import HoldVerdict as H
from dutyroom.model.site import Contact
from dutyroom.rules.outage_card import card_of, is_wanted, short, state_of, subject_of
from tests.desks import NOW, make_site

SITE = make_site()
MET = {"ups-a": H.MET, "ups-b": H.MET}


def test_what_the_card_says_comes_back_from_the_ledger() -> None:
    subject = subject_of(SITE, {"ups-a": H.SHORT})
    assert subject == "outage-card/ffffffffffff/ups-a=short,ups-b=no-evidence"
    said = {"ups-a": H.SHORT, "ups-b": H.NO_EVIDENCE}
    assert card_of(f"export:{subject}", NOW) == PrintedCard(NOW, short(SITE.fingerprint), said)


@pytest.mark.parametrize("subject", ["export:outage-card/", "export:outage-card/ab/x=what,=,y", "", "other"])
def test_a_subject_nobody_understands_is_a_card_that_says_nothing(subject: str) -> None:
    assert card_of(subject, NOW).verdicts == {}


@pytest.mark.parametrize(
    ("printed", "now", "state"),
    [
        (MET, MET, CardState.CURRENT),
        (MET, {"ups-a": H.SHORT, "ups-b": H.MET}, CardState.HOLD_TIME),
        (MET, {"ups-a": H.EVIDENCE_OLD, "ups-b": H.MET}, CardState.HOLD_TIME),
        (MET, {"ups-a": H.NO_EVIDENCE, "ups-b": None}, CardState.CURRENT),
        (MET, {}, CardState.CURRENT),
        ({"ups-a": H.NO_EVIDENCE, "ups-b": H.MET}, MET, CardState.HOLD_TIME),
    ],
)
def test_the_card_is_old_when_a_hold_time_on_it_is_known_to_be_another(
    printed: dict[str, H], now: dict[str, H | None], state: CardState
) -> None:
    assert state_of(SITE, PrintedCard(NOW, short(SITE.fingerprint), printed), now) is state


def test_the_card_is_old_when_the_site_file_changed_and_missing_when_it_never_was() -> None:
    card = PrintedCard(NOW, short(SITE.fingerprint), MET)
    assert state_of(replace(SITE, fingerprint="0" * 64), card, MET) is CardState.SITE_FILE
    assert state_of(SITE, None, MET) is CardState.NEVER


def test_a_site_that_names_nobody_to_call_and_nothing_to_shed_wants_no_card() -> None:
    assert not is_wanted(SITE)
    assert is_wanted(replace(SITE, contacts=(Contact("commander", "Zhang", "0"),)))
