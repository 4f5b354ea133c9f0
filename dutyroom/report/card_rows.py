"""What stands on the outage card, row by row, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from dutyroom import show
from dutyroom.inert import inert
from dutyroom.model.checklist import Words
from dutyroom.model.devices import Load
from dutyroom.model.hold import HoldBasis
from dutyroom.model.loads import RestartKind
from dutyroom.model.outage_card import Proven
from dutyroom.model.reading import HoldVerdict
from dutyroom.model.site import Contact, Site
from dutyroom.report.card_text import GRID, CardSize, Row, Text, given, headings, high, lined, row
from dutyroom.rules.calls import in_order
from dutyroom.rules.loads import restart_steps
from dutyroom.rules.outage_card import short

BOX = "□"
CALLS = 15
"""Columns of the contacts; the clocks beside them have the others."""
BAND_WORDS = 122.0
"""Points of a band that its words take: the rest is line to write on."""
FEW_GROUPS = 6
"""With more groups those of one load have no line of their own: the load carries the number."""
MANY_RESTARTS = 9
"""More than these stand in four columns instead of three."""
NEVER_SHED = 10**6
TITLE = Words("Outage card", "停电应急卡")
_VERDICTS = {
    HoldVerdict.MET: (Words("met", "满足"), "text"),
    HoldVerdict.SHORT: (Words("short", "不足"), "text fault"),
    HoldVerdict.NO_EVIDENCE: (Words("no evidence", "无依据"), "text attention"),
    HoldVerdict.EVIDENCE_OLD: (Words("evidence old", "依据过期"), "text attention"),
}
_PROOFS = {
    HoldBasis.TEST: Words("discharge test", "放电测试"),
    HoldBasis.OUTAGE: Words("recorded outage", "停电记录"),
    HoldBasis.REPORTED: Words("its own estimate", "UPS 自报"),
    HoldBasis.NONE: Words("needs a discharge test", "须做放电测试"),
}
_CLOCKS = (
    "市电中断\nMains failed",
    "已处置 ≤ 3 min\nContained",
    "已上报 ≤ 30 min\nReported",
    "重大上报 ≤ 4 h\nMajor: authority",
    "市电恢复\nMains restored",
)


def both(words: Words) -> str:
    """Chinese and English in one line; once where both are one."""
    return words.zh if words.zh == words.en else f"{words.zh} {words.en}"


def rows_of(
    site: Site, proven: Mapping[str, Proven], printed_at: datetime, size: CardSize, *, is_paged: bool = False
) -> tuple[Row, ...]:
    """Every row of the card at one size of the letters; the first ones repeat on each page. Pure."""
    made = [
        *_head(site, printed_at, size, is_paged=is_paged),
        *_hold_times(site, proven, size),
        *_calls_and_clocks(site, size),
        *_shedding(site, size),
        *_restart(site, size),
    ]
    cut = sum(text.is_cut for one in made for text in one.texts)
    return (*made, *_foot(cut, size))


def hold_hours(seconds: float | None) -> str:
    """`5:12 h`, the same in both languages and rounded down; a dash for None."""
    if seconds is None:
        return show.NOTHING
    minutes = max(0, int(seconds // 60))
    return f"{minutes // 60}:{minutes % 60:02d} h"


def shedding(loads: Sequence[Load]) -> tuple[tuple[int | None, tuple[Load, ...]], ...]:
    """The loads by shedding group, the first to go first; those without a group are None and stay on, last."""
    order = sorted(loads, key=_group)
    return tuple(
        (None if group == NEVER_SHED else group, tuple(members)) for group, members in groupby(order, key=_group)
    )


def restart(site: Site) -> tuple[tuple[str, str], ...]:
    """(number, label) in the order of coming back: air conditioners and chillers, then the loads by their order.

    A load whose order nobody wrote down comes last, with a dash for its number.
    """
    unknown = {load.name for load in site.loads if load.restart_order is None}
    return tuple(
        (show.NOTHING if step.kind is RestartKind.LOAD and step.name in unknown else str(number), step.label)
        for number, step in enumerate(restart_steps(site), start=1)
    )


def watts_of(loads: Sequence[Load]) -> str:
    """`Σ 770 W` of a group; `Σ ≥ 450 W` where a load's watts are not known, a dash where none is."""
    known = [load.watts for load in loads if load.watts is not None]
    if not known:
        return show.NOTHING
    return f"Σ {'' if len(known) == len(loads) else '≥ '}{sum(known):.0f} W"


