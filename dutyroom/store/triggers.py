"""The triggers that seal records: what they refuse, no function of the store can do by mistake.

They are dropped before the migrations and made again after them, in the same transaction: a migration that re-creates a
table would lose its triggers, and SQLite refuses to rename a table that a trigger names.
"""

from __future__ import annotations

from sqlalchemy import Connection


def _refuse(name: str, when: str, table: str, condition: str = "") -> str:
    guard = f"WHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} BEFORE {when} ON {table} {guard} BEGIN SELECT RAISE(ABORT, 'sealed: {table}'); END"


def _not_open(side: str) -> str:
    # IS NOT also refuses the entry of a round that does not exist.
    return f"(SELECT state FROM rounds WHERE id = {side}.round_id) IS NOT 'open'"


_MOVED = "(NEW.round_id, NEW.item, NEW.device) IS NOT (OLD.round_id, OLD.item, OLD.device)"
_NOT_NEXT = "NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger)"
_NOT_NEXT_VERSION = (
    "NEW.version IS NOT (SELECT coalesce(max(version), 0) + 1 FROM zero_reports WHERE duty_day = NEW.duty_day)"
)
_WINDOW = ("id", "starts_at", "ends_at", "devices", "reason", "entered_at", "entered_by")


def _differ(columns: tuple[str, ...]) -> str:
    return " IS NOT ".join(f"({', '.join(f'{side}.{one}' for one in columns)})" for side in ("NEW", "OLD"))


