"""A zero report as lines of text: pure functions of its page and a width in cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from dutyroom import show, zero_words
from dutyroom.model.zero_page import ZeroPage
from dutyroom.model.zero_report import ZeroState
from dutyroom.words import _
from dutyroom.zero_words import ZeroNames
from screens.flow import flowing
from screens.widgets.lines import Line

_ROLES = {
    ZeroState.ZERO: "ok",
    ZeroState.EVENTS: "attention",
    ZeroState.DUE: "strong",
    ZeroState.MISSING: "fault",
}
_SIGNS = {ZeroState.ZERO: "✓", ZeroState.EVENTS: "!", ZeroState.DUE: "▸", ZeroState.MISSING: "✗"}


def lines(
    page: ZeroPage,
    names: ZeroNames,
    files: Sequence[Path],
    missing: Sequence[date],
    keys: Mapping[str, str],
    width: int,
) -> list[Line]:
    """What to do first, then the report, then who signed it and what is to be sent."""
    told = [*_next(page, names, files, keys, width), *_missing(page, missing, keys, width), ()]
    told += flowing(zero_words.span(page.day, names), width, "dim")
    told.append(((zero_words.headline(page.content), "strong"),))
    for section in zero_words.sections(page.content, page.day, names):
        told.append(((section.title, "dim"),))
        for line in section.lines:
            told += flowing(line, width, "", indent=2)
    for line in zero_words.signatures(page.day, names):
        told += flowing(line, width, "dim")
    return told


def _next(page: ZeroPage, names: ZeroNames, files: Sequence[Path], keys: Mapping[str, str], width: int) -> list[Line]:
    state = page.day.state
    mark = f"{_SIGNS[state]} "
    if page.day.report is None:
        if page.may_sign_at is not None:
            text = _("Preview: it can be signed from {at} on.").format(at=show.moment(page.may_sign_at, names.zone))
        elif state is ZeroState.MISSING:
            text = _("No report was signed in time: {sign} signs it now, late.").format_map(keys)
        else:
            text = _("{sign} signs it with your password.").format_map(keys)
        return flowing(mark + text, width, _ROLES[state])
    told = flowing(mark + zero_words.state(page.day), width, _ROLES[state])
    if page.unreported:
        text = _("Known only after it was signed: {n}. {amend} amends the report.")
        told += flowing("! " + text.format(n=len(page.unreported), **keys), width, "attention")
        for item in page.unreported:
            told += flowing(zero_words.item(item, page.day, names), width, "attention", indent=4)
    if not files:
        return [
            *told,
            *flowing(_("Nothing is written yet: {write} writes the files to send.").format_map(keys), width, "key"),
        ]
    told.append(((_("Send:"), "key"),))
    for path in files:
        told += flowing(str(path), width, "", indent=2)
    return told


def _missing(page: ZeroPage, missing: Sequence[date], keys: Mapping[str, str], width: int) -> list[Line]:
    others = [day for day in missing if day != page.day.window.duty_day]
    if not others:
        return []
    days = ", ".join(f"{day:%m-%d}" for day in reversed(others))
    text = _("Days without a report: {days}. {missing} goes there.").format(days=days, **keys)
    return flowing("! " + text, width, "attention", most=3)
