"""The zero report: previewed, signed with the own password, amended as a later version; else its day is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from dutyroom import clock, show
from dutyroom.duty.clock_order import checked_reason
from dutyroom.duty.desk import Desk, require
from dutyroom.duty.signin import confirm
from dutyroom.duty.zero_content import gather
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.people import Act, Actor
from dutyroom.model.site import Site
from dutyroom.model.zero_content import from_json, to_json
from dutyroom.model.zero_page import ZeroPage
from dutyroom.model.zero_report import ZeroDay, ZeroNow, ZeroReport, ZeroState, ZeroWindow
from dutyroom.rules.zero_window import days, due_window, missing_days, stand, state_of, window_of
from dutyroom.store import ledger, people, zero_reports
from dutyroom.store.database import Session
from dutyroom.words import N_, _

LONGEST_REMARK = 500
# How far the board looks back for days without a report.
LOOK_BACK = timedelta(days=31)
_REFUSED = {
    "too-early": N_("The report of {day} can be signed from {at} on; until then it is only a preview."),
    "not-in-use": N_("There is no report of {day}: nobody was on record before {at}."),
    "exists": N_("The report of {day} was signed by {who} at {at}. Amend it, with a reason, to change what it says."),
    "not-signed": N_("The report of {day} is not signed yet: sign it, there is nothing to amend."),
    "nothing-to-send": N_("The report of {day} is not signed yet: sign it, then send it."),
    "no-reason": N_("Say why the report is amended: the reason stands in the new version."),
}


class ZeroReportRefused(DutyroomError):
    """The report cannot be signed or amended like this.

    `code` says why: `too-early`, `not-in-use`, `exists`, `not-signed`, `nothing-to-send`, `no-reason`.
    """

    code = "zero-report-refused"


def page_of(desk: Desk, day: date, now: datetime) -> ZeroPage:
    """The report of a duty day, or its preview. Raises ZeroReportRefused (`not-in-use`)."""
    window = _window(desk.site, day)
    with desk.store.read() as session:
        _refuse_before_use(session, desk.site, window)
        versions = zero_reports.versions(session, day, day)
        fresh = gather(session, desk, window, now)
        report = versions[-1] if versions else None
        anchor = None
        if report is not None:
            line = ledger.lines(session, subject=f"zero-report:{report.id}", limit=1)[0]
            anchor = (line.seq, line.hash)
        labels = {one.name: one.label for one in people.operators(session)}
    content = from_json(report.content) if report is not None else fresh
    told = {item.key for item in content.items}
    return ZeroPage(
        ZeroDay(window, state_of(window, report, now), versions),
        content,
        now,
        labels,
        tuple(item for item in fresh.items if item.key not in told) if report is not None else (),
        anchor,
        window.opens_at if now < window.opens_at else None,
    )


def signed_page(desk: Desk, day: date, now: datetime) -> ZeroPage:
    """The signed report of a duty day, to be sent. Raises ZeroReportRefused (`nothing-to-send`, `not-in-use`)."""
    page = page_of(desk, day, now)
    if page.day.report is None:
        raise _refused("nothing-to-send", day=day)
    return page


def sign(
    desk: Desk, actor: Actor, day: date, password: str, now: datetime, *, remark: str = "", clock_reason: str = ""
) -> ZeroReport:
    """Signs the report of a duty day with the operator's own password; what it says follows from the records.

    Raises SignInRefused for a wrong password, ZeroReportRefused (`too-early`, `not-in-use`, `exists`), RoundRefused
    (`clock` when the clock stands before the newest record and no reason is given), NotAllowed.
    """
    require(actor, Act.SIGN_ZERO_REPORT)
    confirm(desk.store, actor, password, now)
    window = _window(desk.site, day)
    with desk.store.write() as session:
        _refuse_before_use(session, desk.site, window)
        if now < window.opens_at:
            raise _refused("too-early", day=day, at=show.moment(window.opens_at, desk.site.timezone))
        if (there := zero_reports.newest(session, day)) is not None:
            at = show.moment(there.signed_at, desk.site.timezone)
            raise _refused("exists", day=day, who=there.signed_by, at=at)
        made = _made(session, desk, actor, window, now, remark, clock_reason)
        signed = zero_reports.add(session, replace(made, is_late=now > window.late_after))
        ledger.append_row(session, at=now, actor=actor, act=Act.SIGN_ZERO_REPORT, of=signed)
    return signed


def amend(
    desk: Desk,
    actor: Actor,
    day: date,
    password: str,
    reason: str,
    now: datetime,
    *,
    remark: str = "",
    clock_reason: str = "",
) -> ZeroReport:
    """Signs a later version of a signed report, made from the records as they are known by then; the old one stays.

    Raises as `sign` does, and ZeroReportRefused (`not-signed`, `no-reason`).
    """
    require(actor, Act.AMEND_ZERO_REPORT)
    why = inert(reason, LONGEST_REMARK).strip()
    if not why:
        raise _refused("no-reason")
    confirm(desk.store, actor, password, now)
    window = _window(desk.site, day)
    with desk.store.write() as session:
        before = zero_reports.newest(session, day)
        if before is None:
            raise _refused("not-signed", day=day)
        made = _made(session, desk, actor, window, now, remark, clock_reason)
        later = replace(made, version=before.version + 1, is_late=before.is_late, reason=why)
        amended = zero_reports.add(session, later)
        ledger.append_row(session, at=now, actor=actor, act=Act.AMEND_ZERO_REPORT, of=amended)
    return amended


def listed(desk: Desk, first: date, last: date, now: datetime) -> tuple[ZeroDay, ...]:
    """The duty days from first to last up to the running one, newest first; none before the first operator."""
    site = desk.site
    with desk.store.read() as session:
        began = _first_day(session, site)
        if began is None:
            return ()
        versions = zero_reports.versions(session, first, last)
    rules = (site.zero_report_at, site.timezone, site.zero_report_grace_s)
    return tuple(reversed(stand(versions, max(first, began), last, now, *rules)))


def due_day(desk: Desk, now: datetime) -> date:
    """The duty day whose report is to be signed next."""
    with desk.store.read() as session:
        return zero_now(session, desk.site, now).duty_day or _today(desk.site, now)


def zero_now(session: Session, site: Site, now: datetime) -> ZeroNow:
    """For the board: the report that is due, and the days of the last month that have none."""
    first = _first_day(session, site)
    if first is None:
        return ZeroNow()
    since = max(first, _today(site, now) - LOOK_BACK)
    reported = zero_reports.reported(session, since)
    rules = (site.zero_report_at, site.timezone, site.zero_report_grace_s)
    # A day before there was anybody is never due.
    before = frozenset(days(since - timedelta(days=2), first - timedelta(days=1)))
    window = due_window(reported | before, now, *rules)
    return ZeroNow(
        window.duty_day,
        window.ends_at,
        zero_reports.newest(session, window.duty_day),
        missing_days(since, reported, now, *rules),
    )


def _made(
    session: Session, desk: Desk, actor: Actor, window: ZeroWindow, now: datetime, remark: str, clock_reason: str
) -> ZeroReport:
    content = replace(
        gather(session, desk, window, now),
        remark=inert(remark, LONGEST_REMARK).strip(),
        clock_reason=inert(checked_reason(session, desk.site, now, clock_reason) or "", LONGEST_REMARK),
    )
    newest = ledger.lines(session, limit=1)[0]
    return ZeroReport(
        window.duty_day,
        window.begins_at,
        window.ends_at,
        ZeroState.ZERO if content.is_zero else ZeroState.EVENTS,
        now,
        actor.name,
        to_json(content),
        ledger_seq=newest.seq,
        ledger_head=newest.hash,
    )


def _window(site: Site, day: date) -> ZeroWindow:
    return window_of(day, site.zero_report_at, site.timezone, site.zero_report_grace_s)


def _today(site: Site, now: datetime) -> date:
    return clock.duty_day(now, site.zero_report_at, site.timezone)


def _first_day(session: Session, site: Site) -> date | None:
    """The duty day in which the first operator was entered; None before there is one."""
    began = min((one.created_at for one in people.operators(session)), default=None)
    return _today(site, began) if began is not None else None


def _refuse_before_use(session: Session, site: Site, window: ZeroWindow) -> None:
    first = _first_day(session, site)
    if first is None or window.duty_day < first:
        at = str(first) if first is not None else show.NOTHING
        raise _refused("not-in-use", day=window.duty_day, at=at)


def _refused(code: str, **params: object) -> ZeroReportRefused:
    return ZeroReportRefused(_(_REFUSED[code]).format_map(params), code=code)
