"""A handover and its sheet in words, in the language in force: the same for the screen and the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dutyroom import finding_words, shift_words, show
from dutyroom.model.checklist import Item
from dutyroom.model.finding import Finding
from dutyroom.model.handover import (
    Handover,
    HandoverCount,
    HandoverEvent,
    HandoverFinding,
    HandoverOutage,
    HandoverSheet,
    HandoverState,
)
from dutyroom.model.site import Site
from dutyroom.words import _

What = Callable[[int], str]
"""What is wrong, by the number of the finding."""


def state(one: HandoverState) -> str:
    """Given, or accepted."""
    return _("accepted") if one is HandoverState.ACCEPTED else _("given, not accepted yet")


def way(one: Handover, site: Site) -> str:
    """From which shift to which."""
    return f"{shift_words.label(site, one.from_shift)} → {shift_words.label(site, one.to_shift)}"


def hands(one: Handover, person: Callable[[str], str]) -> str:
    """From whom to whom."""
    return f"{person(one.given_by)} → {person(one.accepted_by) if one.accepted_by else '?'}"


def count(one: HandoverCount) -> str:
    """`2 of 3`, or the number alone where any number is right."""
    if one.expected is None:
        return str(one.counted)
    return _("{counted} of {expected}").format(counted=one.counted, expected=one.expected)


def finding(one: HandoverFinding, site: Site) -> str:
    """`12 major, open, due 24 Nov 08:00`."""
    due = _("deadline {at}").format(at=show.moment(one.deadline, site.timezone))
    parts = [finding_words.severity(one.severity), finding_words.state(one.state), due]
    if one.known:
        parts.append(_("known fault"))
    return f"{one.id} " + ", ".join(parts)


def teller(known: Mapping[int, Finding], items: Mapping[str, Item], site: Site) -> What:
    """Says of the number of a finding which device it is about and what is wrong; nothing of one nobody knows."""

    def what(number: int) -> str:
        found = known.get(number)
        if found is None:
            return ""
        told = finding_words.what(found, items)
        return f"{site.label_of(found.device)}: {told}" if found.device else told

    return what


def outage(one: HandoverOutage, site: Site) -> str:
    """Which UPS is on battery, since when, and which outage it is."""
    text = _("{ups} since {at}").format(ups=site.label_of(one.ups), at=show.moment(one.since, site.timezone))
    return text if one.outage is None else f"{text}, " + _("outage {number}").format(number=one.outage)


def power_event(one: HandoverEvent, site: Site) -> str:
    """A power event whose closing text is owed."""
    began, restored = (show.moment(at, site.timezone) for at in (one.began_at, one.restored_at))
    pattern = _("power event {number}, {began} – {restored}: the closing text is owed")
    return pattern.format(number=one.event, began=began, restored=restored)


def facts(sheet: HandoverSheet, site: Site, person: Callable[[str], str], what: What) -> list[tuple[str, str]]:
    """(heading, text) of everything in a sheet; a heading stands once."""
    rows: list[tuple[str, str]] = []

    def add(heading: str, texts: list[str]) -> None:
        rows.extend(("" if at else heading, text) for at, text in enumerate(texts or [_("none")]))

    add(_("Incoming shift"), [shift_words.people(sheet.people, person)])
    add(_("Open findings"), [f"{finding(one, site)}  {what(one.id)}".rstrip() for one in sheet.findings])
    add(
        _("On battery"),
        [outage(one, site) for one in sheet.on_battery],
    )
    if sheet.power_events:
        add(_("Power events"), [power_event(one, site) for one in sheet.power_events])
    add(_("Open rounds"), [_("number {id}").format(id=number) for number in sheet.open_rounds])
    if sheet.counts:
        add(_("Counted"), [f"{one.name}: {count(one)}" for one in sheet.counts])
    add(_("Remarks"), sheet.remarks.splitlines())
    return rows


def signed(one: Handover, site: Site, person: Callable[[str], str]) -> list[str]:
    """Who signed when, and who let it happen although a major finding was open."""
    zone = site.timezone
    said = [_("Given by {who}, {at}").format(who=person(one.given_by), at=show.moment(one.given_at, zone))]
    if one.override_by is not None:
        said.append(
            _("{who} let it happen although a major finding was open: {reason}").format(
                who=person(one.override_by), reason=one.override_reason or ""
            )
        )
    if one.accepted_by is not None:
        said.append(
            _("Accepted by {who}, {at}").format(who=person(one.accepted_by), at=show.moment(one.accepted_at, zone))
        )
        if one.accept_note:
            said.append(one.accept_note)
    else:
        said.append(_("Not accepted yet"))
    return said
