"""The canonical form of an evidence row: the bytes whose SHA-256 stands in the ledger.

Form: a JSON object with sorted keys, no blanks, UTF-8 (nothing escaped that JSON does not demand). Datetimes are UTC
ISO 8601 with six decimals and `Z`, dates ISO, floats as Python's `repr` (a float column is a float even when whole, and
there is no minus zero), enums their value, absent values `null`. NaN and infinity are refused.

What enters, by kind (every column of the row as stored):
`operator`  name label role created_at disabled_at, and `password_sha256` instead of the hash of the password; where
            there are any: password_set_at one_time_until, and `pin_sha256` instead of the hash of the PIN
`checklist` version name content published_at
`round`     id checklist version due_at due_on duty_day state items started_at started_by signed_at signed_by marks
            (separated by blanks) abnormal; where there is one: clock_reason revision (from 2 on) approved_at
            approved_by skip_reason skip_note closed_at closed_by paper_from paper_to period_id
`entry`     round_id item device answer verdict at by value unit origin live_value source age_s note; where there
            is one: finding_id
`period`    id kind name checklist starts_at ends_at every_s opened_at opened_by closed_at closed_by
`amendment` id round_id revision at by reason entries (the JSON list as it is stored) withdrew_by withdrew_at
`finding`   every column of the table, null or not; params is the JSON object as it is stored
`finding-step` id finding_id at by step note params (the JSON object as it is stored)
`roster`    id day shift person imported_at imported_by replaced_at replaced_by
`handover`  every column of the table, null or not; sheet is the JSON as it is stored
`zero-report` every column of the table, null or not
`power-event`, `outage`, `outage-phase`, `event-step`, `discharge-test` every column of the table, null or not; params
            is the JSON object as it is stored, signs are separated by blanks
`acknowledgement` id notification_id at by
`self-check` id row result text plan set_at set_by
`registration` id first_ip last_ip mac name owner user department location switch port valid_until note added_at
            added_by removed_at removed_by
`maintenance` id starts_at ends_at devices (separated by blanks) reason entered_at entered_by cancelled_at cancelled_by
`baseline`  id source version at by seen_at ports (the JSON list as it is stored)
`restore`   backup_sha256 backup_made_at backup_seq backup_head lost (`none`, `known`, `unknown`) replaced (the name of
            the file that was kept, or empty); where the loss is known and there is one: lost_from lost_to lost_head
            lost_rounds_signed lost_answers lost_readings lost_events; all as text. It is kept as the parameters of the
            event `restored`
A column added later enters only where it is not null, so that older lines keep their hash.

Subjects: `operator:NAME`, `checklist:VERSION`, `round:ID`, `entry:ROUND/ITEM/DEVICE` (`/` and `%` inside a part are
`%2F` and `%25`), `registration:ID` and the like for every other kind (`baseline:ID`, `finding-step:ID`),
`restore:SEQ/HEAD/lost/FROM-TO/LOST_HEAD` (the
number and hash of the newest line of the backup, the numbers of the lines that were lost and the hash of the newest of
them), or `restore:SEQ/HEAD/lost/none` or `/unknown`.
Acts that leave no row have subjects of their own, such as `export:...` and `sign-in:NAME`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from dutyroom.model.addresses import Registration
from dutyroom.model.checklist import Checklist
from dutyroom.model.finding import Finding, Step
from dutyroom.model.handover import Handover
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.notification import Acknowledgement
from dutyroom.model.outage import EventStep, Outage, PhaseChange, PowerEvent
from dutyroom.model.people import Operator
from dutyroom.model.periods import CriticalPeriod
from dutyroom.model.ports import Baseline
from dutyroom.model.roster import RosterEntry
from dutyroom.model.rounds import Amendment, Entry, Round
from dutyroom.model.runtime import DischargeTest
from dutyroom.model.self_check import SelfCheckAnswer
from dutyroom.model.zero_report import ZeroReport

Numbered = (
    Round
    | Registration
    | Baseline
    | MaintenanceWindow
    | CriticalPeriod
    | Amendment
    | Finding
    | Step
    | RosterEntry
    | Handover
    | ZeroReport
    | PowerEvent
    | Outage
    | PhaseChange
    | EventStep
    | DischargeTest
    | Acknowledgement
    | SelfCheckAnswer
)
"""Records whose key is a number."""
Evidence = Operator | Checklist | Entry | Numbered
# The kinds of records that are evidence, and their tables.
KINDS = {
    "operator": "operators",
    "checklist": "checklists",
    "round": "rounds",
    "entry": "entries",
    "registration": "registrations",
    "baseline": "port_baselines",
    "maintenance": "maintenance",
    "period": "periods",
    "amendment": "amendments",
    "finding": "findings",
    "finding-step": "finding_steps",
    "roster": "roster",
    "handover": "handovers",
    "zero-report": "zero_reports",
    "power-event": "power_events",
    "outage": "outages",
    "outage-phase": "outage_phases",
    "event-step": "event_steps",
    "discharge-test": "discharge_tests",
    "acknowledgement": "acknowledgements",
    "self-check": "self_check_answers",
}

_NUMBERED: dict[type[Numbered], str] = {
    Round: "round",
    Registration: "registration",
    Baseline: "baseline",
    MaintenanceWindow: "maintenance",
    CriticalPeriod: "period",
    Amendment: "amendment",
    Finding: "finding",
    Step: "finding-step",
    RosterEntry: "roster",
    Handover: "handover",
    ZeroReport: "zero-report",
    PowerEvent: "power-event",
    Outage: "outage",
    PhaseChange: "outage-phase",
    EventStep: "event-step",
    DischargeTest: "discharge-test",
    Acknowledgement: "acknowledgement",
    SelfCheckAnswer: "self-check",
}
RESTORED = "restored"
"""The code of the event a restore leaves."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_READY = frozenset((str, int, type(None)))


