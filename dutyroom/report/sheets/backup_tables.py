"""The tables under the matrix of backups, over its grid: jobs, what was not well, restore tests, answers, own ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import PurePath

from dutyroom import backup_words, show
from dutyroom.model.backup import Backup
from dutyroom.model.reading import Verdict
from dutyroom.report.facts.backup_days import Answered, BackupDay, BackupResult, Seen
from dutyroom.report.facts.backups import BackupFacts, JobDays
from dutyroom.report.figure import ids
from dutyroom.report.frame import Frame
from dutyroom.report.list_page import ListRow, Shown
from dutyroom.report.report import Report
from dutyroom.report.sheets.backup_matrix import size_text, word
from dutyroom.report.sheets.item_words import ItemWords
from dutyroom.report.tables_page import Table
from dutyroom.words import _


class Answers:
    """How answers about backups stand in cells, whatever checklist they were given in."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._words: dict[str, ItemWords] = {}

    def words(self, one: Answered) -> ItemWords:
        """The items of the checklist the answer was given in."""
        name = one.round.checklist
        if name not in self._words:
            self._words[name] = ItemWords(self._report.frame, name, self._report.rounds.slots)
        return self._words[name]

    def row(self, one: Answered, *before_note: tuple[int | None, str]) -> ListRow:
        """Day, item, job, answer, who, when signed, then what is given, then the note."""
        words, entry, frame = self.words(one), one.entry, self._report.frame
        look = {Verdict.OK: "centre", Verdict.FAULT: "verdict fault"}.get(entry.verdict, "verdict attention")
        return ListRow(
            [
                (one.round.due_on, "date"),
                (words.text(entry.item), "text"),
                (words.device(entry.device), "text"),
                (words.answer(entry), look),
                (frame.person(entry.by), "text"),
                (one.round.signed_at, "moment"),
                *before_note,
                (entry.note, "text"),
            ],
            (one.record,),
        )


def jobs_table(jobs: Sequence[JobDays]) -> Table:
    """How each job was at the end."""
    columns = [
        *((_("Job"), 1), (_("Known from"), 8), (_("Allowed age, h"), 4), (_("Newest backup first seen"), 6)),
        *((_("Its size"), 4), (_("Its age at the end, h"), 5), (_("Smallest"), 4), (_("Largest"), 4)),
    ]
    return Table(_("Jobs"), columns, [_job(job) for job in jobs])


def _job(job: JobDays) -> ListRow:
    last = next((one for one in reversed(job.days) if one.seen_at is not None), None)
    # Of a day on which nobody looked any more the age would be a guess.
    at_end = job.days[-1] if job.days else None
    age_s = at_end.age_s if at_end is not None else None
    sizes = [one.size for one in job.days if one.size is not None]
    known_from = _("its files and answers of rounds") if job.is_watched else _("answers of rounds")
    return ListRow(
        [
            (job.label, "text strong"),
            (known_from, "text"),
            _hours(job.max_age_s),
            (last.seen_at if last is not None else show.NOTHING, "moment"),
            (size_text(sizes[-1] if sizes else None), "centre"),
            _hours(age_s),
            (size_text(min(sizes, default=None)), "centre"),
            (size_text(max(sizes, default=None)), "centre"),
        ],
        tuple(record for one in job.days for record in one.records),
    )


def _hours(seconds: float | None) -> Shown:
    return (round(seconds / 3600, 1) if seconds is not None else show.NOTHING), "number 1"


def not_well_table(report: Report, facts: BackupFacts, answers: Answers) -> Table:
    """The days that were bad one by one, and those of which nothing is known in spans."""
    columns = [
        *((_("Days"), 1), (_("Job"), 6), (_("Result"), 4), (_("What the watch saw"), 11)),
        (_("What rounds say"), 14),
    ]
    rows = [row for job in facts.jobs for row in _not_well(report.frame, answers, job)]
    return Table(_("Days on which a backup was not well, or not known"), columns, rows)


def _not_well(frame: Frame, answers: Answers, job: JobDays) -> Iterator[ListRow]:
    for result, some in groupby(job.days, key=lambda one: one.result):
        days = [*some]
        if result is BackupResult.UNKNOWN:
            yield _not_well_row(frame, answers, job, days)
        elif result.is_bad:
            for one in days:
                yield _not_well_row(frame, answers, job, [one])


