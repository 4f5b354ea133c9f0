"""How long every device, system and line was up, down, in planned maintenance and unknown in a period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dutyroom.model.availability import Availability, DownSpan, PollRecord
from dutyroom.model.devices import Device, OutsideLine, System
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.reading import Kind
from dutyroom.report.figure import Figure, Shown
from dutyroom.report.frame import Frame
from dutyroom.rules.availability import counted
from dutyroom.rules.sources import interval_of, kind_of
from dutyroom.store import maintenance, poll_records
from dutyroom.store.database import Session
from dutyroom.words import _

# No standard sets one. Less is more than seven hours of a month.
ATTENTION_BELOW = 0.99


@dataclass(frozen=True, slots=True)
class SourceFact:
    """One device, system or line; `kind` is None where nobody knows any more what it was.

    `in_site` is False for one that the site file has lost. `is_checked` is False for a system or a line that the site
    file lists without saying how it is checked.
    """

    source: str
    label: str
    kind: Kind | None
    found: Availability
    in_site: bool = True
    is_checked: bool = True


@dataclass(frozen=True, slots=True)
class AvailabilityFacts:
    """Every source of the site file, and what else was polled in the period: lowest availability first.

    Those without a number come last, in the order of the site file. `windows` are the planned windows that cover
    counted time, by record (`maintenance:3`).
    """

    sources: tuple[SourceFact, ...] = ()
    windows: tuple[tuple[str, MaintenanceWindow], ...] = ()

    @property
    def known(self) -> tuple[SourceFact, ...]:
        """Those with a number."""
        return tuple(one for one in self.sources if one.found.share is not None)

    def spans(self) -> tuple[tuple[SourceFact, DownSpan], ...]:
        """Every time that something did not answer, oldest first."""
        found = [(one, span) for one in self.sources for span in one.found.spans]
        return tuple(sorted(found, key=lambda pair: (pair[1].began, pair[0].source)))

    def figures(self) -> tuple[Figure, ...]:
        """The key figures, in the language in force."""
        known, spans = self.known, self.spans()
        lowest = known[0] if known else None
        name = _("Lowest availability")
        if lowest is not None and lowest.found.share != 1.0:
            name = _("Lowest availability: {name}").format(name=lowest.label)
        longest = max((span for _one, span in spans), key=lambda span: span.down_s, default=None)
        share = lowest.found.share if lowest is not None else None
        down = tuple(dict.fromkeys(span.id for _one, span in spans if span.down_s))
        unknown_s = sum(one.found.unknown_s for one in self.sources)
        counted_s = sum(one.found.counted_s for one in self.sources)
        nobody = unknown_s / counted_s if counted_s else None
        times = sum(one.found.times_down for one in known) if known else None
        never = [one for one in self.sources if one.is_checked and one.found.counted_from is None]
        return (
            Figure(
                "availability.lowest",
                name,
                share,
                Shown.PERCENT,
                lowest.found.ids if lowest is not None else (),
                share is not None and share < ATTENTION_BELOW,
            ),
            Figure("availability.sources", _("Devices, systems and lines with a number"), len(known)),
            Figure("availability.times_down", _("Times down"), times, records=down),
            Figure(
                "availability.longest",
                _("Longest time down"),
                (longest.down_s / 60 if longest is not None else 0.0) if known else None,
                Shown.MINUTES,
                (longest.id,) if longest is not None and longest.down_s else (),
            ),
            Figure("availability.unknown", _("Time nobody polled"), nobody, Shown.PERCENT),
            Figure("availability.never", _("Not polled yet"), len(never)),
        )


def gather(session: Session, frame: Frame) -> AvailabilityFacts:
    """The availability from the beginning of the period to the cut-off. Raises StoreError."""
    since, until = frame.begins_at, frame.cutoff
    records = {one.source: one for one in poll_records.on_record(session, since, until, frame.made_at)}
    windows = maintenance.windows(session)
    found = [
        SourceFact(name, label, kind, _counted(frame, records.get(name), name, windows), is_checked=is_checked)
        for name, label, kind, is_checked in _of_site(frame)
    ]
    told = {one.source for one in found} | {job.name for job in frame.site.backups}
    found += [
        SourceFact(name, name, record.kind, _counted(frame, record, name, windows), in_site=False)
        for name, record in records.items()
        if name not in told and record.kind is not Kind.BACKUP and (record.ok or record.failed)
    ]
    found.sort(key=lambda one: (one.found.share is None, one.found.share or 0.0))
    used = {name for one in found for name in one.found.windows}
    return AvailabilityFacts(
        tuple(found), tuple((name, one) for one in windows if (name := f"maintenance:{one.id}") in used)
    )


def _of_site(frame: Frame) -> Iterator[tuple[str, str, Kind, bool]]:
    """Name, label, kind of everything in the site file, and whether it is polled; backups are no devices here."""
    site = frame.site
    devices: list[Device] = [*site.ups, *site.network, *site.servers, *site.systems, *site.lines]
    for one in devices:
        polled = not isinstance(one, System | OutsideLine) or one.check is not None
        yield one.name, one.label, kind_of(one), polled


def _counted(
    frame: Frame, record: PollRecord | None, source: str, windows: tuple[MaintenanceWindow, ...]
) -> Availability:
    if record is None:
        return Availability(source, None, frame.cutoff)
    polled = any(device.name == source for device in frame.site.devices())
    interval_s = interval_of(frame.site, source) if polled else None
    return counted(record, windows, frame.begins_at, frame.cutoff, interval_s)
