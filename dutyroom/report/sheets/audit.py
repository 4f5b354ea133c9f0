"""Sheet 11: the audit. Who did what to the records, and what they say of how the rounds were walked."""

from __future__ import annotations

from collections import Counter

from dutyroom import honesty_words, show
from dutyroom.inert import inert
from dutyroom.model.honesty import FactCode
from dutyroom.report.facts.audit import Done
from dutyroom.report.facts.audit_honesty import RoundHonesty
from dutyroom.report.list_page import ListRow
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.sentences import listed
from dutyroom.report.sheets.audit_details import detail
from dutyroom.report.sheets.audit_words import role, routine, subject, what, who
from dutyroom.report.sheets.slot_marks import checklist_name
from dutyroom.report.tables_page import Table, tables_page
from dutyroom.words import N_, _

GRID = (17.0, 15.0, 12.0, 14.0, 24.0, 17.0, 17.0, 18.0, 18.0, 18.0, 9.0)
"""Widths of the grid both tables lie on."""
MOST_FACTS = 16
"""So many facts of one round are told: a row is no higher than Excel lets it be."""
KINDS = {
    FactCode.FAST_ROUND: N_("faster than nineteen of twenty earlier rounds, whole round"),
    FactCode.FAST_ITEMS: N_("faster than nineteen of twenty earlier rounds, between answers"),
    FactCode.SAME_NUMBERS: N_("the same number typed for days"),
    FactCode.TYPED_AGAINST_MEASURED: N_("another number typed than was measured"),
    FactCode.NORMAL_AGAINST_SOURCE: N_("judged normal against the source"),
}


def audit_page(report: Report) -> Page:
    """The acts in order of time, then the rounds with facts; in the language in force."""
    explained = _(
        "What was done to the records from {begin} until {end}, and after the period to its own rounds, up to the "
        "moment the workbook was made. Times in {zone}."
    ).format(
        begin=show.moment(report.frame.begins_at, report.frame.zone),
        end=show.moment(report.frame.cutoff, report.frame.zone),
        zone=report.frame.zone.key,
    )
    counted = _("Counted, not listed: {acts}.").format(acts=routine(report))
    tables = (_acts(report), _honesty(report))
    placed = tables_page(
        "audit",
        _("Audit"),
        explained,
        GRID,
        tables,
        lines=[(counted, "quiet")],
        figures=report.audit.figures(),
    )
    return placed.page


def _acts(report: Report) -> Table:
    columns = [
        (_("Time"), 1),
        (_("Who"), 1),
        (_("Role"), 1),
        (_("Terminal"), 1),
        (_("Act"), 1),
        (_("Subject"), 2),
        (_("Detail"), 3),
        (_("Ledger line"), 1),
    ]
    note = _(
        "Listed are: what changes a signed or skipped round, a zero report, checklists, limits, baselines, periods, "
        "maintenance, register, roster, self-check and operators; what lets a finding be; refused sign-ins and "
        "restores. Those of one import stand in one row, and refusals of one name at one terminal on one day."
    )
    return Table(_("Acts"), columns, [_row(report, one) for one in report.audit.done], note)


def _row(report: Report, done: Done) -> ListRow:
    line = done.lines[0]
    return ListRow(
        (
            (line.at, "moment"),
            (who(report, line), "text"),
            (role(line), "text"),
            (inert(line.terminal, 64), "text"),
            (what(done), "text strong" if done.is_after else "text"),
            (subject(report, done), "text"),
            (detail(report.frame, done), "text"),
            (line.seq, "count"),
        ),
        done.records,
    )


def _honesty(report: Report) -> Table:
    columns = [
        (_("Due"), 1),
        (_("Checklist"), 2),
        (_("Signed by"), 1),
        (_("What the records say"), 6),
        (_("Round"), 1),
    ]
    facts = report.audit.honesty
    counts = Counter(fact.code for one in facts for fact in one.facts)
    told = [_("{what} {n}").format(what=_(text), n=counts[code]) for code, text in KINDS.items() if counts[code]]
    note = _(
        "Facts, no accusations: each may have a good reason. They are those that `dutyroom rounds facts` tells of a "
        "round as it was signed."
    )
    if told:
        note = _("{note} In sum: {counts}.").format(note=note, counts=listed(told))
    rows = [_round(report, one) for one in facts]
    return Table(_("How the rounds were walked"), columns, rows, note, begins_page=bool(rows))


def _round(report: Report, one: RoundHonesty) -> ListRow:
    frame, held = report.frame, one.slot.round
    assert held is not None  # only signed rounds have facts
    form = frame.checklist_of(held.version, held.checklist)
    told = [
        honesty_words.fact(fact, form.item if form is not None else lambda _id: None, frame.site.label_of)
        for fact in one.facts
    ]
    if len(told) > MOST_FACTS:
        told = [*told[:MOST_FACTS], _("and {n} more").format(n=len(told) - MOST_FACTS)]
    return ListRow(
        (
            (held.due_at, "moment"),
            (checklist_name(frame, held.checklist, (held.version,)), "text"),
            (frame.person(held.signed_by), "text"),
            ("\n".join(told), "text"),
            (held.id, "count"),
        ),
        (one.slot.record,),
    )