def _plain(value: object) -> object:
    # Most values by far; a verification looks at millions.
    if type(value) in _READY:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        if value.utcoffset() is None:
            raise ValueError("a datetime without a time zone has no canonical form")
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value + 0.0  # -0.0 becomes 0.0, as SQLite stores it
    return value


def canonical(row: Mapping[str, object]) -> bytes:
    """The canonical bytes of a row.

    Raises:
        ValueError: a naive datetime, NaN or infinity.
        TypeError: a value that is no text, number, date, enum or None.
    """
    return _ENCODER.encode({key: _plain(value) for key, value in row.items()}).encode()


def sha256(row: Mapping[str, object]) -> str:
    """The SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(row)).hexdigest()


def _part(text: object) -> str:
    return str(text).replace("%", "%25").replace("/", "%2F")


def subject_of_row(kind: str, row: Mapping[str, Any]) -> str:
    """The ledger's name of a row of that kind; `row` holds at least its key."""
    match kind:
        case "operator":
            return f"operator:{row['name']}"
        case "checklist":
            return f"checklist:{row['version']}"
        case "entry":
            return f"entry:{row['round_id']}/{_part(row['item'])}/{_part(row['device'])}"
        case _:
            return f"{kind}:{row['id']}"


def subject_of_restore(row: Mapping[str, str]) -> str:
    """The ledger's name of a restore, from its canonical row. Raises KeyError for a row that is none."""
    lost = row["lost"]
    if lost == "known":
        lost = f"{row['lost_from']}-{row['lost_to']}/{row['lost_head']}"
    return f"restore:{row['backup_seq']}/{row['backup_head']}/lost/{lost}"


def key_of(evidence: Evidence) -> tuple[str, dict[str, object]]:
    """The kind of a record and its key columns."""
    match evidence:
        case Operator(name=name):
            return "operator", {"name": name}
        case Checklist(version=version):
            return "checklist", {"version": version}
        case Entry(round_id=round_id, item=item, device=device):
            return "entry", {"round_id": round_id, "item": item, "device": device}
        case _:
            return _NUMBERED[type(evidence)], {"id": evidence.id}


def subject_of(evidence: Evidence) -> str:
    """The ledger's name of a record, such as `round:17`."""
    return subject_of_row(*key_of(evidence))
