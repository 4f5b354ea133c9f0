"""A month of rounds made by hand: one site, one checklist, signed, late, missing and abnormal days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from dutyroom.checklists import device_names
from dutyroom.model.checklist import Bounds, Checklist, Choice, Item, ItemKind, Limit, Mode, Per, Words
from dutyroom.model.devices import AirConditioner, BackupJob, NetworkDevice, Server, SnmpAccess, System, Ups
from dutyroom.model.people import Operator, Role
from dutyroom.model.reading import Origin, Verdict
from dutyroom.model.rounds import ABNORMAL, NORMAL, NOT_APPLICABLE, Entry, Mark, Round, RoundState
from dutyroom.model.site import Language, LimitProfile, Site
from dutyroom.rules.limits import verdict_of
from dutyroom.rules.schedule import daily_slot

ZONE = ZoneInfo("Asia/Shanghai")
MISSED_DAYS = (9, 18)
LATE_DAYS = (6, 14)
AMENDED_DAY = 12
LAST_SIGNED_DAY = 23
GENERATED_AT = datetime(2026, 10, 24, 0, 45, tzinfo=UTC)
"""08:45 local on the 24th: that day's round is due and not signed."""
OLD_VERSION, VERSION = "0f3a9c1d2b4e", "7be2d4410a9f"
CHANGED_ON = 11
AREAS = (
    ("access", Words("Access", "出入")),
    ("env", Words("Environment", "环境")),
    ("ac", Words("Air conditioning", "空调")),
    ("power", Words("Power", "供电")),
    ("fire", Words("Fire protection", "消防")),
    ("server", Words("Servers", "服务器")),
    ("network", Words("Network", "网络")),
    ("system", Words("Systems", "系统")),
    ("backup", Words("Backup", "备份")),
    ("security", Words("Security", "安全")),
    ("duty", Words("Duty", "值班")),
)


def site() -> Site:
    """A county hospital with two UPSes, two switches, two servers, two air conditioners."""
    access = SnmpAccess(version="2c")
    return Site(
        language=Language.ZH_CN,
        timezone=ZONE,
        name="County People's Hospital 县人民医院",
        room="HIS 机房",
        hold_time_s=3 * 3600,
        limit_profile=LimitProfile.GB50174,
        zero_report_at=time(15),
        store_url="sqlite://",
        fingerprint="",
        ups=(Ups("ups-a", "UPS A 主路", 6 * 3600), Ups("ups-b", "UPS B 备路", 3 * 3600)),
        network=(
            NetworkDevice("core-1", "核心交换机", "127.0.0.1", access),
            NetworkDevice("fw-1", "出口防火墙 Firewall", "127.0.0.1", access),
        ),
        servers=(Server("duty-pc", "Duty PC", "local"), Server("his-db-1", "HIS 数据库 1", "snmp")),
        air_conditioners=(AirConditioner("ac-1", "精密空调 1"), AirConditioner("ac-2", "精密空调 2")),
        systems=(System("his", "HIS"), System("pacs", "PACS")),
        backups=(BackupJob("his-full", "HIS 全备"),),
    )


def check(item_id: str, area: str, en: str, zh: str, per: Per | None = None) -> Item:
    """An item answered normal or abnormal."""
    return Item(item_id, area, Words(en, zh), ItemKind.CHECK, Mode.EYES, per=per)


def number(
    item_id: str, area: str, en: str, zh: str, unit: str, normal: tuple[float, float], per: Per | None = None
) -> Item:
    """An item with a number and a normal interval; critical is a quarter wider on either side."""
    low, high = normal
    room = (high - low) / 4
    limit = Limit(Bounds(low, high), Bounds(low - room, high + room))
    return Item(item_id, area, Words(en, zh), ItemKind.NUMBER, Mode.ACCEPT, unit, per, limit)


