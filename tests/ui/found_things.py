"""Findings in several states, made through the duty: for tests of what is shown of them."""

from __future__ import annotations

from datetime import timedelta

from dutyroom.duty import findings
from dutyroom.duty.desk import Desk
from dutyroom.duty.operators import add_operator
from dutyroom.model.finding import Severity
from dutyroom.model.people import Actor, Role
from tests.ui.rooms import NAME, NOW, PASSWORD

ZHANG = Actor(NAME, Role.ADMIN, "test")
LI = Actor("li", Role.TECHNICIAN, "test")
DAY = timedelta(days=1)


def find_some(desk: Desk, *, zh: bool = False) -> None:
    """1 overdue, 2 critical and contained, 3 a known fault, 4 done by Li, 5 verified, 6 of another class, in work."""
    add_operator(desk.store, ZHANG, "li", "李娜" if zh else "Li Na", Role.TECHNICIAN, PASSWORD, NOW)
    device = desk.site.ups[0].name

    def found(text: str, severity: Severity, ago: timedelta, of: str = "") -> int:
        return findings.find(desk, LI, severity, text, NOW - ago, device=of).id

    found("灭火器压力偏低" if zh else "Extinguisher pressure low", Severity.OTHER, 9 * DAY)
    second = found("电池柜有异味" if zh else "Battery cabinet smells", Severity.CRITICAL, DAY / 72, device)
    findings.contain(desk, LI, second, NOW - DAY / 72 + timedelta(minutes=2))
    third = found("门磁失灵" if zh else "Door contact does not close", Severity.OTHER, 3 * DAY)
    reason = "备件已订购" if zh else "part is ordered"
    findings.know(desk, ZHANG, third, NAME, reason, NOW + 20 * DAY, NOW - 2 * DAY)
    fourth = found("地板下有水迹" if zh else "Water marks under the floor", Severity.OTHER, 2 * DAY)
    findings.done(desk, LI, fourth, "已擦干并紧固接头" if zh else "dried, joint tightened", NOW - DAY)
    fifth = found("标签脱落" if zh else "Label fell off", Severity.OTHER, 4 * DAY)
    findings.done(desk, LI, fifth, "已重新粘贴" if zh else "glued again", NOW - 3 * DAY)
    findings.verify(desk, ZHANG, fifth, NOW - 2 * DAY)
    sixth = found("空调滤网脏" if zh else "Filter of the air conditioner is dirty", Severity.OTHER, DAY)
    findings.take(desk, ZHANG, sixth, NOW - DAY / 2)
