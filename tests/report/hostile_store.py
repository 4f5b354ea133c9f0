"""A store in which every free text is hostile: twelve days of the demo, each free field overwritten in each row."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from dutyroom.checklists import parse
from dutyroom.demo.history import Simulation, fill_days
from dutyroom.demo.room import Room
from dutyroom.duty import maintenance, self_check
from dutyroom.duty.desk import Desk, Published
from dutyroom.duty.operators import add_operator
from dutyroom.model.checklist import ItemKind
from dutyroom.model.people import Role
from dutyroom.model.self_check import CheckResult
from dutyroom.model.site import Site
from dutyroom.self_checks import rows_of
from dutyroom.store.database import Store
from tests.desks import ADMIN, NOW, PASSWORD, opened_desk

DAYS = 12
# What each becomes with the name of its field in it, so that the workbook tells which fields have arrived.
HOSTILE: tuple[str, ...] = (
    "=1+1 {}",
    "+1+1 {}",
    "-1+1 {}",
    "@SUM(A1) {}",
    "＝1＋1 {}",
    "\n=1+1 {}",
    "\t=1+1 {}",
    "\r=1+1 {}",
    '=HYPERLINK("http://example.invalid","{}")',
    "=cmd|' /C calc'!A0 {}",
    '&P &D &[Tab] &"Arial"&24 {}',
    "_x000D_ _x003D_1 {} _x0041_",
    "<b>{}</b> & ]]> &amp; <!-- \"'",
    "{} \x01\x07\x08\x0b\x1b[2J\x1b]0;x\x07\x7f\x85",
    "\u202e\u2066{}\u2069\u200b\ufeff",
    "\ufffe\uffff\U0001fffe {}",
    "😀👩‍⚕️🇨🇳 {}",
    # GBK read as something else, and as bytes that no encoding took.
    "锟斤拷烫烫烫 Íò´ïÉÌ³Ç {}",
    "{} " + "x" * 40_000,
    "{} " + "𠀀" * 33_000,
    "{} " + "长\n" * 20_000,
    " {} ",
)
# No file and no store holds these; a site that was put together in memory does.
SURROGATES = ("\udcc4\udce3 {}", "\ud800 {}")
FREE = {
    "operators": ("label",),
    "rounds": ("clock_reason", "skip_note"),
    "entries": ("note", "live_value", "source"),
    "maintenance": ("reason",),
    "amendments": ("reason",),
    "findings": ("text", "assignee", "known_owner", "known_reason"),
    "finding_steps": ("note",),
    "roster": ("person",),
    "handovers": ("accept_note", "override_reason"),
    "zero_reports": ("reason",),
    "power_events": ("closing_text",),
    "event_steps": ("note",),
    "discharge_tests": ("note",),
    "ledger": ("terminal",),
    "self_check_answers": ("text", "plan"),
    "backups": ("path", "second", "trouble", "second_trouble"),
}
"""Texts that people, devices and files give, by table; a table or column that is not there is passed over."""


class HostileRoom(NamedTuple):
    """The desk over that store, and the period (first and last day) in which all of it happened."""

    desk: Desk
    first: date
    last: date


def hostile(name: str, number: int) -> str:
    """The text for a field in its row of that number."""
    return HOSTILE[number % len(HOSTILE)].replace("{}", f"field:{name}", 1)


@contextmanager
def hostile_room(folder: Path) -> Iterator[HostileRoom]:
    """Everything in the store, the site and the checklists that is free text."""
    with opened_desk(folder) as opened:
        desk = _with_hostile_checklists(opened)
        add_operator(desk.store, ADMIN, "lead", "Lead", Role.LEAD, PASSWORD, NOW - timedelta(days=50))
        fill_days(desk, Simulation(Room(3), NOW), (("lead", PASSWORD), ("zhang", PASSWORD)), DAYS, 3, NOW)
        for row in rows_of(desk.site)[:4]:
            self_check.set_answer(desk, ADMIN, row.id, CheckResult.PARTLY, "text", "plan", NOW - timedelta(days=3))
        begins = NOW - timedelta(days=2)
        maintenance.plan(desk, ADMIN, begins, begins + timedelta(hours=1), ("ups-a",), "reason", begins)
        texts = {item.id for one in desk.published() for item in one.checklist.items if item.kind is ItemKind.TEXT}
        desk.store.close()
        _overwrite(folder / "dutyroom.db", texts)
        store = Store.open(desk.site.store_url)
        try:
            first, last = (NOW - timedelta(days=DAYS)).date(), NOW.date()
            yield HostileRoom(replace(desk, store=store, site=hostile_site(desk.site)), first, last)
        finally:
            store.close()


def _overwrite(database: Path, texts: set[str]) -> None:
    with closing(sqlite3.connect(database)) as connection:
        # One after the other, whichever row comes first.
        number = count()
        connection.create_function("hostile", 1, lambda name: hostile(name, next(number)))
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        for table, names in FREE.items():
            held = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            for name in (one for one in names if one in held):
                connection.execute(f"UPDATE {table} SET {name} = hostile('{table}.{name}')")
        marks = ", ".join("?" * len(texts))
        connection.execute(f"UPDATE entries SET answer = hostile('entries.answer') WHERE item IN ({marks})", [*texts])
        connection.commit()


def hostile_site(site: Site) -> Site:
    """The site with hostile labels of all it has; names, by which records know a device, stay."""
    number_of = count()

    def label(name: str) -> str:
        number = next(number_of)
        if number % 7 == 0:
            return SURROGATES[number // 7 % len(SURROGATES)].replace("{}", f"field:{name}", 1)
        return hostile(name, number)

    def of(held: Any) -> Any:
        changed = {
            one.name: label(f"{type(held).__name__}.{one.name}")
            for one in fields(held)
            if one.name in ("label", "title", "location", "who", "how") and isinstance(getattr(held, one.name), str)
        }
        return replace(held, **changed)

    groups: dict[str, Any] = {
        one.name: tuple(of(held) for held in getattr(site, one.name))
        for one in fields(site)
        if isinstance(getattr(site, one.name), tuple) and all(is_dataclass(held) for held in getattr(site, one.name))
    }
    return replace(site, name=label("site.name"), room=label("site.room"), **groups)


def _with_hostile_checklists(desk: Desk) -> Desk:
    made = []
    for one in desk.published():
        text = _hostile_text(one.text, one.checklist.name)
        made.append(Published(parse(text, desk.site.limit_profile, one.checklist.name), text))
    first, *others = made
    return replace(desk, checklist=first.checklist, checklist_text=first.text, others=tuple(others))


def _hostile_text(text: str, name: str) -> str:
    """The file of a checklist with every word in it hostile."""
    number_of = count()

    def word(found: re.Match[str]) -> str:
        number = next(number_of)
        said = hostile(f"checklist.{found[1]}", number)[:120]
        quoted = json.dumps(said, ensure_ascii=False).replace("\x7f", "\\u007f")
        return f"{found[1]} = {quoted}"

    return re.sub(r'\b(en|zh) = "[^"]*"', word, text)