def checklist() -> Checklist:
    """A small daily checklist over all sorts of items."""
    modes = tuple(
        Choice(value, Words(en, zh), verdict)
        for value, en, zh, verdict in (
            ("mains", "On mains", "市电", Verdict.OK),
            ("battery", "On battery", "电池", Verdict.ATTENTION),
            ("bypass", "Bypass", "旁路", Verdict.FAULT),
        )
    )
    items = (
        check("acc.door", "access", "Door shut and locked, access control works", "机房门关闭上锁、门禁正常"),
        check("acc.window", "access", "Windows sealed, no rain or seepage traces", "窗户密闭、无渗水痕迹"),
        number("env.temp.cold", "env", "Rack-inlet temperature", "机柜进风(冷通道)温度", "°C", (18, 27)),
        number("env.rh", "env", "Relative humidity", "相对湿度", "%RH", (40, 60)),
        check(
            "env.water",
            "env",
            "No leak or standing water (floor, A/C, pipes, ceiling)",
            "无漏水、积水(地面/空调/管道/顶棚)",
        ),
        check("env.clean", "env", "Clean, no dust, no boxes or flammables", "整洁无尘、无杂物和易燃物"),
        check("env.rodent", "env", "Rodent board and cable holes sealed, no gnawing", "防鼠板/孔洞封堵完好、无鼠咬"),
        check("ac.run", "ac", "A/C running, no alarm on panel", "空调运行正常、面板无告警", Per.AC),
        Item(
            "ups.status",
            "power",
            Words("UPS mode", "UPS工作方式"),
            ItemKind.CHOICE,
            Mode.ACCEPT,
            per=Per.UPS,
            choices=modes,
        ),
        number("ups.in.v", "power", "Input voltage (each phase)", "输入电压(各相)", "V", (198, 242), Per.UPS),
        number("ups.load", "power", "Load", "负载率", "%", (0, 60), Per.UPS),
        number("ups.batt.charge", "power", "Battery charge", "电池电量", "%", (90, 100), Per.UPS),
        number("ups.runtime", "power", "Estimated runtime now", "预计后备时间", "min", (60, 600), Per.UPS),
        check(
            "ups.body",
            "power",
            "Vents clear, no heat, noise or smell; no swollen or leaking battery",
            "通风无堵、无过热异响；电池无鼓包漏液",
            Per.UPS,
        ),
        check("pwr.breaker", "power", "No tripped breaker, PDU lights fine", "配电柜/PDU无跳闸、指示正常"),
        check("fire.ext", "fire", "Extinguishers: place, gauge, date", "灭火器(摆放/压力/有效期)"),
        number("srv.cpu", "server", "CPU load", "CPU使用率", "%", (0, 85), Per.SERVER),
        number("srv.disk", "server", "Fullest volume", "最大分区使用率", "%", (0, 80), Per.SERVER),
        check(
            "net.core",
            "network",
            "Core switch, router, firewall reachable",
            "核心交换机/路由器/防火墙在线",
            Per.NETWORK,
        ),
        number("net.ports", "network", "Watched ports down", "关注端口DOWN数", "ports", (0, 0), Per.NETWORK),
        check("his.up", "system", "HIS, EMR, LIS, PACS answer and log in", "HIS/EMR/LIS/PACS可登录", Per.SYSTEM),
        check("bak.hot", "backup", "Last night's full hot backup", "凌晨全库热备", Per.BACKUP),
        check("sec.device", "security", "No private device, no unknown cable or USB", "无私接设备/网线/U盘"),
        Item("duty.remark", "duty", Words("Remarks", "备注"), ItemKind.TEXT, Mode.EYES),
    )
    return Checklist("daily", Words("Daily round", "每日巡检"), VERSION, items, areas=AREAS)


@dataclass(frozen=True, slots=True)
class MonthSeed:
    """What a month is made of before it is stored."""

    site: Site
    checklist: Checklist
    rounds: tuple[Round, ...]
    entries: tuple[Entry, ...]
    operators: tuple[Operator, ...]


def operators() -> tuple[Operator, ...]:
    """Three operators, there before the month began."""
    created = datetime(2026, 9, 1, tzinfo=UTC)
    return (
        Operator("zhang", "张伟", Role.TECHNICIAN, created),
        Operator("li", "李秀英", Role.LEAD, created),
        Operator("smith", "J. Smith", Role.TECHNICIAN, created),
    )


