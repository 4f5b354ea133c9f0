"""Operators: adding, disabling, passwords (Argon2id), and signing in. Every try is a line in the ledger."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dutyroom.duty.desk import require
from dutyroom.errors import DutyroomError, SignInRefused
from dutyroom.inert import inert
from dutyroom.model.people import Act, Actor, Operator, Role
from dutyroom.store import ledger, people
from dutyroom.store.database import Store
from dutyroom.words import _

MIN_PASSWORD = 8
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}\Z")


class OperatorRefused(DutyroomError):
    """The operator cannot be added or changed like this."""

    code = "operator-refused"


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _decoy() -> str:
    return _hasher().hash("nobody has this password")


def add_operator(
    store: Store, actor: Actor | None, name: str, label: str, role: Role, password: str, now: datetime
) -> Operator:
    """Adds an operator. The first one of a store needs no actor and must be an admin or come with the demo.

    Raises OperatorRefused for a bad name, a short password or a name already used, NotAllowed without privilege.
    """
    if not _NAME.match(name):
        raise OperatorRefused(
            _("Operator name {name}: use small letters, digits, dot, dash; at most 32.").format(name=repr(name))
        )
    _check_password(password)
    hashed = _hasher().hash(password)
    operator = Operator(name, inert(label, 64).strip() or name, role, now)
    with store.write() as session:
        if people.operators(session):
            if actor is None:
                raise OperatorRefused(_("There are operators already: give --as NAME of an admin."))
            require(actor, Act.ADD_OPERATOR)
        if people.operator(session, name) is not None:
            raise OperatorRefused(_("Operator {name} exists already.").format(name=name))
        people.add_operator(session, operator, hashed)
        by = actor or Actor(name, role, "setup")
        ledger.append_row(session, at=now, actor=by, act=Act.ADD_OPERATOR, of=operator)
    return operator


def disable_operator(store: Store, actor: Actor, name: str, now: datetime) -> Operator:
    """Disables an operator: the records stay, signing in ends. Raises OperatorRefused for an unknown name."""
    require(actor, Act.DISABLE_OPERATOR)
    with store.write() as session:
        operator = _known(people.operator(session, name), name)
        people.disable(session, name, now)
        disabled = replace(operator, disabled_at=now)
        ledger.append_row(session, at=now, actor=actor, act=Act.DISABLE_OPERATOR, of=disabled)
    return disabled


def set_password(store: Store, actor: Actor, name: str, password: str, now: datetime) -> None:
    """Sets a password: one's own, or as an admin anybody's."""
    if actor.name != name:
        require(actor, Act.SET_PASSWORD)
    _check_password(password)
    hashed = _hasher().hash(password)
    with store.write() as session:
        operator = _known(people.operator(session, name), name)
        people.set_password_hash(session, name, hashed)
        ledger.append_row(session, at=now, actor=actor, act=Act.SET_PASSWORD, of=operator)


def sign_in(store: Store, name: str, password: str, terminal: str, now: datetime) -> tuple[Operator, Actor]:
    """The operator and what to call them in the ledger. Raises SignInRefused with one sentence for every cause."""
    with store.read() as session:
        operator, hashed = people.operator(session, name), people.password_hash(session, name)
    right = _matches(hashed or _decoy(), password) and hashed is not None
    actor = Actor(name if operator else "?", operator.role if operator else Role.AUDITOR, terminal)
    refused = not right or operator is None or operator.disabled_at is not None
    with store.write() as session:
        act = Act.REFUSE_SIGN_IN if refused else Act.SIGN_IN
        subject = f"sign-in:{inert(name, 32)}"
        ledger.append(session, at=now, actor=actor, act=act, subject=subject, row=None)
    if refused or operator is None:
        raise SignInRefused(_("Name or password is wrong, or the operator is disabled."))
    return operator, actor


def confirm(store: Store, actor: Actor, password: str) -> None:
    """Checks a signer's own password again. Raises SignInRefused when it is wrong."""
    with store.read() as session:
        operator, hashed = people.operator(session, actor.name), people.password_hash(session, actor.name)
    if operator is None or operator.disabled_at is not None or hashed is None or not _matches(hashed, password):
        raise SignInRefused(_("The password is wrong: nothing was signed."))


def operators(store: Store) -> tuple[Operator, ...]:
    """Everybody with a login, disabled ones included, by name."""
    with store.read() as session:
        return people.operators(session)


def _matches(hashed: str, password: str) -> bool:
    try:
        return _hasher().verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _check_password(password: str) -> None:
    if len(password) < MIN_PASSWORD:
        raise OperatorRefused(_("The password needs at least {n} characters.").format(n=MIN_PASSWORD))


def _known(operator: Operator | None, name: str) -> Operator:
    if operator is None:
        raise OperatorRefused(_("There is no operator {name}.").format(name=name))
    return operator
