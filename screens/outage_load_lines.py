"""What to switch off, what still runs and what to start again, as lines of text: pure functions of an OutageBoard."""

from __future__ import annotations

from dataclasses import dataclass

from dutyroom import outage_words, show
from dutyroom.inert import inert
from dutyroom.model.devices import Load
from dutyroom.model.loads import LoadNow, RestartKind, ShedEffect, ShedStep
from dutyroom.model.outage import EventAct, EventStep
from dutyroom.model.room import RoomRecords
from dutyroom.model.site import Site
from dutyroom.outage_board import OutageBoard
from dutyroom.words import _
from screens.device_lines import cut
from screens.flow import flowing
from screens.widgets.lines import Line, Run, pad

LONGEST = 60


@dataclass(frozen=True, slots=True)
class Around:
    """What the words need beside the board: the site, and what people call an operator."""

    site: Site
    records: RoomRecords | None

    def person(self, name: str) -> str:
        """The operator's label."""
        return inert(self.records.person(name) if self.records is not None else name, LONGEST)

    def label(self, name: str) -> str:
        """What people call a load or an air conditioner; any other name as it is."""
        loads = {load.name: load.label for load in self.site.loads}
        cooling = {one.name: one.label for one in self.site.air_conditioners}
        return (loads | cooling).get(name, name)


def newest(board: OutageBoard, act: EventAct, subject: str) -> EventStep | None:
    """The newest step of that kind about a load."""
    steps = (one.step for one in reversed(board.timeline) if one.step is not None)
    return next((one for one in steps if one.act is act and one.subject == subject), None)


def next_group(board: OutageBoard) -> ShedStep | None:
    """The first group that is not off yet."""
    return next((one for one in board.shedding if not one.is_done), None)


def next_load(board: OutageBoard) -> LoadNow | None:
    """The first load of it that is not off."""
    group = next_group(board)
    return next((one for one in group.loads if not one.shed), None) if group is not None else None


def next_lines(board: OutageBoard, width: int) -> list[Line]:
    """What to switch off next and what that gains."""
    head: Run = (pad(_("Shed"), 6), "strong")
    group, load = next_group(board), next_load(board)
    if not board.shedding:
        return [cut((head, (_("no load has a shed_group"), "attention")), width), ()]
    if group is None or load is None:
        return [cut((head, ("✓ ", "ok"), (_("everything that may go is off"), "ok")), width), ()]
    name = f"{group.group} {inert(load.load.label, LONGEST)}"
    watts = f"  {show.number(load.load.watts, 'W')}" if load.load.watts is not None else ""
    effect = gain_words(group.effects[0], short=True) if group.effects else ("", "")
    who = " ".join(filter(None, (inert(load.load.owner, LONGEST), inert(load.load.phone, LONGEST))))
    return [
        cut((head, ("▸ ", "key"), (name, "strong"), (watts, "")), width),
        cut(((" " * 8, ""), effect, (f"  {who}", "dim")), width),
    ]


def gain_words(effect: ShedEffect, *, short: bool = False) -> Run:
    """`→ load 41 %, +52 m (estimate)`, or why it is not known; `short`: `→ 41 %, ≈ +52 m`."""
    if effect.gain_s is None:
        why = outage_words.shed_unknown(effect.why_not) if effect.why_not is not None else _("gain not known")
        load = _("load {percent}").format(percent=show.percent(effect.load_percent))
        return (f"→ {load}, {why}" if effect.load_percent is not None else f"→ {why}", "unknown")
    values = {"load": show.percent(effect.load_percent), "gain": show.duration(effect.gain_s)}
    if short:
        sign = "≥" if effect.at_least else "≈"
        return (f"→ {values['load']}, {sign} +{values['gain']}", "ok")
    if effect.at_least:
        return (_("→ load {load}, +{gain} or more (estimate)").format(**values), "ok")
    return (_("→ load {load}, +{gain} (estimate)").format(**values), "ok")


def shed_lines(board: OutageBoard, around: Around, width: int, at: int) -> tuple[list[Line], list[int]]:
    """Every group with what it gains, its loads with who has them and how; the row of each load."""
    if not board.shedding:
        text = _("No load may be switched off: write [[load]] with shed_group into the site file.")
        return flowing(text, width, "attention", indent=1), []
    lines: list[Line] = []
    rows: list[int] = []
    for step in board.shedding:
        lines.append(_group(step, around, width))
        for load in step.loads:
            here = len(rows) == at
            rows.append(len(lines))
            lines.append(_load(board, load, around, width, here=here))
            if load.load.how and not load.shed:
                lines.append(cut((("      ", ""), (inert(load.load.how, 200), "dim")), width))
    return lines, rows


