"""The form of a profile file: its keys as they are written, before they become a `Profile`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from dutyroom.model.profile import Aggregate, Basis, Confidence, PartState, ProbeKind
from dutyroom.tomlform import Form
from dutyroom.tomlvalues import FilledText, Text, one_of, quoted
from dutyroom.words import _

_OID = re.compile(r"[012](\.[0-9]{1,10})+")
_ROW = re.compile(r"[0-9]{1,10}(\.[0-9]{1,10})*")


def _oid(text: str) -> str:
    if _OID.fullmatch(text) is None:
        raise ValueError(
            _('{text} is not an OID; write it in numbers, such as "1.3.6.1.2.1"').format(text=quoted(text))
        )
    return text


def _row(text: str) -> str:
    if _ROW.fullmatch(text) is None:
        raise ValueError(
            _('{text} is not the index of a row; write it in numbers, such as "1"').format(text=quoted(text))
        )
    return text


def _name(text: str) -> str:
    if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", text) is None:
        raise ValueError(_("{text} is not a name of small letters, digits and -").format(text=quoted(text)))
    return text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(_("{text} is not a pattern: {reason}").format(text=quoted(text), reason=error.msg)) from None
    return text


def _span(numbers: list[float]) -> list[float]:
    if len(numbers) != 2 or numbers[0] >= numbers[1]:
        raise ValueError(_("must be two numbers, the lower one first: [18, 27]"))
    return numbers


OidText = Annotated[str, AfterValidator(_oid)]
RowText = Annotated[str, AfterValidator(_row)]
NameText = Annotated[str, AfterValidator(_name)]
PatternText = Annotated[str, AfterValidator(_pattern)]
Number = Annotated[float, Field(strict=False)]
Span = Annotated[list[Number], AfterValidator(_span)]
StateName = Annotated[str, one_of(*PartState)]


class ConditionForm(Form):
    """A row counts when its cell in this column fits."""

    oid: OidText = Field(examples=['"1.3.6.1.2.1.47.1.1.1.1.5"'])
    equals: list[FilledText] = []
    contains: list[FilledText] = []


class ProbeForm(Form):
    """One way to a quantity; the first that finds a value is kept."""

    kind: Annotated[str, one_of(*ProbeKind)] = Field(examples=['"scalar"'])
    source: FilledText = Field(examples=['"HUAWEI-ENTITY-EXTENT-MIB hwEntityCpuUsage"'])
    oid: OidText | None = None
    used: OidText | None = None
    free: OidText | None = None
    total: OidText | None = None
    given_back: list[OidText] = []
    scale_column: OidText | None = None
    precision_column: OidText | None = None
    names: OidText | None = None
    label: Text = ""
    where: list[ConditionForm] = []
    absent: ConditionForm | None = None
    rows: list[RowText] = []
    states: dict[FilledText, StateName] = {}
    aggregate: Annotated[str, one_of(*Aggregate)] = Aggregate.MAX.value
    scale: Number = 1.0
    invert: bool = False
    none: list[Number] = []
    range: Span | None = None
    pattern: PatternText | None = None
    basis: Annotated[str, one_of(*Basis)] | None = None
    confidence: Annotated[str, one_of(*Confidence)] = Confidence.DOCUMENTED.value


class ProfileForm(Form):
    """A profile file."""

    name: NameText = Field(examples=['"huawei"'])
    vendor: FilledText | None = None
    object_ids: list[OidText] = []
    descriptions: list[PatternText] = []
    cpu: list[ProbeForm] = []
    memory: list[ProbeForm] = []
    temperature: list[ProbeForm] = []
    fans: list[ProbeForm] = []
    power_supplies: list[ProbeForm] = []


class MakersForm(Form):
    """The makers behind enterprise numbers."""

    makers: dict[RowText, FilledText]
