"""The form of a checklist file: its sections and keys as they are written, before they become a `Checklist`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from dutyroom.model.checklist import Cadence, ItemKind, Mode, Per, Words
from dutyroom.model.reading import Verdict
from dutyroom.model.site import LimitProfile
from dutyroom.tomlform import Form
from dutyroom.tomlvalues import Duration, FilledText, ItemId, LocalTime, Text, one_of, quoted
from dutyroom.words import _


def _code(text: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9 _-]{0,31}", text) is None:
        raise ValueError(_("{text} is not a code of small letters, digits, - and _").format(text=quoted(text)))
    return text


def _span(numbers: list[float]) -> list[float]:
    if len(numbers) != 2:
        raise ValueError(_("must be two numbers, the lower one first: [18, 27]"))
    return numbers


Code = Annotated[str, AfterValidator(_code)]
Span = Annotated[list[float], AfterValidator(_span)]
KindName = Annotated[str, one_of(*ItemKind)]
ModeName = Annotated[str, one_of(*Mode)]
PerName = Annotated[str, one_of(*Per)]
VerdictName = Annotated[str, one_of(*Verdict)]
ProfileName = Annotated[str, one_of(*LimitProfile)]
CadenceName = Annotated[str, one_of(*Cadence)]


class WordsForm(Form):
    """A text in both languages."""

    en: FilledText = Field(examples=['"Daily round"'])
    zh: FilledText = Field(examples=['"每日巡检"'])

    def words(self) -> Words:
        """The text as a model value."""
        return Words(self.en, self.zh)


class AreaForm(WordsForm):
    """A part of the walk."""

    id: Code = Field(examples=['"env"'])


class ChoiceForm(WordsForm):
    """One answer of a choice."""

    value: Code = Field(examples=['"green"'])
    verdict: VerdictName = Field(examples=['"ok"'])


class LimitForm(Form):
    """Limits of an item, or what a profile puts in their place."""

    normal: Span | None = None
    critical: Span | None = None
    physical: Span | None = None
    source: Text = ""


class ShowIfForm(Form):
    """When the item is asked at all."""

    item: ItemId = Field(examples=['"pwr.gen"'])
    answers: Annotated[list[FilledText], Field(min_length=1)] = Field(examples=['["normal"]'])


class InForceForm(Form):
    """What the site had in force when the checklist was published; dutyroom writes it behind the text it keeps."""

    profile: ProfileName
    limits: dict[ItemId, LimitForm] = {}


class ItemForm(WordsForm, LimitForm):
    """One line of the checklist."""

    id: ItemId = Field(examples=['"env.rh"'])
    area: Code = Field(examples=['"env"'])
    kind: KindName = Field(examples=['"check"'])
    mode: ModeName = "M"
    per: PerName | None = None
    unit: Text = ""
    choices: list[ChoiceForm] = []
    live: Text = ""
    tolerance: Annotated[float, Field(gt=0)] | None = None
    every: Annotated[int, Field(ge=1, le=366)] = 1
    show_if: ShowIfForm | None = None
    cells: Annotated[int, Field(ge=0, le=400)] = 0


class ChecklistForm(WordsForm):
    """The dutyroom checklist file."""

    name: Code = Field(examples=['"daily"'])
    cadence: CadenceName = "daily"
    due_at: LocalTime = "08:30"
    early: Duration = "30m"
    window: Duration = "90m"
    grace: Duration | None = None
    weekday: Annotated[int, Field(ge=1, le=7)] = 1
    day: int = 1
    every: Duration = "4h"
    area: Annotated[list[AreaForm], Field(min_length=1)]
    item: Annotated[list[ItemForm], Field(min_length=1)]
    profile: dict[ProfileName, dict[ItemId, LimitForm]] = {}
    in_force: InForceForm | None = None
