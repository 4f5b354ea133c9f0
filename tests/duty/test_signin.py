"""Signing in: failures make the next try wait, secrets work once, passwords grow old; each try is in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.duty import operators, passwords, signin
from dutyroom.duty.desk import Desk
from dutyroom.duty.passwords import PasswordRefused
from dutyroom.duty.signin import PasswordChangeNeeded
from dutyroom.errors import NotAllowed, SignInRefused
from dutyroom.model.people import Act, Role
from dutyroom.model.site import PasswordRules
from dutyroom.store import ledger, people
from dutyroom.store.database import Store
from dutyroom.store.verify import verify
from tests import cheap
from tests.desks import ACTOR, ADMIN, NOW, PASSWORD, opened_desk

OWN = "my own password 9"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield opened


def acts(store: Store) -> list[str]:
    with store.read() as session:
        return [line.act for line in ledger.lines(session)]


def refused(store: Store, name: str, password: str, later_s: float = 0.0) -> SignInRefused:
    with pytest.raises(SignInRefused) as caught:
        signin.sign_in(store, name, password, "pts/1", NOW + timedelta(seconds=later_s))
    return caught.value


def test_a_password_and_a_pin_are_stored_at_the_full_cost_and_an_unknown_name_is_compared_at_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", cheap.real_hasher)
    operators.set_password(desk.store, ADMIN, "zhang", OWN, NOW)
    operators.set_pin(desk.store, ACTOR, OWN, "739146", NOW)
    with desk.store.read() as session:
        hashes = [people.password_hash(session, "zhang"), people.pin_hash(session, "zhang")]
    passwords.decoy.cache_clear()
    try:
        hashes.append(passwords.decoy())
    finally:
        passwords.decoy.cache_clear()
    for stored in hashes:
        assert str(stored).startswith("$argon2id$v=19$m=65536,t=3,p=4$"), stored
    assert signin.sign_in(desk.store, "zhang", OWN, "pts/1", NOW).actor.name == "zhang"
    refused(desk.store, "zhang", PASSWORD)


@pytest.mark.parametrize("name", ["zhang", "nobody"])
def test_five_failures_close_a_name_for_a_quarter_of_an_hour_whether_it_exists_or_not(desk: Desk, name: str) -> None:
    said = [str(refused(desk.store, name, "wrong", later_s=60.0 * at)) for at in range(5)]
    assert "again" not in said[0]
    assert [text.split("again in ")[1] for text in said[1:4]] == ["2 s.", "4 s.", "8 s."]
    assert "closed for 15 min" in said[4]
    assert refused(desk.store, name, PASSWORD, later_s=240.0 + 840).code == "closed"
    assert "Try again in 1 s." in str(refused(desk.store, name, PASSWORD, later_s=240.0 + 899))
    if name == "zhang":
        assert signin.sign_in(desk.store, name, PASSWORD, "pts/1", NOW + timedelta(seconds=240 + 901)).last.at is None


def test_the_wait_is_kept_in_the_store(desk: Desk) -> None:
    for at in range(5):
        refused(desk.store, "zhang", "wrong", later_s=60.0 * at)
    again = Store.open(desk.site.store_url)
    try:
        assert refused(again, "zhang", PASSWORD, later_s=300.0).code == "closed"
        # Another name is not closed: a prankster keeps nobody else from the desk.
        assert signin.sign_in(again, "admin", PASSWORD, "pts/1", NOW).actor.name == "admin"
    finally:
        again.close()


def test_a_try_within_the_delay_is_refused_even_with_the_right_password(desk: Desk) -> None:
    refused(desk.store, "zhang", "wrong")
    refused(desk.store, "zhang", "wrong", later_s=1.0)
    assert "Try again in" in str(refused(desk.store, "zhang", PASSWORD, later_s=1.5))
    assert signin.sign_in(desk.store, "zhang", PASSWORD, "pts/1", NOW + timedelta(seconds=5)).actor.name == "zhang"


def test_a_wrong_password_at_a_signature_counts_too(desk: Desk) -> None:
    for at in range(5):
        with pytest.raises(SignInRefused):
            signin.confirm(desk.store, ACTOR, "wrong", NOW + timedelta(seconds=60.0 * at))
    assert refused(desk.store, "zhang", PASSWORD, later_s=300.0).code == "closed"


def test_a_clock_that_was_set_back_closes_nobody_for_longer(desk: Desk) -> None:
    for at in range(5):
        refused(desk.store, "zhang", "wrong", later_s=60.0 * at)
    back = refused(desk.store, "zhang", PASSWORD, later_s=-86400.0 * 30)
    assert "15 min" in str(back)


def test_every_try_is_a_line_and_the_ledger_stays_whole(desk: Desk) -> None:
    before = len(acts(desk.store))
    refused(desk.store, "zhang", "wrong")
    signin.sign_in(desk.store, "zhang", PASSWORD, "pts/1", NOW + timedelta(seconds=1))
    assert acts(desk.store)[before:] == [Act.REFUSE_SIGN_IN, Act.SIGN_IN]
    with desk.store.read() as session:
        assert verify(session).faults == ()


def test_the_sign_in_before_is_told_with_the_refusals_since(desk: Desk) -> None:
    assert signin.sign_in(desk.store, "zhang", PASSWORD, "pts/1", NOW).last.at is None
    refused(desk.store, "zhang", "wrong", later_s=10)
    came = signin.sign_in(desk.store, "zhang", PASSWORD, "pts/2", NOW + timedelta(hours=1))
    assert (came.last.at, came.last.terminal, came.last.refused_since) == (NOW, "pts/1", 1)


def test_a_one_time_secret_opens_nothing_but_the_choice_of_an_own_password(desk: Desk) -> None:
    added, secret = operators.add_with_secret(desk.store, ADMIN, "wang", "Wang", Role.TECHNICIAN, NOW)
    assert added.one_time_until == NOW + timedelta(hours=72)
    needed = refused(desk.store, "wang", secret)
    assert isinstance(needed, PasswordChangeNeeded)
    assert needed.code == "one-time"
    came = signin.change_password(desk.store, "wang", secret, OWN, "pts/1", NOW)
    assert came.operator.one_time_until is None
    assert signin.sign_in(desk.store, "wang", OWN, "pts/1", NOW).actor.role is Role.TECHNICIAN
    refused(desk.store, "wang", secret)
    with desk.store.read() as session:
        assert verify(session).faults == ()


def test_an_outlived_one_time_secret_opens_nothing(desk: Desk) -> None:
    _added, secret = operators.add_with_secret(desk.store, ADMIN, "wang", "Wang", Role.TECHNICIAN, NOW)
    late = NOW + timedelta(hours=73)
    with pytest.raises(SignInRefused, match="too old"):
        signin.sign_in(desk.store, "wang", secret, "pts/1", late)
    with pytest.raises(SignInRefused, match="too old"):
        signin.change_password(desk.store, "wang", secret, OWN, "pts/1", late)


def test_a_reset_gives_a_secret_and_opens_a_closed_name(desk: Desk) -> None:
    for at in range(5):
        refused(desk.store, "zhang", "wrong", later_s=60.0 * at)
    secret = operators.reset_password(desk.store, ADMIN, "zhang", NOW + timedelta(seconds=300))
    assert isinstance(refused(desk.store, "zhang", secret, later_s=301.0), PasswordChangeNeeded)
    with pytest.raises(NotAllowed):
        operators.reset_password(desk.store, ACTOR, "admin", NOW)


def test_a_password_that_is_too_old_has_to_be_changed(desk: Desk) -> None:
    # Added 60 days before NOW.
    in_force = PasswordRules(every_s=61 * 86400.0)
    left = signin.sign_in(desk.store, "zhang", PASSWORD, "pts/1", NOW, in_force).password_left_s
    assert left == pytest.approx(86400.0)
    with pytest.raises(PasswordChangeNeeded) as needed:
        signin.sign_in(desk.store, "zhang", PASSWORD, "pts/1", NOW + timedelta(days=2), in_force)
    assert needed.value.code == "expired"
    came = signin.change_password(desk.store, "zhang", PASSWORD, OWN, "pts/1", NOW + timedelta(days=2), in_force)
    assert came.password_left_s == pytest.approx(61 * 86400.0)
    never = PasswordRules(every_s=None)
    assert signin.sign_in(desk.store, "admin", PASSWORD, "p", NOW + timedelta(days=999), never).actor.name == "admin"


@pytest.mark.parametrize(
    ("new", "code"),
    [(PASSWORD, "same-password"), ("Ab1", "password-rules"), ("only small letters", "password-rules")],
)
def test_a_password_that_breaks_the_rules_changes_nothing(desk: Desk, new: str, code: str) -> None:
    with pytest.raises(PasswordRefused) as caught:
        signin.change_password(desk.store, "zhang", PASSWORD, new, "pts/1", NOW)
    assert caught.value.code == code
    assert signin.sign_in(desk.store, "zhang", PASSWORD, "pts/1", NOW).actor.name == "zhang"


def test_a_pin_unlocks_and_neither_signs_in_nor_confirms(desk: Desk) -> None:
    assert not signin.has_pin(desk.store, "zhang")
    operators.set_pin(desk.store, ACTOR, PASSWORD, "739164", NOW)
    assert signin.has_pin(desk.store, "zhang")
    signin.unlock(desk.store, ACTOR, "739164", NOW, by_pin=True)
    with pytest.raises(SignInRefused):
        signin.unlock(desk.store, ACTOR, "739165", NOW, by_pin=True)
    refused(desk.store, "zhang", "739164")
    with pytest.raises(SignInRefused):
        signin.confirm(desk.store, ACTOR, "739164", NOW + timedelta(minutes=1))
    assert acts(desk.store)[-4:] == [Act.UNLOCK, Act.REFUSE_UNLOCK, Act.REFUSE_SIGN_IN, Act.REFUSE_SIGN_IN]
    with desk.store.read() as session:
        assert verify(session).faults == ()


def test_a_pin_needs_the_password_and_may_not_be_guessable(desk: Desk) -> None:
    with pytest.raises(SignInRefused):
        operators.set_pin(desk.store, ACTOR, "wrong", "739164", NOW)
    with pytest.raises(PasswordRefused):
        operators.set_pin(desk.store, ACTOR, PASSWORD, "123456", NOW + timedelta(minutes=1))
    assert not signin.has_pin(desk.store, "zhang")
