"""What an SNMP card says of its UPS, gathered as NUT variables, before anything of it is believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from dutyroom.model.facts import Implausible, UpsFacts
from dutyroom.rules.plausibility import VOLTAGE, ups_facts
from dutyroom.sources.snmp.answers import Oid, Value, number, text

Cells = Mapping[Oid, Value]

# What cards answer where they have no value.
_NO_VALUE = -1
# No line carries so little: a number over VOLTAGE that is no voltage in tenths either stays what it is, and is refused.
_LEAST_TENTHS_V = 80.0
_LINES = (1, 2, 3)


@dataclass(slots=True)
class Told:
    """NUT variables as texts, and what the card said that is no value at all."""

    variables: dict[str, str] = field(default_factory=dict)
    marks: list[Implausible] = field(default_factory=list)

    def not_believed(self, name: str, raw: str, why: str) -> None:
        """Keeps what is used for nothing, raw."""
        self.marks.append(Implausible(name, raw, why))

    def facts(self) -> UpsFacts:
        """What may be believed of it, by the same rules as for NUT."""
        facts = ups_facts(self.variables)
        return replace(facts, implausible=(*self.marks, *facts.implausible))


@dataclass(frozen=True, slots=True)
class UpsMib:
    """A MIB that cards of UPSes speak: what is asked for, and what is made of the answers.

    A card that tells one of `status` speaks it. `columns` says by the scalars which columns are asked for besides;
    `fixed` is what stands on the type plate. `told` takes the scalars, the columns and the fixed.
    """

    name: str
    status: tuple[Oid, ...]
    scalars: tuple[Oid, ...]
    fixed: tuple[Oid, ...]
    columns: Callable[[Cells], tuple[Oid, ...]]
    told: Callable[[Cells, Mapping[Oid, Cells], Cells], Told]


def put(told: Told, name: str, value: int | None, *, times: int = 1, per: int = 1) -> None:
    """A number of the card as the variable of that name, times `times` or in units of 1/`per`; -1 is no value."""
    if value is None:
        return
    if value == _NO_VALUE:
        told.not_believed(name, str(value), "no-value")
        return
    told.variables[name] = str(value * times) if per == 1 else f"{value / per:g}" if abs(value) < 10**6 else str(value)


def put_text(told: Told, name: str, value: Value | None) -> None:
    """A text of the card, without the blanks that fill it up; nothing for an empty one."""
    if said := (text(value) or "").strip():
        told.variables[name] = said


def phases(cells: Cells, lines: int | None) -> dict[int, int]:
    """The numbers of a table of lines by line, 1 to 3; of a one-phase table only the first, whatever else it has.

    `lines` is how many the card says it has. The first number of the index is the line: some cards add a second.
    """
    found = {index[0]: value for index, cell in cells.items() if index and (value := number(cell)) is not None}
    most = lines if lines in _LINES else max(_LINES)
    kept = {line: value for line, value in sorted(found.items()) if line in _LINES and line <= most}
    if all(value <= 0 for line, value in kept.items() if line > 1) and kept.get(1, 0) > 0:
        return {1: kept[1]}
    return kept


def put_lines(told: Told, inputs: dict[int, int], outputs: dict[int, int], loads: dict[int, int]) -> None:
    """Voltages and loads in percent, by line. Of several lines the first live one speaks for the voltage."""
    for side, volts in (("input", inputs), ("output", outputs)):
        if len(volts) > 1:
            for line, value in volts.items():
                told.variables[f"{side}.L{line}-N.voltage"] = _volts(value)
        if volts:
            first = next((value for value in volts.values() if value > 0), next(iter(volts.values())))
            if first == _NO_VALUE:
                told.not_believed(f"{side}.voltage", str(first), "no-value")
            else:
                told.variables[f"{side}.voltage"] = _volts(first)
    if len(loads) == 1:
        put(told, "ups.load", next(iter(loads.values())))
    else:
        for line, value in loads.items():
            put(told, f"output.L{line}.power.percent", value)


def _volts(value: int) -> str:
    """RMS volts; some cards (Huawei) tell tenths."""
    if value > VOLTAGE[1] and _LEAST_TENTHS_V <= value / 10 <= VOLTAGE[1]:
        return f"{value / 10:g}"
    return str(value)