def _entries(found: Round, form: Checklist, held: Site, dice: Random) -> Iterator[Entry]:
    assert found.started_at is not None
    assert found.started_by is not None
    at = found.started_at
    for item in form.items:
        for device in device_names(held, item.per) or ("",):
            at += timedelta(seconds=18)
            entry = Entry(found.id, item.id, device, NORMAL, Verdict.OK, at, found.started_by)
            if item.kind is ItemKind.NUMBER:
                entry = _measured(entry, item, dice)
            elif item.kind is ItemKind.CHOICE:
                entry = replace(entry, answer="mains")
            elif item.kind is ItemKind.TEXT:
                entry = replace(entry, answer="")
            yield entry


def _measured(entry: Entry, item: Item, dice: Random) -> Entry:
    bounds = item.limit.normal or Bounds(0, 100)
    low, high = bounds.low, bounds.high
    value = round(low + (high - low) * dice.uniform(0.3, 0.8), 1)
    typed = f"{value:.1f}" if item.unit == "°C" else f"{value:.0f}"
    value = float(typed)
    origin = Origin.MEASURED if item.id.startswith(("ups", "srv", "net")) else Origin.TYPED
    live = typed if origin is Origin.MEASURED else None
    return replace(
        entry,
        answer=typed,
        value=value,
        unit=item.unit,
        verdict=verdict_of(value, item.limit),
        origin=origin,
        live_value=live,
    )


def _rounds(form: Checklist, last_day: int) -> Iterator[Round]:
    people = ("zhang", "li", "smith")
    for day in range(1, last_day + 1):
        if day in MISSED_DAYS:
            continue
        due_on = date(2026, 10, day)
        slot = daily_slot(form, due_on, ZONE)
        late = day in LATE_DAYS
        started = slot.due_at + timedelta(minutes=180 if late else day % 9)
        marks = (Mark.LATE,) if late else (Mark.AMENDED,) if day == AMENDED_DAY else ()
        who = people[day % 3]
        yield Round(
            checklist=form.name,
            version=OLD_VERSION if day < CHANGED_ON else VERSION,
            due_at=slot.due_at,
            due_on=due_on,
            duty_day=due_on,
            state=RoundState.SIGNED,
            items=len(form.items),
            id=100 + day,
            started_at=started,
            started_by=who,
            signed_at=started + timedelta(minutes=16),
            signed_by=who,
            marks=marks,
        )


ABNORMALS: dict[tuple[int, str, str], tuple[str, Verdict, str]] = {
    (3, "env.water", ""): (
        ABNORMAL,
        Verdict.FAULT,
        "2 号空调冷凝水盘溢出，已清理并报修；Drain pan of A/C 2 overflowed, cleaned, repair ordered.",
    ),
    (7, "ac.run", "ac-2"): (ABNORMAL, Verdict.FAULT, "面板高压告警，复位后正常"),
    (16, "ups.status", "ups-b"): ("battery", Verdict.ATTENTION, "市电检修 08:20–08:50"),
    (17, "sec.device", ""): (ABNORMAL, Verdict.FAULT, '=HYPERLINK("http://example.invalid")'),
    (20, "net.ports", "core-1"): ("1", Verdict.FAULT, "GE0/0/7 DOWN"),
}
UNKNOWNS = {(13, "bak.hot", "his-full"), (19, "srv.disk", "his-db-1")}
NOT_APPLICABLES = {(day, "acc.window", "") for day in range(1, 32)}


def month(last_day: int = LAST_SIGNED_DAY, form: Checklist | None = None) -> MonthSeed:
    """October 2026 up to `last_day`: two days missing, two late, one amended, five abnormal, two unknown answers."""
    form, held, dice = form or checklist(), site(), Random(20261001)
    rounds = tuple(_rounds(form, last_day))
    entries = [_seeded(entry, found.due_on.day) for found in rounds for entry in _entries(found, form, held, dice)]
    return MonthSeed(held, form, rounds, tuple(entries), operators())


def _seeded(entry: Entry, day: int) -> Entry:
    key = (day, entry.item, entry.device)
    if key in ABNORMALS:
        answer, verdict, note = ABNORMALS[key]
        value = float(answer) if answer.isdecimal() else None
        return replace(entry, answer=answer, verdict=verdict, note=note, value=value)
    if key in UNKNOWNS:
        return replace(entry, answer="unknown", verdict=Verdict.UNKNOWN, value=None, live_value=None, note="no answer")
    if key in NOT_APPLICABLES:
        return replace(entry, answer=NOT_APPLICABLE, verdict=Verdict.NOT_INSTALLED)
    return entry
