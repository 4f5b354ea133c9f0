"""The acts of the audit in words: what was done and to what, in the language in force."""

from __future__ import annotations

from dutyroom import shift_words, show
from dutyroom.inert import inert
from dutyroom.model.events import LedgerLine
from dutyroom.model.finding import Step
from dutyroom.model.handover import Handover
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.people import Act, Machine, Role
from dutyroom.model.periods import CriticalPeriod
from dutyroom.model.ports import Baseline
from dutyroom.model.self_check import SelfCheckAnswer
from dutyroom.model.zero_report import ZeroReport
from dutyroom.report.facts.audit import PEOPLE, REFUSED, REGISTER, Done
from dutyroom.report.facts.audit_about import AmendedAbout, PublishedAbout, RoundAbout
from dutyroom.report.facts.audit_limits import VersionChange
from dutyroom.report.report import Report
from dutyroom.report.sentences import listed
from dutyroom.report.sheets.slot_marks import name_of
from dutyroom.words import N_, _, choose

ACTS = {
    Act.AMEND_ROUND: N_("Round amended"),
    Act.SKIP_ROUND: N_("Round skipped"),
    Act.BACK_FILL_ROUND: N_("Round typed in from paper"),
    Act.SIGN_ROUND: N_("Round signed"),
    Act.APPROVE_ROUND: N_("Round approved"),
    Act.MISS_ROUND: N_("Round found missed"),
    Act.OPEN_PERIOD: N_("Critical period entered"),
    Act.CLOSE_PERIOD: N_("Critical period closed"),
    Act.PLAN_MAINTENANCE: N_("Maintenance entered"),
    Act.CANCEL_MAINTENANCE: N_("Maintenance cancelled"),
    Act.PUBLISH_CHECKLIST: N_("Checklist version published"),
    Act.ACCEPT_BASELINE: N_("Port baseline accepted"),
    Act.SET_SELF_CHECK: N_("Self-check set"),
    Act.KNOW_FAULT: N_("Known fault set or ended"),
    Act.WORK_ON_FINDING: N_("Class of a finding lowered"),
    Act.WITHDRAW_FINDING: N_("Finding withdrawn"),
    Act.OVERRIDE_HANDOVER: N_("Handed over in spite of a major finding"),
    Act.AMEND_ZERO_REPORT: N_("Zero report amended"),
    Act.ADD_OPERATOR: N_("Operator added"),
    Act.DISABLE_OPERATOR: N_("Operator disabled"),
    Act.SET_PASSWORD: N_("Password set"),
    Act.SET_PIN: N_("PIN set"),
    Act.REFUSE_SIGN_IN: N_("Sign-in refused"),
    Act.REFUSE_UNLOCK: N_("Unlocking refused"),
    Act.IMPORT_ROSTER: N_("Roster imported"),
    Act.REGISTER: N_("Addresses registered"),
    Act.CHANGE_REGISTRATION: N_("Registrations changed"),
    Act.REMOVE_REGISTRATION: N_("Registrations ended"),
    Act.RESTORE: N_("Records restored from a backup"),
}
"""What stands in the column of acts."""
COUNTED = {
    Act.ANSWER: N_("answers given"),
    Act.UNDO: N_("answers taken back"),
    Act.START_ROUND: N_("rounds begun"),
    Act.SIGN_ROUND: N_("rounds signed"),
    Act.APPROVE_ROUND: N_("rounds approved"),
    Act.MISS_ROUND: N_("rounds found missed"),
    Act.SIGN_IN: N_("sign-ins"),
    Act.SIGN_OUT: N_("sign-outs"),
    Act.UNLOCK: N_("sessions unlocked"),
    Act.GIVE_HANDOVER: N_("handovers given"),
    Act.ACCEPT_HANDOVER: N_("handovers accepted"),
    Act.SIGN_ZERO_REPORT: N_("zero reports signed"),
    Act.BACK_UP: N_("backups"),
    Act.ACKNOWLEDGE: N_("messages acknowledged"),
}
"""Routine acts that leave one line each and are counted under the title."""
UNKNOWN_NAME = "?"


def what(done: Done) -> str:
    """What was done; of a change of the period's rounds after its end it says so."""
    told = _(ACTS[done.act]) if done.act is not None else _("Checklist version back in use")
    return _("{act} (after the period)").format(act=told) if done.is_after else told


def who(report: Report, line: LedgerLine) -> str:
    """What people call who did it; a dash for the watch and for a name nobody has."""
    if line.role == Machine.WATCH or line.actor == UNKNOWN_NAME:
        return show.NOTHING
    return inert(report.frame.person(line.actor), 64)


def role(line: LedgerLine) -> str:
    """The role at that moment; a dash for a name nobody has."""
    if line.actor == UNKNOWN_NAME:
        return show.NOTHING
    if line.role in set(Role):
        return show.role(Role(line.role))
    return show.role(Machine(line.role)) if line.role in set(Machine) else inert(line.role, 20)


def routine(report: Report) -> str:
    """How often what was done that is not listed."""
    lines = report.audit.lines
    rows = {act: sum(len(one.lines) for one in report.audit.of(act) if not one.is_after) for act in COUNTED}
    told = [
        _("{what} {n}").format(what=_(text), n=lines[act] - rows[act])
        for act, text in COUNTED.items()
        if lines.get(act, 0) > rows[act]
    ]
    return listed(told) or show.NOTHING


def subject(report: Report, done: Done) -> str:
    """What it was done to, in people's words."""
    frame, zone = report.frame, report.frame.zone
    match done.about:
        case RoundAbout() | AmendedAbout() as one:
            name = name_of(one.form) if one.form is not None else one.round.checklist
            due = show.moment(one.round.due_at, zone)
            return _("{checklist}, due {due} (round {id})").format(checklist=name, due=due, id=one.round.id)
        case PublishedAbout(form=form) | VersionChange(checklist=form):
            return _("{checklist} (version {version})").format(checklist=name_of(form), version=form.version)
        case CriticalPeriod() as period:
            return _("{name} (period {id})").format(name=inert(period.name, 200), id=period.id)
        case MaintenanceWindow() as window:
            devices = ", ".join(frame.site.label_of(one) for one in window.devices) or _("the whole room")
            return _("{devices} (maintenance {id})").format(devices=devices, id=window.id)
        case Baseline() as accepted:
            return frame.site.label_of(accepted.source)
        case SelfCheckAnswer() as answer:
            rows = {row.id: choose(row.words.en, row.words.zh) for row in report.self_check.rows}
            return rows.get(answer.row, inert(answer.row, 60))
        case Handover() as given:
            shift = shift_words.label(frame.site, given.to_shift)
            return _("Handover to {shift}, {day}").format(shift=shift, day=given.to_day.isoformat())
        case ZeroReport() as zero:
            return _("Duty day {day}").format(day=zero.duty_day.isoformat())
        case Step() as step:
            return _("Finding {number}").format(number=step.finding_id)
    return _of_line(report, done)


def _of_line(report: Report, done: Done) -> str:
    """The subject of a line that tells of a login or of many entries."""
    line = done.lines[0]
    _kind, _colon, name = line.subject.partition(":")
    if done.act in REGISTER:
        return _("{n} entries").format(n=len(done.lines))
    if done.act in (*PEOPLE, *REFUSED):
        shown = inert(name, 64)
        # Who has the name today may not have had it then.
        label = shown if line.actor == UNKNOWN_NAME else inert(report.frame.person(name), 64)
        return shown if label == shown else _("{label} ({login})").format(label=label, login=shown)
    return "" if done.act is Act.RESTORE else inert(line.subject, 200)