def _group(load: Load) -> int:
    return NEVER_SHED if load.shed_group is None else load.shed_group


def _head(site: Site, printed_at: datetime, size: CardSize, *, is_paged: bool) -> Iterator[Row]:
    yield Row((Text(both(TITLE), GRID, "title"),), 30.0, repeats=True)
    printed = f"打印 Printed {show.moment(printed_at, site.timezone)}"
    told = [f"{inert(site.name, 80)}, {inert(site.room, 80)}", printed, f"配置 Site file {short(site.fingerprint)}"]
    if is_paged:
        told.append("多页，须全部张贴 Several pages: hang up all of them")
    line = row(size, [Text("    ".join(told), GRID, "plain")])
    yield Row(line.texts, line.height, repeats=True)


def _titles(size: CardSize, *titles: tuple[Words, int]) -> Row:
    return row(size, [Text(both(words), span, "head left") for words, span in titles], begins=True)


def _hold_times(site: Site, proven: Mapping[str, Proven], size: CardSize) -> Iterator[Row]:
    yield headings(("UPS 保持时间 Hold times", GRID))
    yield _titles(
        size,
        (Words("UPS", "UPS"), 5),
        (Words("Needed", "要求"), 3),
        (Words("Proven", "证实"), 3),
        (Words("Verdict", "结论"), 5),
        (Words("What proves it", "依据"), 8),
    )
    if not site.ups:
        yield _nothing(Words("The site file has no [[ups]].", "配置文件中没有 [[ups]]。"), size)
    for ups in site.ups:
        one = proven.get(ups.name, Proven())
        words, look = _VERDICTS[one.verdict]
        # Where nothing decides, what is proven is a lower bound.
        least = "≥ " if one.verdict is HoldVerdict.NO_EVIDENCE and one.seconds is not None else ""
        proof = (
            [both(_PROOFS[one.basis]), str(one.proven_on)] if one.proven_on is not None else [both(_PROOFS[one.basis])]
        )
        yield row(
            size,
            [
                given(ups.label, 5, size, "text strong"),
                Text(hold_hours(ups.hold_time_s), 3),
                Text(least + hold_hours(one.seconds), 3, "text strong"),
                Text(both(words), 5, look),
                lined(proof, 8, size),
            ],
        )


