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


class Act(StrEnum):
    """What a person can do that changes a record; also the ledger's words."""

    ADD_OPERATOR = "operator-add"
    DISABLE_OPERATOR = "operator-disable"
    SET_PASSWORD = "operator-password"
    SIGN_IN = "sign-in"
    REFUSE_SIGN_IN = "sign-in-refused"
    START_ROUND = "round-start"
    ANSWER = "entry-answer"
    UNDO = "entry-undo"
    SIGN_ROUND = "round-sign"
    PUBLISH_CHECKLIST = "checklist-publish"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody with a login of their own. `label` is the name people read; `disabled_at` is UTC."""

    name: str
    label: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, for the ledger: operator name, role at that moment, and the terminal used."""

    name: str
    role: Role
    terminal: str
