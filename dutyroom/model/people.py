"""Operators and what their role lets them do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """Privilege of an operator."""

    TECHNICIAN = "technician"
    LEAD = "lead"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Machine(StrEnum):
    """What acts without a person, and is told apart from every role."""

    WATCH = "watch"


class Act(StrEnum):
    """What a person can do that changes a record; also the ledger's words."""

    ADD_OPERATOR = "operator-add"
    DISABLE_OPERATOR = "operator-disable"
    SET_PASSWORD = "operator-password"
    SET_PIN = "operator-pin"
    SIGN_IN = "sign-in"
    REFUSE_SIGN_IN = "sign-in-refused"
    SIGN_OUT = "sign-out"
    UNLOCK = "unlock"
    REFUSE_UNLOCK = "unlock-refused"
    START_ROUND = "round-start"
    ANSWER = "entry-answer"
    UNDO = "entry-undo"
    SIGN_ROUND = "round-sign"
    APPROVE_ROUND = "round-approve"
    AMEND_ROUND = "round-amend"
    SKIP_ROUND = "round-skip"
    MISS_ROUND = "round-miss"
    BACK_FILL_ROUND = "round-back-fill"
    OPEN_PERIOD = "period-open"
    CLOSE_PERIOD = "period-close"
    FIND = "finding-find"
    WORK_ON_FINDING = "finding-work"
    VERIFY_FINDING = "finding-verify"
    ASSIGN_FINDING = "finding-assign"
    KNOW_FAULT = "finding-known"
    LOWER_FINDING = "finding-lower"
    WITHDRAW_FINDING = "finding-withdraw"
    IMPORT_ROSTER = "roster-import"
    GIVE_HANDOVER = "handover-give"
    ACCEPT_HANDOVER = "handover-accept"
    OVERRIDE_HANDOVER = "handover-override"
    SIGN_ZERO_REPORT = "zero-report-sign"
    AMEND_ZERO_REPORT = "zero-report-amend"
    RECORD_OUTAGE = "outage-record"
    WORK_ON_EVENT = "event-work"
    CLOSE_EVENT = "event-close"
    START_TEST = "discharge-test-start"
    END_TEST = "discharge-test-end"
    SIGN_TEST = "discharge-test-sign"
    ACKNOWLEDGE = "notification-acknowledge"
    PUBLISH_CHECKLIST = "checklist-publish"
    ACCEPT_BASELINE = "baseline-accept"
    PLAN_MAINTENANCE = "maintenance-add"
    CANCEL_MAINTENANCE = "maintenance-cancel"
    EXPORT = "export"
    BACK_UP = "backup"
    RESTORE = "restore"
    REGISTER = "register-add"
    CHANGE_REGISTRATION = "register-change"
    REMOVE_REGISTRATION = "register-remove"
    SET_SELF_CHECK = "self-check-set"


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody with a login of their own. `label` is the name people read; times are UTC.

    `password_set_at` is None while the password is the one set when the operator was added. `one_time_until` is set
    while the password is a one-time secret: it opens nothing but the choice of an own one, and nothing after then.
    """

    name: str
    label: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None
    password_set_at: datetime | None = None
    one_time_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tries:
    """Failed sign-ins of one name since the last good one; until `closed_until` none is looked at. UTC."""

    name: str
    failures: int
    last_at: datetime
    closed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LastSignIn:
    """The sign-in before this one: when and where, None when there was none; how many were refused since."""

    at: datetime | None = None
    terminal: str = ""
    refused_since: int = 0


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, for the ledger: operator name, role at that moment, and the terminal used."""

    name: str
    role: Role | Machine
    terminal: str


def watch_actor(host: str) -> Actor:
    """The watch on that machine, as the ledger names it: no operator can have this name."""
    return Actor("watch:", Machine.WATCH, host)
