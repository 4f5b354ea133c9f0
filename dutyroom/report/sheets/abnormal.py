"""Abnormal answers: every answer of a signed round that is not normal, with what was written about it."""

from __future__ import annotations

from collections import defaultdict

from dutyroom import show
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import Entry
from dutyroom.report.facts.rounds import ABNORMAL_VERDICTS
from dutyroom.report.facts.standing import SlotFact
from dutyroom.report.frame import Frame
from dutyroom.report.list_page import Column, ListRow, list_page
from dutyroom.report.page import Page
from dutyroom.report.report import Report
from dutyroom.report.sheets.item_words import ItemWords, verdict_of
from dutyroom.report.sheets.slot_marks import checklist_name
from dutyroom.words import _

LISTED = (*ABNORMAL_VERDICTS, Verdict.UNKNOWN)


def abnormal_page(report: Report) -> Page:
    """The list in the language in force, in order of the rounds and of the walk."""
    columns: list[Column] = [
        (_("Due"), 16),
        (_("Checklist"), 14),
        (_("Area"), 13),
        (_("Item"), 30),
        (_("Device"), 19),
        (_("Answer"), 12),
        (_("Verdict"), 10),
        (_("Note"), 46),
        (_("Finding"), 8),
        (_("By"), 13),
        (_("Answered at"), 16),
    ]
    slots = {slot.round.id: slot for slot in report.rounds.signed if slot.round is not None}
    found: dict[int, list[Entry]] = defaultdict(list)
    for entry in report.rounds.entries:
        if verdict_of(entry) in LISTED:
            found[entry.round_id].append(entry)
    words = {name: ItemWords(report.frame, name, report.rounds.slots) for name in {s.checklist for s in slots.values()}}
    rows: list[ListRow] = []
    for number, slot in slots.items():
        of_round = {entry.key: entry for entry in found.get(number, ())}
        own = words[slot.checklist]
        rows += [_row(report.frame, slot, own, of_round[key]) for key in own.walked(of_round)]
    explained = _(
        "Answers of signed rounds, with what was amended: {abnormal} judged attention or fault, {unknown} nobody could "
        "judge."
    )
    unknown = sum(entry.verdict is Verdict.UNKNOWN for some in found.values() for entry in some)
    text = explained.format(abnormal=len(rows) - unknown, unknown=unknown)
    return list_page("abnormal", _("Abnormal answers"), text, columns, rows)


def _row(frame: Frame, slot: SlotFact, words: ItemWords, entry: Entry) -> ListRow:
    verdict = verdict_of(entry)
    finding = (f"finding:{entry.finding_id}",) if entry.finding_id is not None else ()
    version = (slot.round.version,) if slot.round is not None else ()
    return ListRow(
        (
            (slot.due_at, "moment"),
            (checklist_name(frame, slot.checklist, version), "text"),
            (words.area(entry.item), "text"),
            (words.text(entry.item), "text"),
            (words.device(entry.device), "text"),
            (words.answer(entry), "text"),
            (show.verdict(verdict), "verdict fault" if verdict is Verdict.FAULT else "verdict attention"),
            (entry.note, "text"),
            (entry.finding_id, "count"),
            (frame.person(entry.by), "text"),
            (entry.at, "moment"),
        ),
        (slot.record, *finding),
    )