def _calls_and_clocks(site: Site, size: CardSize) -> Iterator[Row]:
    """Side by side: whom to call, and the times to be written in by hand."""
    yield headings(("按序呼叫 Call in this order", CALLS), ("时限，手填 Clocks, by hand", GRID - CALLS))
    titles = (
        (Words("No.", "序"), 2),
        (Words("Role", "角色"), 4),
        (Words("Name", "姓名"), 3),
        (Words("Phone", "电话"), 6),
    )
    yield _titles(size, *titles, (Words("Within", "时限"), 5), (Words("At, by", "时间姓名"), 4))
    people = in_order(site.contacts)
    # A clock takes two lines: two rows of contacts, or one where there are few of them.
    down = 2 if len(people) > len(_CLOCKS) else 1
    for at in range(max(len(people), len(_CLOCKS) * down)):
        texts = _contact(at, people, size)
        clock, rest = divmod(at, down)
        if clock >= len(_CLOCKS):
            texts.append(Text("", GRID - CALLS, ""))
        elif rest:
            texts += [Text("", 5, ""), Text("", 4, "")]
        else:
            texts += [Text(_CLOCKS[clock], 5, "clock", down=down), Text("", 4, down=down)]
        yield row(size, texts, high(2 // down), goes_on=at > 0)


def _contact(at: int, people: Sequence[Contact], size: CardSize) -> list[Text]:
    if not people and at == 0:
        nobody = Words("The site file names nobody: [[contact]].", "配置文件未写联系人：[[contact]]。")
        return [Text(both(nobody), CALLS, "text attention")]
    if at >= len(people):
        return [Text("", CALLS, "")]
    one = people[at]
    return [
        Text(f"{BOX} {at + 1}", 2, "text strong"),
        given(one.role, 4, size),
        given(one.name, 3, size),
        given(one.phone, 6, size, "text strong"),
    ]


def _shedding(site: Site, size: CardSize) -> Iterator[Row]:
    yield headings(("卸载顺序 Shed in this order", GRID))
    if not site.loads:
        yield _nothing(Words("The site file names nothing to shed: [[load]].", "配置文件未写负载：[[load]]。"), size)
        return
    yield _titles(
        size,
        (Words("Load", "负载"), 5),
        (Words("Watts", "功率"), 3),
        (Words("Owner", "负责人"), 4),
        (Words("Phone", "电话"), 5),
        (Words("How", "方法"), 7),
    )
    groups = shedding(site.loads)
    for group, loads in groups:
        if group is not None and len(loads) == 1 and len(groups) > FEW_GROUPS:
            yield _load(loads[0], size, f"{BOX} {group}  ")
            continue
        kept = group is None
        name = "不卸载 Not shed: stays on to the last" if kept else f"{BOX} 第 {group} 组 Group {group}"
        blank = "_" * int((size.points(13) - BAND_WORDS) / 15)
        at = "" if kept else f"时间 At {blank} 姓名 By {blank}"
        texts = [Text(name, 20 if kept else 7, "band"), Text(watts_of(loads), 4, "band"), Text(at, 13, "band")]
        yield row(size, texts[:2] if kept else texts, begins=True)
        for load in loads:
            yield _load(load, size)


def _load(load: Load, size: CardSize, group: str = "") -> Row:
    watts = show.NOTHING if load.watts is None else f"{load.watts:.0f} W"
    return row(
        size,
        [
            given(group + load.label, 5, size, "text strong"),
            Text(watts, 3),
            given(load.owner or show.NOTHING, 4, size),
            given(load.phone or show.NOTHING, 5, size, "text strong"),
            given(load.how or show.NOTHING, 7, size),
        ],
    )


def _restart(site: Site, size: CardSize) -> Iterator[Row]:
    yield headings(("恢复顺序：先空调与冷水机组 Restart: air conditioners and chillers first", GRID))
    things = restart(site)
    if not things:
        yield _nothing(Words("The site file has no [[ac]], no [[load]].", "配置文件未写空调和负载。"), size)
        return
    columns = 4 if len(things) > MANY_RESTARTS else 3
    down, span = -(-len(things) // columns), GRID // columns
    for at in range(down):
        texts: list[Text] = []
        for number, label in things[at::down]:
            texts += [Text(f"{BOX} {number}", 2, "text strong"), given(label, span - 2, size)]
        # Read down the columns, so it may not be cut in two.
        yield row(size, texts, goes_on=True)


def _foot(cut: int, size: CardSize) -> Iterator[Row]:
    told = ["配置文件或保持时间变化后须重新打印。 Print again after a change of the site file or of a hold time."]
    if cut:
        told.insert(
            0,
            f"以 … 结尾的 {cut} 处文字已截短，全文见配置文件。 "
            f"{cut} texts that end in … are cut: the site file has them whole.",
        )
    yield row(size, [Text("\n".join(told), GRID, "quiet")])


def _nothing(words: Words, size: CardSize) -> Row:
    return row(size, [Text(both(words), GRID, "text attention")])