_OTHER_WINDOW = _differ(_WINDOW)
_OTHER_DUTY = _differ(("id", "day", "shift", "person", "imported_at", "imported_by"))
_SHEET = ("id", "from_day", "from_shift", "to_day", "to_shift", "given_at", "given_by", "sheet")
_OTHER_SHEET = _differ((*_SHEET, "override_by", "override_reason"))
# Both sign: nobody takes over from themselves.
_BY_ONE = "NEW.accepted_by IS NEW.given_by OR (NEW.state IS 'accepted' AND NEW.accepted_by IS NULL)"
# What a finding is about never changes; what was done to it does, until it is over.
_FAULT = ("id", "origin", "key", "found_at", "found_by", "item", "device", "round_id", "code", "params", "text")
_OTHER_FAULT = _differ(_FAULT)
# Whoever put it right does not verify it.
_UNSEEN = "NEW.verified_by IS NULL OR OLD.state IS NOT 'done' OR OLD.done_by IS NULL OR NEW.verified_by IS OLD.done_by"
_ROUND = (
    *("id", "checklist", "version", "due_at", "due_on", "duty_day", "items", "started_at", "started_by", "signed_at"),
    *("signed_by", "clock_reason", "skip_reason", "skip_note", "closed_at", "closed_by", "paper_from", "paper_to"),
    "period_id",
)
# Nobody approves their own: who signed, amended, or gave an answer that stands.
_OWN = (
    "(NEW.approved_by IS NULL OR NEW.approved_at IS NULL OR NEW.approved_by IS NEW.signed_by"
    ' OR EXISTS (SELECT 1 FROM entries WHERE round_id = NEW.id AND "by" = NEW.approved_by AND answer IS NOT NULL)'
    ' OR EXISTS (SELECT 1 FROM amendments WHERE round_id = NEW.id AND "by" = NEW.approved_by))'
)
_APPROVES = (
    f"(OLD.state IS 'signed' AND NEW.state IS 'approved' AND NOT {_OWN}"
    f" AND NOT ({_differ((*_ROUND, 'marks', 'abnormal', 'revision'))}))"
)
_AMENDS = (
    "(NEW.state IS 'signed' AND NEW.approved_at IS NULL AND NEW.approved_by IS NULL"
    " AND NEW.revision IS coalesce(OLD.revision, 1) + 1"
    " AND EXISTS (SELECT 1 FROM amendments WHERE round_id = OLD.id AND revision = NEW.revision)"
    " AND instr(' ' || NEW.marks || ' ', ' amended ') AND (NEW.marks IS OLD.marks"
    f" OR NEW.marks IS trim(OLD.marks || ' amended')) AND NOT ({_differ(_ROUND)}))"
)
# The next revision of a round that is signed, and says why.
_NOT_AN_AMENDMENT = (
    "NEW.revision IS NOT (SELECT coalesce(revision, 1) + 1 FROM rounds"
    " WHERE id = NEW.round_id AND state IN ('signed', 'approved')) OR trim(NEW.reason) = ''"
)
_PERIOD = ("id", "kind", "name", "checklist", "starts_at", "ends_at", "every_s", "opened_at", "opened_by")
_OTHER_PERIOD = _differ(_PERIOD)
# The one way out of missed: typed in from paper, and marked so for good.
_FROM_PAPER = (
    "NEW.state IS 'open' AND instr(NEW.marks, 'back-filled') > 0 AND NEW.paper_from IS NOT NULL AND "
    "NEW.paper_to IS NOT NULL AND NEW.closed_at IS OLD.closed_at AND NEW.due_at IS OLD.due_at AND "
    "NEW.checklist IS OLD.checklist"
)
_MISSED = f"OLD.state IS 'missed' AND NOT ({_FROM_PAPER})"
_UNMARKED = "instr(OLD.marks, 'back-filled') > 0 AND instr(NEW.marks, 'back-filled') = 0"
_OTHER_OUTAGE = _differ(("id", "ups", "event_id", "began_at", "boot_id", "boot_s", "battery_installed"))
# A stamp is set once: what the clock read then is not read again.
_RESTAMPED = " OR ".join(
    f"(OLD.{one}_at IS NOT NULL AND {_differ((f'{one}_at', f'{one}_by'))})"
    for one in ("seen", "contained", "reported", "authority")
)
_OTHER_EVENT = f"OLD.state IS 'closed' OR {_differ(('id', 'began_at', 'boot_id', 'boot_s'))} OR {_RESTAMPED}"
_UNSAID = "NEW.state IS 'closed' AND (trim(NEW.closing_text) = '' OR NEW.closed_by IS NULL)"
_OTHER_TEST = _differ(("id", "ups", "started_at", "started_by", "stop_charge_percent", "stop_after_s"))
TRIGGERS = (
    _refuse("ledger_no_update", "UPDATE", "ledger"),
    _refuse("ledger_no_delete", "DELETE", "ledger"),
    _refuse("ledger_only_next", "INSERT", "ledger", _NOT_NEXT),
    _refuse("rounds_no_delete", "DELETE", "rounds"),
    _refuse("rounds_closed", "UPDATE", "rounds", "OLD.state IS 'skipped'"),
    _refuse(
        "rounds_sealed",
        "UPDATE",
        "rounds",
        f"OLD.state IN ('signed', 'approved') AND NOT {_APPROVES} AND NOT {_AMENDS}",
    ),
    _refuse(
        "rounds_signed_first",
        "UPDATE",
        "rounds",
        "NEW.state IS 'approved' AND OLD.state NOT IN ('signed', 'approved')",
    ),
    _refuse("rounds_never_own", "INSERT", "rounds", f"NEW.state IS 'approved' AND {_OWN}"),
    _refuse("rounds_missed", "UPDATE", "rounds", _MISSED),
    _refuse("rounds_back_filled", "UPDATE", "rounds", _UNMARKED),
    _refuse("entries_no_delete", "DELETE", "entries"),
    _refuse("entries_insert_open", "INSERT", "entries", _not_open("NEW")),
    _refuse("entries_update_open", "UPDATE", "entries", f"{_not_open('OLD')} OR {_MOVED}"),
    _refuse("checklists_no_update", "UPDATE", "checklists"),
    _refuse("checklists_no_delete", "DELETE", "checklists"),
    _refuse("operators_no_delete", "DELETE", "operators"),
    _refuse("port_baselines_no_update", "UPDATE", "port_baselines"),
    _refuse("port_baselines_no_delete", "DELETE", "port_baselines"),
    _refuse("maintenance_no_delete", "DELETE", "maintenance"),
    _refuse("maintenance_cancel_once", "UPDATE", "maintenance", f"OLD.cancelled_at IS NOT NULL OR {_OTHER_WINDOW}"),
    _refuse("periods_no_delete", "DELETE", "periods"),
    _refuse("amendments_next", "INSERT", "amendments", _NOT_AN_AMENDMENT),
    _refuse("periods_close_once", "UPDATE", "periods", f"OLD.closed_at IS NOT NULL OR {_OTHER_PERIOD}"),
    _refuse("amendments_no_update", "UPDATE", "amendments"),
    _refuse("amendments_no_delete", "DELETE", "amendments"),
    _refuse("findings_no_delete", "DELETE", "findings"),
    _refuse("findings_insert_open", "INSERT", "findings", "NEW.state IS NOT 'open'"),
    _refuse("findings_over", "UPDATE", "findings", "OLD.state IN ('verified', 'withdrawn')"),
    _refuse("findings_same_fault", "UPDATE", "findings", _OTHER_FAULT),
    _refuse("findings_verified_by_another", "UPDATE", "findings", f"NEW.state IS 'verified' AND ({_UNSEEN})"),
    _refuse("finding_steps_no_update", "UPDATE", "finding_steps"),
    _refuse("finding_steps_no_delete", "DELETE", "finding_steps"),
    _refuse("roster_no_delete", "DELETE", "roster"),
    _refuse("roster_replace_once", "UPDATE", "roster", f"OLD.replaced_at IS NOT NULL OR {_OTHER_DUTY}"),
    _refuse("handovers_no_delete", "DELETE", "handovers"),
    _refuse("handovers_given_first", "INSERT", "handovers", "NEW.state IS NOT 'given' OR NEW.accepted_by IS NOT NULL"),
    _refuse("handovers_sealed", "UPDATE", "handovers", f"OLD.state IS 'accepted' OR {_OTHER_SHEET} OR {_BY_ONE}"),
    _refuse("zero_reports_no_update", "UPDATE", "zero_reports"),
    _refuse("zero_reports_no_delete", "DELETE", "zero_reports"),
    _refuse("zero_reports_only_next", "INSERT", "zero_reports", _NOT_NEXT_VERSION),
    _refuse("power_events_no_delete", "DELETE", "power_events"),
    _refuse("power_events_sealed", "UPDATE", "power_events", _OTHER_EVENT),
    _refuse("power_events_closing_text", "UPDATE", "power_events", _UNSAID),
    _refuse("outages_no_delete", "DELETE", "outages"),
    _refuse("outages_sealed", "UPDATE", "outages", f"OLD.state IS NOT 'open' OR {_OTHER_OUTAGE}"),
    _refuse("outage_phases_no_update", "UPDATE", "outage_phases"),
    _refuse("outage_phases_no_delete", "DELETE", "outage_phases"),
    _refuse("event_steps_no_update", "UPDATE", "event_steps"),
    _refuse("event_steps_no_delete", "DELETE", "event_steps"),
    _refuse("discharge_tests_no_delete", "DELETE", "discharge_tests"),
    _refuse(
        "discharge_tests_sealed",
        "UPDATE",
        "discharge_tests",
        f"OLD.state IN ('signed', 'abandoned') OR {_OTHER_TEST}",
    ),
    _refuse("acknowledgements_no_update", "UPDATE", "acknowledgements"),
    _refuse("acknowledgements_no_delete", "DELETE", "acknowledgements"),
    _refuse("self_check_answers_no_update", "UPDATE", "self_check_answers"),
    _refuse("self_check_answers_no_delete", "DELETE", "self_check_answers"),
    _refuse("registrations_no_delete", "DELETE", "registrations"),
    _refuse("registrations_removed", "UPDATE", "registrations", "OLD.removed_at IS NOT NULL"),
)


def drop(connection: Connection) -> None:
    """Takes every trigger off."""
    for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def create(connection: Connection) -> None:
    """Puts every trigger on."""
    for statement in TRIGGERS:
        connection.exec_driver_sql(statement)
