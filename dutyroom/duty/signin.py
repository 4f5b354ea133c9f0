"""Signing in, confirming with one's own password, unlocking, and the change of a password that may be used no longer.

Every try is a line in the ledger, and failures make the next one wait (`dutyroom.rules.sign_in`). Whatever is wrong,
and whether the name exists or not, the answer is the same sentence after the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dutyroom.duty.passwords import PasswordRefused, check, decoy, hashed, matches
from dutyroom.errors import SignInRefused
from dutyroom.inert import inert
from dutyroom.model.people import Act, Actor, LastSignIn, Operator, Role
from dutyroom.model.site import PasswordRules
from dutyroom.rules.passwords import left_s
from dutyroom.rules.sign_in import failed, wait_s
from dutyroom.store import ledger, people, sign_in_tries
from dutyroom.store.database import Session, Store
from dutyroom.words import _


class PasswordChangeNeeded(SignInRefused):
    """The password is right but opens nothing any more; `code` is `one-time` or `expired`. Choose an own one."""

    code = "expired"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who came in: the operator, what the ledger calls them, the sign-in before, seconds until the password is old."""

    operator: Operator
    actor: Actor
    last: LastSignIn
    password_left_s: float | None


def sign_in(
    store: Store, name: str, password: str, terminal: str, now: datetime, rules: PasswordRules = PasswordRules()
) -> SignedIn:
    """Signs somebody in.

    Raises SignInRefused with one sentence for every cause (`closed` with the time to wait after failures),
    PasswordChangeNeeded when the password is a one-time secret or too old.
    """
    operator = _checked(store, name, password, terminal, now)
    _refuse_used_up(operator, rules, now)
    return _came_in(store, operator, terminal, now, rules)


def change_password(
    store: Store, name: str, old: str, new: str, terminal: str, now: datetime, rules: PasswordRules = PasswordRules()
) -> SignedIn:
    """Puts an own password in the place of an old one or of a one-time secret, and signs in with it.

    Raises SignInRefused for a wrong or outlived old one, PasswordRefused (`password-rules`, `same-password`).
    """
    operator = _checked(store, name, old, terminal, now)
    _refuse_outlived(operator, now)
    if new == old:
        raise PasswordRefused(_("The new password must be another one."), code="same-password")
    check(new, operator.name, rules)
    hash = hashed(new)
    actor = Actor(operator.name, operator.role, terminal)
    with store.write() as session:
        people.set_password_hash(session, operator.name, hash, now)
        ledger.append_row(session, at=now, actor=actor, act=Act.SET_PASSWORD, of=operator)
        changed = people.operator(session, operator.name)
    return _came_in(store, changed or operator, terminal, now, rules)


def confirm(store: Store, actor: Actor, password: str, now: datetime) -> None:
    """Checks an operator's own password again before an act is signed. Raises SignInRefused when it is wrong."""
    operator = _checked(store, actor.name, password, actor.terminal, now, _("The password is wrong: nothing was done."))
    _refuse_used_up(operator, PasswordRules(every_s=None), now)


def unlock(store: Store, actor: Actor, secret: str, now: datetime, *, by_pin: bool) -> None:
    """Opens an operator's own locked session with the PIN or the password. Raises SignInRefused."""
    if not by_pin:
        confirm(store, actor, secret, now)
    with store.read() as session:
        hash = people.pin_hash(session, actor.name) if by_pin else None
    right = not by_pin or (matches(hash or decoy(), secret) and hash is not None)
    with store.write() as session:
        act = Act.UNLOCK if right else Act.REFUSE_UNLOCK
        ledger.append(session, at=now, actor=actor, act=act, subject=f"session:{actor.name}", row=None)
    if not right:
        raise SignInRefused(_("The PIN is wrong."), code="pin")


def has_pin(store: Store, name: str) -> bool:
    """True when the operator has set a PIN."""
    with store.read() as session:
        return people.pin_hash(session, name) is not None


def sign_out(store: Store, actor: Actor, now: datetime) -> None:
    """Ends a session; a line in the ledger."""
    with store.write() as session:
        ledger.append(session, at=now, actor=actor, act=Act.SIGN_OUT, subject=f"session:{actor.name}", row=None)


def _checked(store: Store, name: str, password: str, terminal: str, now: datetime, wrong: str = "") -> Operator:
    """The operator of that name and password. Raises SignInRefused; the failure is counted and told in the ledger."""
    counted = inert(name, 32)
    with store.read() as session:
        operator, hash = people.operator(session, name), people.password_hash(session, name)
        wait = wait_s(sign_in_tries.tries(session, counted), now)
    right = wait == 0 and matches(hash or decoy(), password) and hash is not None
    if operator is None or not right or operator.disabled_at is not None:
        actor = Actor(operator.name if operator else "?", operator.role if operator else Role.AUDITOR, terminal)
        with store.write() as session:
            wait = _fail(session, counted, actor, now, count=wait == 0)
        raise _refusal(wait, wrong or _("Name or password is wrong, or the operator is disabled."))
    return operator


def _fail(session: Session, name: str, actor: Actor, now: datetime, *, count: bool) -> float:
    """One failure more, unless nobody looked because the name is closed; gives the seconds to wait."""
    ledger.append(session, at=now, actor=actor, act=Act.REFUSE_SIGN_IN, subject=f"sign-in:{name}", row=None)
    tries = sign_in_tries.tries(session, name)
    if count:
        tries = failed(tries, name, now)
        sign_in_tries.put(session, tries)
    return wait_s(tries, now)


def _refusal(wait: float, wrong: str) -> SignInRefused:
    if wait >= 60:
        sentence = _("Too many wrong passwords: this name is closed for {n} min. An admin can reset it.")
        return SignInRefused(sentence.format(n=-int(-wait // 60)), code="closed")
    if wait > 0:
        return SignInRefused(wrong + " " + _("Try again in {n} s.").format(n=-int(-wait // 1)))
    return SignInRefused(wrong)


def _refuse_outlived(operator: Operator, now: datetime) -> None:
    if operator.one_time_until is not None and now > operator.one_time_until:
        raise SignInRefused(_("The one-time secret is too old: ask an admin for a new one."), code="one-time-old")


def _refuse_used_up(operator: Operator, rules: PasswordRules, now: datetime) -> None:
    _refuse_outlived(operator, now)
    if operator.one_time_until is not None:
        raise PasswordChangeNeeded(_("This secret works once: choose a password of your own."), code="one-time")
    left = left_s(operator, rules, now)
    if left is not None and left < 0:
        raise PasswordChangeNeeded(_("The password is too old: choose a new one."), code="expired")


def _came_in(store: Store, operator: Operator, terminal: str, now: datetime, rules: PasswordRules) -> SignedIn:
    actor, subject = Actor(operator.name, operator.role, terminal), f"sign-in:{operator.name}"
    with store.write() as session:
        last = last_sign_in(session, operator.name)
        sign_in_tries.forget(session, operator.name)
        ledger.append(session, at=now, actor=actor, act=Act.SIGN_IN, subject=subject, row=None)
    return SignedIn(operator, actor, last, left_s(operator, rules, now))


def last_sign_in(session: Session, name: str) -> LastSignIn:
    """The newest sign-in of a name, and how many were refused since (of the last hundred tries)."""
    refused = 0
    for line in reversed(ledger.lines(session, subject=f"sign-in:{name}", limit=100)):
        if line.act == Act.SIGN_IN:
            return LastSignIn(line.at, line.terminal, refused)
        refused += line.act == Act.REFUSE_SIGN_IN
    return LastSignIn(refused_since=refused)
