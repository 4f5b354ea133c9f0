"""The form of a self-check file: its rows as they are written, before they become `CheckRow`s."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from dutyroom.checklist_form import WordsForm
from dutyroom.model.self_check import CheckSheet
from dutyroom.tomlform import Form
from dutyroom.tomlvalues import Text, one_of, quoted
from dutyroom.words import _


def _dotted(text: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9_-]{0,31}(\.[a-z0-9_-]{1,31}){1,3}", text) is None:
        raise ValueError(_("{text} is no dotted name such as duty.rounds").format(text=quoted(text)))
    return text


def _clause(text: str) -> str:
    if re.fullmatch(r"[0-9]+(\.[0-9]+){2,3} \S.{0,60}", text) is None:
        raise ValueError(
            _('{text} is not a clause with its name, such as "7.1.1.9 电力供应"').format(text=quoted(text))
        )
    return text


def _dotted_or_all(text: str) -> str:
    _dotted(f"{text[:-1]}all" if text.endswith(".*") else text)
    return text


FigureName = Annotated[str, AfterValidator(_dotted_or_all)]
DottedName = Annotated[str, AfterValidator(_dotted)]
Clause = Annotated[str, AfterValidator(_clause)]
SheetName = Annotated[str, one_of(*CheckSheet)]
Bound = Annotated[float, Field(ge=-1e9, le=1e9)]


class ThemeForm(WordsForm):
    """What several rows are about."""

    id: Annotated[str, Field(pattern="^[a-z][a-z0-9_-]{0,31}$")] = Field(examples=['"power"'])


class ProofForm(Form):
    """Within which bounds a figure of the report proves the requirement."""

    figure: DottedName = Field(examples=['"rounds.missed"'])
    of: Text = ""
    at_least: Bound | None = None
    at_most: Bound | None = None
    partly_at_least: Bound | None = None
    partly_at_most: Bound | None = None


class RowForm(WordsForm):
    """One requirement."""

    id: DottedName = Field(examples=['"duty.rounds"'])
    theme: str = Field(examples=['"duty"'])
    sheet: SheetName = "self-check"
    controls: list[Clause] = []
    documents: list[Text] = []
    figures: list[FigureName] = []
    proof: list[ProofForm] = []


class SelfCheckForm(Form):
    """The self-check file."""

    theme: list[ThemeForm] = []
    row: Annotated[list[RowForm], Field(min_length=1)]
