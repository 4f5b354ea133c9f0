"""Figures only the self-check asks for: duty days, what was checked by subject, accounts, passwords, the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from dutyroom.clock import local_date
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import NOT_APPLICABLE, Entry
from dutyroom.report.figure import Figure, Shown, ids
from dutyroom.report.report import Report
from dutyroom.words import N_, _

SUBJECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "fire": (N_("fire protection"), ("fire.",)),
    "electric": (N_("electrical safety"), ("pwr.source", "pwr.breaker", "pwr.gen", "ups.")),
    "lightning": (N_("lightning protection"), ("pwr.spd", "pwr.ground")),
    "theft": (N_("doors, windows, cameras"), ("acc.door", "acc.window", "acc.cctv")),
    "rodents": (N_("rodents"), ("env.rodent",)),
    "water": (N_("water and condensation"), ("env.water", "env.condense", "acc.window", "ac.drain")),
    "visitors": (N_("visitors"), ("acc.visitor",)),
    "ups": (N_("UPS"), ("ups.",)),
    "cables": (N_("cables"), ("net.label",)),
    "restore": (N_("restore test"), ("bak.restore",)),
    "drill": (N_("drills and training"), ("sec.drill",)),
    "accounts": (N_("review of accounts"), ("sec.account",)),
    "logs": (N_("review of logs"), ("sec.audit", "sec.oslog")),
    "malware": (N_("antivirus and patches"), ("sec.av", "sec.patch")),
    "unknown": (N_("unknown hosts"), ("net.unknown",)),
}
"""What the answers of rounds are about: how people call it, and how the items begin."""
ABNORMAL = (Verdict.ATTENTION, Verdict.FAULT)
QUARTERLY = "quarterly"


def inspection_figures(report: Report) -> tuple[Figure, ...]:
    """The figures, in the language in force."""
    return (*_of_duty(report), *_of_subjects(report), *_of_site(report), *_of_batteries(report))


def _of_duty(report: Report) -> Iterator[Figure]:
    frame, roster = report.frame, report.rounds.roster
    # Days that had begun: nobody can have been on duty on one that is to come.
    last = min(frame.period.last, local_date(frame.cutoff, frame.zone))
    days = max(0, (last - frame.period.first).days + 1)
    covered = {one.day for one in roster if frame.period.first <= one.day <= last}
    records = ids("roster", (one.id for one in roster if one.day in covered))
    has_roster = bool(roster)
    yield Figure("inspection.days", _("Days so far"), days)
    yield Figure(
        "inspection.days_covered",
        _("Days with somebody on the roster"),
        len(covered) if has_roster else None,
        records=records,
    )
    walked = [slot for slot in report.rounds.signed if slot.checklist == QUARTERLY]
    made = [slot.record for slot in walked]
    yield Figure("inspection.quarterly", _("Inspections of the quarter signed"), len(walked), records=tuple(made))
    on = max((slot.due_on for slot in walked), default=None)
    yield Figure("inspection.quarterly_on", _("Last inspection of the quarter"), on, Shown.DATE, tuple(made[-1:]))


def _of_subjects(report: Report) -> Iterator[Figure]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in report.rounds.entries:
        if entry.answer is None or entry.answer == NOT_APPLICABLE:
            continue
        for subject, (_label, begins) in SUBJECTS.items():
            if entry.item.startswith(begins):
                found[subject].append(entry)
    due_on = {slot.round.id: slot.due_on for slot in report.rounds.signed if slot.round is not None}
    for subject, (label, _begins) in SUBJECTS.items():
        entries = found[subject]
        # Where nothing was checked nothing is known: the subject may not have been due in so short a period.
        abnormal = [one for one in entries if one.verdict in ABNORMAL]
        said = {"what": _(label)}
        yield Figure(f"checked.{subject}", _("Checked: {what}").format(**said), len(entries), records=_rounds(entries))
        yield Figure(
            f"abnormal.{subject}",
            _("Abnormal: {what}").format(**said),
            len(abnormal) if entries else None,
            records=_rounds(abnormal),
        )
        last: date | None = max((due_on[one.round_id] for one in entries if one.round_id in due_on), default=None)
        yield Figure(
            f"last.{subject}", _("Last checked: {what}").format(**said), last, Shown.DATE, _rounds(entries)[-1:]
        )


def _of_site(report: Report) -> Iterator[Figure]:
    frame = report.frame
    at = frame.cutoff
    active = [
        one.name
        for one in frame.operators
        if one.created_at < at and (one.disabled_at is None or one.disabled_at >= at)
    ]
    yield Figure(
        "inspection.accounts", _("Own logins"), len(active), records=tuple(f"operator:{name}" for name in active)
    )
    today = min(frame.period.last, local_date(at, frame.zone))
    ages = [(today - one.rotated).days for one in frame.site.credentials]
    # The site file knows only the newest change: of one made after the period the age in it is not known.
    oldest = max(ages) if ages and min(ages) >= 0 else None
    yield Figure("inspection.password_days", _("Oldest password, days"), oldest)
    numbers = report.self_check.registered
    yield Figure("inspection.registered", _("Addresses registered"), len(numbers), records=ids("registration", numbers))
    yield Figure("inspection.ups_count", _("Number of UPSes"), len(frame.site.ups))
    yield Figure("inspection.ups_loads", _("Loads on a UPS"), len(frame.site.loads))


def _of_batteries(report: Report) -> Iterator[Figure]:
    """How long each UPS held when that was last measured; None where no discharge is on record."""
    site, zone = report.frame.site, report.frame.zone
    for one in report.outages.hold:
        proof, label = one.evidence.proof, site.label_of(one.ups)
        if proof is None:
            label, minutes = _("{ups}: held, not measured").format(ups=label), None
        else:
            # Where mains came back or the test was stopped, the battery would have gone on.
            told = _("{ups}: held until low or empty, {day}") if proof.is_complete else _("{ups}: held at least, {day}")
            label = told.format(ups=label, day=local_date(proof.at, zone))
            minutes = round(proof.held_s / 60, 1)
        yield Figure(f"inspection.held.{one.ups}", label, minutes, Shown.MINUTES, one.records)


def _rounds(entries: Sequence[Entry]) -> tuple[str, ...]:
    return ids("round", (one.round_id for one in entries))
