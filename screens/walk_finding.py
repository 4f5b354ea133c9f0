"""The line under an answer that is not normal: which finding it stands for, a new one or one that is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dutyroom import show
from dutyroom.duty.walks import Walk
from dutyroom.model.finding import Finding, Severity
from dutyroom.model.rounds import Entry
from dutyroom.model.site import Site
from dutyroom.rules.deadlines import deadline_of
from dutyroom.rules.finding_life import needs_finding, severity_of
from dutyroom.words import N_, _
from screens.widgets.lines import Line, pad

_CLASSES = {
    Severity.MAJOR: N_("major fault"),
    Severity.CRITICAL: N_("critical fault"),
    Severity.OTHER: N_("other fault"),
}


@dataclass(slots=True)
class FindingChoice:
    """What is asked about one answer. `chosen` 0 is a finding of its own, n the n-th of `faults`."""

    entry: Entry
    faults: tuple[Finding, ...] = ()
    chosen: int = 0

    def choose(self, by: int) -> None:
        """Moves among the findings, to the first or last at most."""
        self.chosen = max(0, min(len(self.faults), self.chosen + by))

    @property
    def number(self) -> int | None:
        """The number of the finding chosen; None for a new one."""
        return self.faults[self.chosen - 1].id if self.chosen > 0 else None


def choice_lines(choice: FindingChoice, walk: Walk, site: Site, now: datetime, width: int) -> list[Line]:
    """The question and its answers, one a line."""
    severity = severity_of(choice.entry.verdict)
    due = show.moment(deadline_of(severity, choice.entry.at), site.timezone)
    new = _("a finding of its own: {severity}, due {at}").format(severity=_(_CLASSES[severity]), at=due)
    told = [new, *(_told(one, walk, site, now) for one in choice.faults)]
    lines: list[Line] = [((_("      Which finding is it?"), "key"),)]
    for n, text in enumerate(told):
        here = n == choice.chosen
        lines.append(
            (("      ▸ " if here else "        ", "key"), (pad(text, width - 9).rstrip(), "cursor" if here else "dim"))
        )
    return lines


def stands_for(entry: Entry) -> Line | None:
    """Which finding a stored answer stands for, or that it stands for none; None where it needs none."""
    if entry.finding_id is not None:
        return ((_("      → finding {n}").format(n=entry.finding_id), "dim"),)
    if needs_finding(entry):
        return ((_("      → no finding yet"), "attention"),)
    return None


def _told(finding: Finding, walk: Walk, site: Site, now: datetime) -> str:
    """What somebody wrote comes first: the line may be too short for all of it."""
    item = walk.checklist.item(finding.item) if finding.item else None
    parts = [site.label_of(finding.device) if finding.device else "", finding.text]
    if finding.known_until is not None and finding.is_known(now):
        day = show.day(finding.known_until.astimezone(site.timezone).date())
        parts.append(_("known until {day}, {who}").format(day=day, who=finding.known_owner or show.NOTHING))
    parts.append(show.item_name(item) if item is not None else finding.code)
    return f"{finding.id} " + " · ".join(part for part in parts if part)