def _not_well_row(frame: Frame, answers: Answers, job: JobDays, days: Sequence[BackupDay]) -> ListRow:
    first, last = days[0], days[-1]
    span = f"{first.day}" if len(days) == 1 else _("{first} to {last}").format(first=first.day, last=last.day)
    look = "verdict fault" if first.result.is_bad else "verdict attention"
    said = [_said(answers, frame, one) for day in days for one in day.answers]
    return ListRow(
        [
            (span, "text"),
            (job.label, "text"),
            (word(first.result), look),
            (_saw(frame, job, days), "text"),
            ("\n".join(said) or _("nothing"), "text"),
        ],
        tuple(record for one in days for record in one.records),
    )


def _said(answers: Answers, frame: Frame, one: Answered) -> str:
    entry = one.entry
    told = {"answer": answers.words(one).answer(entry), "person": frame.person(entry.by)}
    text = _("{answer} ({person}, {at})").format(**told, at=show.moment(entry.at, frame.zone))
    return f"{text} {entry.note}".strip()


def _saw(frame: Frame, job: JobDays, days: Sequence[BackupDay]) -> str:
    """What changed in the day; where nothing did, that it was so before, or that nothing is on record."""
    if not job.is_watched:
        return _("nobody watches its files")
    if all(one.watched is BackupResult.UNKNOWN and not one.seen for one in days):
        return _("nothing on record")
    told = [_seen(frame, one) for day in days for one in day.seen]
    return "\n".join(told) or _("as before")


def _seen(frame: Frame, one: Seen) -> str:
    at = show.time_of_day(one.at, frame.zone)
    if one.result is None:
        return _("{at} new file, {size}").format(at=at, size=size_text(one.size))
    if one.result is BackupResult.UNKNOWN:
        return _("{at} nobody can look into the folder").format(at=at)
    return _("{at} {word}").format(at=at, word=word(one.result))


def tests_table(report: Report, facts: BackupFacts, answers: Answers) -> Table:
    """Every answer to a restore test of the period; where none was done, the last one before it."""
    columns = [
        *((_("Due on"), 1), (_("What"), 6), (_("Job"), 5), (_("Result"), 4), (_("By"), 4), (_("Signed at"), 6)),
        *((_("Days before the end"), 3), (_("Note"), 7)),
    ]
    last = facts.last_test
    shown = [*facts.tests] if last is None or last in facts.tests else [last, *facts.tests]
    rows = [answers.row(one, (_days_before(facts, one), "count")) for one in shown]
    note = _("The last one that was done stands here even when it was before the period.")
    restored = [show.moment(at, report.frame.zone) for at in facts.restored]
    if restored:
        note += " " + _("The records of dutyroom were put back from a backup: {moments}.").format(
            moments=", ".join(restored)
        )
    return Table(_("Restore tests"), columns, rows, note)


def _days_before(facts: BackupFacts, one: Answered) -> int | None:
    return max(0, (facts.last_day - one.round.due_on).days) if facts.last_day is not None else None


def others_table(facts: BackupFacts, answers: Answers) -> Table:
    """Other answers about backups: a second copy, and what a site asks of its own."""
    columns = [
        *((_("Due on"), 1), (_("What"), 6), (_("Job"), 5), (_("Answer"), 4), (_("By"), 4), (_("Signed at"), 6)),
        (_("Note"), 10),
    ]
    return Table(_("Other answers about backups"), columns, [answers.row(one) for one in facts.others])


def own_table(facts: BackupFacts) -> Table:
    """The tries to back these records up."""
    columns = [
        *((_("Made at"), 1), (_("Why"), 6), (_("File"), 13), (_("Size"), 4), (_("Read back whole"), 4)),
        (_("Copy in a second place"), 8),
    ]
    own = facts.own or ()
    good = [one.id for one in own if one.is_good]
    note = _(
        "A copy counts when it was read back whole. The newest good one may still be copied to the second place, so "
        "that nothing is said of it there."
    )
    rows = [_own(one, is_newest=bool(good) and one.id >= good[-1]) for one in own]
    return Table(_("Backups of these records"), columns, rows, note)


def _own(one: Backup, *, is_newest: bool) -> ListRow:
    if one.is_good:
        whole, look = (_("yes"), "centre") if one.trouble is None else (backup_words.trouble(one.trouble), "text fault")
    else:
        whole, look = backup_words.trouble(one.trouble or ""), "text fault"
    second = show.NOTHING
    if one.is_good and not is_newest:
        second = _("yes") if one.second is not None else backup_words.trouble(one.second_trouble or "") or _("no")
    return ListRow(
        [
            (one.at, "moment"),
            (backup_words.reason(one.reason), "text"),
            (PurePath(one.path).name, "text"),
            (size_text(one.size), "centre"),
            (whole, look),
            (second, "text"),
        ],
        ids("backup", [one.id]),
    )
