"""Operators: adding, disabling, passwords, one-time secrets and PINs. Every change is a line in the ledger."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from dutyroom.duty.desk import require
from dutyroom.duty.passwords import ONE_TIME_S, check, check_pin, hashed, one_time_secret
from dutyroom.duty.signin import confirm, last_sign_in
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.people import Act, Actor, LastSignIn, Operator, Role, Tries
from dutyroom.model.site import PasswordRules
from dutyroom.store import ledger, people, sign_in_tries
from dutyroom.store.database import Store
from dutyroom.words import _

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}\Z")


class OperatorRefused(DutyroomError):
    """The operator cannot be added or changed like this."""

    code = "operator-refused"


def add_operator(
    store: Store,
    actor: Actor | None,
    name: str,
    label: str,
    role: Role,
    password: str,
    now: datetime,
    rules: PasswordRules = PasswordRules(),
    hash_of: Callable[[str], str] = hashed,
) -> Operator:
    """Adds an operator with a password of their own. The first one of a store needs no actor.

    Raises OperatorRefused for a bad name or one already used, PasswordRefused, NotAllowed without privilege.
    """
    _check_name(name)
    check(password, name, rules)
    operator = Operator(name, inert(label, 64).strip() or name, role, now)
    return _add(store, actor, operator, hash_of(password), now)


def add_with_secret(
    store: Store, actor: Actor | None, name: str, label: str, role: Role, now: datetime
) -> tuple[Operator, str]:
    """Adds an operator with a one-time secret, which is given back and kept nowhere else (OWASP ASVS 6.4.1).

    Raises OperatorRefused for a bad name or one already used, NotAllowed without privilege.
    """
    _check_name(name)
    secret, until = one_time_secret(), now + timedelta(seconds=ONE_TIME_S)
    operator = Operator(name, inert(label, 64).strip() or name, role, now, one_time_until=until)
    return _add(store, actor, operator, hashed(secret), now), secret


def reset_password(store: Store, actor: Actor, name: str, now: datetime) -> str:
    """A one-time secret in place of somebody's password; it also opens a name that was closed after failures.

    Raises OperatorRefused for an unknown name, NotAllowed without privilege.
    """
    require(actor, Act.SET_PASSWORD)
    secret, until = one_time_secret(), now + timedelta(seconds=ONE_TIME_S)
    _set(store, actor, name, hashed(secret), now, until)
    return secret


def disable_operator(store: Store, actor: Actor, name: str, now: datetime) -> Operator:
    """Disables an operator: the records stay, signing in ends. Raises OperatorRefused for an unknown name."""
    require(actor, Act.DISABLE_OPERATOR)
    with store.write() as session:
        operator = _known(people.operator(session, name), name)
        people.disable(session, name, now)
        disabled = replace(operator, disabled_at=now)
        ledger.append_row(session, at=now, actor=actor, act=Act.DISABLE_OPERATOR, of=disabled)
    return disabled


def set_password(
    store: Store, actor: Actor, name: str, password: str, now: datetime, rules: PasswordRules = PasswordRules()
) -> None:
    """Sets a password: one's own, or as an admin anybody's. Raises PasswordRefused, OperatorRefused, NotAllowed."""
    if actor.name != name:
        require(actor, Act.SET_PASSWORD)
    check(password, name, rules)
    _set(store, actor, name, hashed(password), now, None)


def set_pin(store: Store, actor: Actor, password: str, pin: str, now: datetime) -> None:
    """Sets one's own PIN, which unlocks one's own session and nothing else.

    Raises SignInRefused for a wrong password, PasswordRefused (`pin-rules`).
    """
    require(actor, Act.SET_PIN)
    confirm(store, actor, password, now)
    check_pin(pin)
    hash = hashed(pin)
    with store.write() as session:
        operator = _known(people.operator(session, actor.name), actor.name)
        people.set_pin_hash(session, actor.name, hash)
        ledger.append_row(session, at=now, actor=actor, act=Act.SET_PIN, of=operator)


def is_login(name: str) -> bool:
    """True for a name somebody may sign in with."""
    return _NAME.match(name) is not None


def operators(store: Store) -> tuple[Operator, ...]:
    """Everybody with a login, disabled ones included, by name."""
    with store.read() as session:
        return people.operators(session)


def sign_ins(store: Store, now: datetime) -> tuple[Mapping[str, LastSignIn], Mapping[str, Tries]]:
    """By name: everybody's newest sign-in with the refusals after it, and the names that are closed at `now`."""
    with store.read() as session:
        last = {one.name: last_sign_in(session, one.name) for one in people.operators(session)}
        return last, {one.name: one for one in sign_in_tries.closed(session, now)}


def _add(store: Store, actor: Actor | None, operator: Operator, hash: str, now: datetime) -> Operator:
    with store.write() as session:
        if people.operators(session):
            if actor is None:
                raise OperatorRefused(_("There are operators already: give --as NAME of an admin."))
            require(actor, Act.ADD_OPERATOR)
        if people.operator(session, operator.name) is not None:
            raise OperatorRefused(_("Operator {name} exists already.").format(name=operator.name))
        people.add_operator(session, operator, hash)
        by = actor or Actor(operator.name, operator.role, "setup")
        ledger.append_row(session, at=now, actor=by, act=Act.ADD_OPERATOR, of=operator)
    return operator


def _set(store: Store, actor: Actor, name: str, hash: str, now: datetime, one_time_until: datetime | None) -> None:
    with store.write() as session:
        operator = _known(people.operator(session, name), name)
        people.set_password_hash(session, name, hash, now, one_time_until)
        sign_in_tries.forget(session, name)
        ledger.append_row(session, at=now, actor=actor, act=Act.SET_PASSWORD, of=operator)


def _check_name(name: str) -> None:
    if not _NAME.match(name):
        raise OperatorRefused(
            _("Operator name {name}: use small letters, digits, dot, dash; at most 32.").format(name=repr(name))
        )


def _known(operator: Operator | None, name: str) -> Operator:
    if operator is None:
        raise OperatorRefused(_("There is no operator {name}.").format(name=name))
    return operator