def _group(step: ShedStep, around: Around, width: int) -> Line:
    told: list[Run] = [(_(" Group {n}").format(n=step.group), "key")]
    if step.is_done:
        told.append(("  ✓ " + _("off"), "ok"))
        return cut(tuple(told), width)
    if step.watts:
        unknown = _(" and {n} not known").format(n=step.unknown) if step.unknown else ""
        told.append((f"  {show.number(step.watts, 'W')}{unknown}", ""))
    labels = {ups.name: ups.label for ups in around.site.ups}
    for n, effect in enumerate(step.effects):
        text, role = gain_words(effect)
        name = f" {inert(labels.get(effect.ups, effect.ups), 30)}" if len(step.effects) > 1 else ""
        told.append((f"{' ·' if n else ' '}{name} {text}", role))
    return cut(tuple(told), width)


def _load(board: OutageBoard, one: LoadNow, around: Around, width: int, *, here: bool) -> Line:
    load = one.load
    marker: Run = ("  ▸" if here else "   ", "key")
    name: Run = (inert(load.label, LONGEST), "cursor" if here else ("dim" if one.shed else "strong"))
    if one.shed:
        done = newest(board, EventAct.SHED, load.name)
        by = f"  {_off_by(done, around)}" if done is not None else ""
        return cut((marker, ("✓ ", "ok"), name, ("  " + _("off") + by, "ok")), width)
    watts = f"  {show.number(load.watts, 'W')}" if load.watts is not None else ""
    return cut((marker, ("· ", ""), name, (watts, ""), (_who(load), "")), width)


def _who(load: Load) -> str:
    who = " ".join(filter(None, (inert(load.owner, LONGEST), inert(load.phone, LONGEST))))
    return f"  {who}" if who else ""


def _off_by(step: EventStep, around: Around) -> str:
    return f"{show.time_of_day(step.at, around.site.timezone)} {around.person(step.by)}"


def first_to_fall(board: OutageBoard, width: int) -> Line:
    """The load that falls first, in one line; how many have fallen."""
    down = [one for one in board.loads if one.is_down and not one.shed]
    head: Run = (" " + _("Loads") + " ", "strong")
    if not board.loads:
        return cut((head, (_("none in the site file"), "dim")), width)
    if down:
        names = ", ".join(inert(one.load.label, 30) for one in down)
        return cut((head, ("✗ ", "fault"), (_("without power: {names}").format(names=names), "fault")), width)
    first = next((one for one in board.loads if not one.shed), None)
    if first is None:
        return cut((head, (_("all off"), "ok")), width)
    if first.endless:
        return cut((head, ("✓ ", "ok"), (_("each is fed from mains by as many as it needs"), "ok")), width)
    fed = _("fed by {n} of {m}").format(n=first.fed, m=len(first.supplies))
    text = _("first to fall: {name}, {fed}, {left}").format(
        name=inert(first.load.label, 40), fed=fed, left=_load_left(first)[0]
    )
    return cut((head, (text, "")), width)


def load_lines(board: OutageBoard, width: int) -> list[Line]:
    """Every load with how many feed it and how long, the first to fall at the top."""
    if not board.loads:
        return flowing(_("No load: write [[load]] into the site file."), width, "dim", indent=1)
    lines: list[Line] = []
    for one in board.loads:
        fed = _("fed by {n} of {m}").format(n=one.fed, m=len(one.supplies))
        left = _load_left(one)
        name: Run = (inert(one.load.label, LONGEST), "dim" if one.shed else "strong")
        lines.append(cut(((" ", ""), name, (f"  {fed}", ""), (f"  {left[0]}", left[1])), width))
    return lines


def _load_left(one: LoadNow) -> Run:
    if one.shed:
        return (_("off"), "ok")
    if one.is_down:
        return (_("✗ without power"), "fault")
    if one.endless:
        return (_("on mains"), "ok")
    if one.seconds is None:
        return (_("not known how long"), "unknown")
    left = show.duration(one.seconds)
    text = _("at least {duration}").format(duration=left) if one.at_least else left
    return (text, "fault" if one.seconds < 600 else "")


def restart_lines(board: OutageBoard, around: Around, width: int, at: int) -> tuple[list[Line], list[int]]:
    """What to start again, in order, and the row of each: air conditioners are looked at first."""
    if not board.restart:
        return flowing(_("Nothing to start again: write [[load]] into the site file."), width, "dim", indent=1), []
    lines: list[Line] = []
    for n, (step, done) in enumerate(board.restart):
        here = n == at
        marker: Run = ("▸" if here else " ", "key")
        name: Run = (inert(step.label, LONGEST), "cursor" if here else ("dim" if done else "strong"))
        number: Run = (f"{n + 1:>2} ", "dim")
        told = newest(board, EventAct.RESTARTED, step.name) if done else None
        if told is not None:
            lines.append(cut((marker, number, ("✓ ", "ok"), name, (f"  {_off_by(told, around)}", "ok")), width))
            continue
        cooling = _("does it run, does it cool?") if step.kind is RestartKind.COOLING else ""
        who = " ".join(filter(None, (inert(step.owner, LONGEST), inert(step.phone, LONGEST), cooling)))
        lines.append(cut((marker, number, ("· ", ""), name, (f"  {who}", "dim")), width))
    return lines, list(range(len(lines)))
