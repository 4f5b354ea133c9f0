"""What may be done to a finding, what is asked before, and which act of the duty carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dutyroom import clock, finding_words
from dutyroom.duty import findings
from dutyroom.errors import FindingRefused
from dutyroom.model.finding import Finding, FindingStep, Severity
from dutyroom.model.people import Act, Actor
from dutyroom.rules.deadlines import KNOWN_AT_MOST
from dutyroom.rules.finding_life import why_not
from dutyroom.rules.privileges import may
from dutyroom.words import N_, _
from screens.dialogs.finding_acts import FindingActsDialog
from screens.dialogs.finding_form import Field, FindingFormDialog

if TYPE_CHECKING:
    from screens.app import DutyroomApp
    from screens.desk import OpenedRoom
    from screens.finding_page import FindingPage

KNOWN_DAYS = 14
"""Proposed for a known fault; the rule allows 31."""
NOTE, REASON = N_("Note"), N_("Reason")
WHO, DAYS = N_("Assignee"), N_("Days until the deadline (empty: as it is)")
OWNER, KNOWN_FOR, CLASS = N_("Owner"), N_("Days, at most 31"), N_("Class")


@dataclass(frozen=True, slots=True)
class FindingAct:
    """One act: what it is called, who may do it, which fields are asked; `needed` are those that cannot be empty."""

    text: str
    act: Act = Act.WORK_ON_FINDING
    fields: tuple[str, ...] = ("note",)
    needed: tuple[str, ...] = ()


ACTS: Mapping[FindingStep, FindingAct] = {
    FindingStep.CONTAINED: FindingAct(N_("Contained: it does no more harm")),
    FindingStep.REPORTED: FindingAct(N_("Reported to the leading group")),
    FindingStep.AUTHORITY: FindingAct(N_("Reported to the authority")),
    FindingStep.TAKEN: FindingAct(N_("Take it: I work on it")),
    FindingStep.DONE: FindingAct(N_("Put right: somebody else verifies it"), needed=("note",)),
    FindingStep.VERIFIED: FindingAct(N_("Verified: I have seen that it is right"), Act.VERIFY_FINDING),
    FindingStep.RETURNED: FindingAct(N_("Back to work: it is not right"), Act.VERIFY_FINDING, needed=("note",)),
    FindingStep.ASSIGNED: FindingAct(
        N_("Give it to somebody, set its deadline"), Act.ASSIGN_FINDING, ("who", "days", "note")
    ),
    FindingStep.NOTED: FindingAct(N_("Write a note into its history"), needed=("note",)),
    FindingStep.KNOWN: FindingAct(
        N_("Known fault, with owner, reason and expiry"),
        Act.KNOW_FAULT,
        ("owner", "reason", "known_for"),
        ("owner", "reason", "known_for"),
    ),
    FindingStep.KNOWN_ENDED: FindingAct(N_("No known fault any more"), Act.KNOW_FAULT),
    FindingStep.SEVERITY: FindingAct(N_("Another class"), fields=("severity", "reason"), needed=("reason",)),
    FindingStep.WITHDRAWN: FindingAct(
        N_("Withdraw: it was none"), Act.WITHDRAW_FINDING, ("reason",), needed=("reason",)
    ),
}


def possible(finding: Finding, actor: Actor) -> tuple[FindingStep, ...]:
    """What that person may do to it now, the usual first."""
    return tuple(
        step for step, told in ACTS.items() if may(actor.role, told.act) and not _why_not(finding, step, actor)
    )


def _why_not(finding: Finding, step: FindingStep, actor: Actor) -> str:
    """As if a note were written: the form asks for one."""
    if step is FindingStep.WITHDRAWN and finding.found_by != actor.name and not may(actor.role, Act.LOWER_FINDING):
        return "not-withdrawn"
    return why_not(finding, step, actor.name, "-")


def act_on(app: DutyroomApp, page: FindingPage, step: FindingStep | None) -> None:
    """Asks what an act needs and carries it out; its time is that of the key. Somebody must be signed in."""
    at, actor, of = clock.now(), app.actor, page.of
    if of is None or app.screen.is_modal:
        return
    if actor is None:
        app.sign_in(lambda: act_on(app, page, step))
        return
    if step is not None:
        _ask(app, page, step, at)
        return

    def chosen(taken: FindingStep | None) -> None:
        if taken is not None:
            _ask(app, page, taken, at)

    found = possible(of.finding, actor)
    if found:
        number = of.finding.id

        def title() -> str:
            return _("Finding {number}").format(number=number)

        app.push_screen(FindingActsDialog(title, [(one, ACTS[one].text) for one in found]), chosen)
    else:
        app.notify(_("Nothing can be done to this finding."), markup=False)


def _ask(app: DutyroomApp, page: FindingPage, step: FindingStep, at: datetime) -> None:
    actor, opened, of = app.actor, app.opened, page.of
    if actor is None or opened is None or of is None:
        return
    told, number = ACTS[step], of.finding.id

    async def send(values: Mapping[str, str]) -> Finding:
        return await carry_out(opened, actor, number, step, values, at)

    def did(changed: Finding | None) -> None:
        if changed is not None:
            app.notify(_("Finding {number}: {act}").format(number=number, act=_(told.text)), markup=False)
            page.read_again()

    fields = [_field(app, actor, of.finding, name, needed=name in told.needed) for name in told.fields]
    app.push_screen(FindingFormDialog(lambda: f"{number} · {_(told.text)}", fields, send), did)


def _field(app: DutyroomApp, actor: Actor, finding: Finding, name: str, *, needed: bool) -> Field:
    match name:
        case "who":
            return _people(app, finding.assignee or actor.name)
        case "days":
            return Field("days", DAYS, width=3, needed=needed)
        case "owner":
            return Field("owner", OWNER, finding.known_owner or finding.assignee or actor.name, needed=needed)
        case "known_for":
            return Field("known_for", KNOWN_FOR, str(KNOWN_DAYS), width=2, needed=needed)
        case "severity":
            return replace(_classes(), value=finding.severity.value)
        case "reason":
            return Field("reason", REASON, needed=needed)
    return Field("note", NOTE, needed=needed)


def _classes() -> Field:
    return Field("severity", CLASS, Severity.OTHER.value, options=tuple((one.value, _class_of) for one in Severity))


def _class_of(code: str) -> str:
    return finding_words.severity(Severity(code))


def _people(app: DutyroomApp, chosen: str, *, nobody: bool = False) -> Field:
    records = app.records
    names = list(records.people) if records is not None else [chosen]

    def called(name: str) -> str:
        return (records.person(name) if records is not None else name) if name else _("nobody yet")

    every = ["", *names] if nobody else names
    return Field("who", WHO, chosen if chosen in every else every[0], options=tuple((one, called) for one in every))


async def carry_out(
    opened: OpenedRoom, actor: Actor, number: int, step: FindingStep, values: Mapping[str, str], at: datetime
) -> Finding:
    """Does it. Raises FindingRefused (also `days` for what is no number of days), NotAllowed, StoreError."""
    note, reason = values.get("note", ""), values.get("reason", "")
    run, desk = opened.writer.carry_out, opened.desk
    stamps: Mapping[FindingStep, Callable[..., Finding]] = {
        FindingStep.CONTAINED: findings.contain,
        FindingStep.REPORTED: findings.report,
        FindingStep.AUTHORITY: findings.tell_authority,
        FindingStep.TAKEN: findings.take,
        FindingStep.VERIFIED: findings.verify,
        FindingStep.KNOWN_ENDED: findings.end_known,
    }
    told: Mapping[FindingStep, Callable[..., Finding]] = {
        FindingStep.DONE: findings.done,
        FindingStep.RETURNED: findings.return_to_work,
        FindingStep.NOTED: findings.add_note,
        FindingStep.WITHDRAWN: findings.withdraw,
    }
    if step in stamps:
        return await run(stamps[step], desk, actor, number, at, note)
    if step in told:
        return await run(told[step], desk, actor, number, note or reason, at)
    if step is FindingStep.ASSIGNED:
        days = values.get("days", "")
        deadline = at + _days(days) if days else None
        return await run(findings.assign, desk, actor, number, values["who"], at, note, deadline)
    if step is FindingStep.KNOWN:
        until = at + _days(values["known_for"])
        return await run(findings.know, desk, actor, number, values["owner"], reason, until, at)
    return await run(findings.rate, desk, actor, number, Severity(values["severity"]), reason, at)


def _days(text: str) -> timedelta:
    try:
        return timedelta(days=int(text))
    except ValueError:
        sentence = _("Write a number of days, for a known fault at most {days}.")
        raise FindingRefused(sentence.format(days=KNOWN_AT_MOST.days), code="days") from None


def find_new(app: DutyroomApp) -> None:
    """Asks what somebody saw outside a round; the new finding's page opens."""
    at, actor, opened = clock.now(), app.actor, app.opened
    if opened is None or app.screen.is_modal:
        return
    if actor is None:
        app.sign_in(lambda: find_new(app))
        return

    async def send(values: Mapping[str, str]) -> Finding:
        return await opened.writer.carry_out(
            findings.find,
            opened.desk,
            actor,
            Severity(values["severity"]),
            values["text"],
            at,
            device=values["device"],
            assignee=values["who"] or None,
        )

    def did(found: Finding | None) -> None:
        if found is not None:
            app.action_go_to_finding(found.id)

    fields = [
        Field("text", N_("What is wrong"), needed=True),
        _classes(),
        _devices(app),
        _people(app, "", nobody=True),
    ]
    app.push_screen(FindingFormDialog(lambda: _("Enter a finding"), fields, send), did)


def _devices(app: DutyroomApp) -> Field:
    def called(name: str) -> str:
        return app.site.label_of(name) if name else _("no device")

    names = ("", *(device.name for device in app.site.devices()))
    return Field("device", N_("Device"), "", options=tuple((one, called) for one in names))
