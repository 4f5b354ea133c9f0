"""The shifts of the desk and what is counted when it changes hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dutyroom.checklist_form import LimitForm
from dutyroom.config.sections import ChecklistSection, ShiftForm, ToolForm
from dutyroom.model.checklist import Bounds
from dutyroom.model.roster import ShiftTime
from dutyroom.model.site import ChecklistRules, LimitChange, Tool
from dutyroom.tomlform import FormError, place
from dutyroom.tomlvalues import local_time
from dutyroom.words import _


def shifts(forms: Sequence[ShiftForm]) -> tuple[ShiftTime, ...]:
    """The shifts in the order of the file. Raises FormError for two that are called alike or begin together."""
    made: list[ShiftTime] = []
    for at, one in enumerate(forms):
        shift = ShiftTime(one.name, one.label or one.name, local_time(one.begins), local_time(one.ends))
        for number, other in enumerate(made):
            if {shift.code.casefold(), shift.label.casefold()} & {other.code.casefold(), other.label.casefold()}:
                raise FormError(_twice(at, "name", number))
            if shift.begins == other.begins:
                raise FormError(
                    _("{place}: {other} begins at the same time; give it another").format(
                        place=place(("shift", at, "begins")), other=place(("shift", number))
                    )
                )
        made.append(shift)
    return tuple(made)


def tools(forms: Sequence[ToolForm]) -> tuple[Tool, ...]:
    """What is counted, in the order of the file. Raises FormError for two of the same name."""
    made: list[Tool] = []
    for at, one in enumerate(forms):
        for number, other in enumerate(made):
            if other.name == one.name:
                raise FormError(_twice(at, "name", number, "tool"))
        made.append(Tool(one.name, one.count))
    return tuple(made)


def checklist_rules(section: ChecklistSection, beside: Path, folder: Path | None) -> ChecklistRules:
    """The folder that was named, or the folder `checklists` in `beside` when there is one; and what is left out."""
    own = beside / "checklists"
    return ChecklistRules(folder or (own if own.is_dir() else None), tuple(section.off))


def limit_changes(forms: Mapping[str, LimitForm]) -> tuple[tuple[str, LimitChange], ...]:
    """The site's own limits by item. Raises FormError for a range that is upside down."""
    made: list[tuple[str, LimitChange]] = []
    for item, form in forms.items():
        spans: list[Bounds | None] = []
        for key in ("normal", "critical", "physical"):
            span = getattr(form, key)
            if span is not None and span[0] > span[1]:
                where = place(("limits", item, key))
                raise FormError(_("{place} is upside down; write the lower limit first").format(place=where))
            spans.append(Bounds(*span) if span is not None else None)
        made.append((item, LimitChange(*spans)))
    return tuple(made)


def _twice(at: int, key: str, other: int, section: str = "shift") -> str:
    return _("{place}: {other} is called so already; give it another name").format(
        place=place((section, at, key)), other=place((section, other))
    )
