"""The sheet of outages and hold times: its tables held against the recount."""

from __future__ import annotations

import math
from typing import Any

from tests.recount import environment, hold, outages
from tests.recount.database import Asked, duration, seconds
from tests.recount.workbook import Sheet, minute

TENTH = 0.051
OF_UPS = ("load_percent", "runtime_s")


def outage_sheet(asked: Asked, sheet: Sheet) -> None:
    """Hold times, outages, power events and discharge tests."""
    _hold(asked, sheet)
    _outages(asked, sheet)
    _events(asked, sheet)
    _tests(asked, sheet)


def _hold(asked: Asked, sheet: Sheet) -> None:
    counted = hold.of_ups(asked)
    minutes = {"Required, min": "required", "What decides, min": "decides", "Reported, min": "reported"}
    heads = (*minutes, "Verdict", "Short by, min", "Proven on", "Proven, min", "Load then", "Load at")
    rows = {row["UPS"]: row for row in sheet.table("UPS", "Battery of", *heads)}
    sheet.same("UPSes of the hold times", sorted(rows), sorted(asked.label(name) for name in counted))
    for name, one in counted.items():
        row, proof = rows.get(asked.label(name), {}), one["proof"]
        for head, of in minutes.items():
            sheet.same(f"{name} {head}", row.get(head), _in_minutes(one[of]), TENTH)
        sheet.same(f"{name} verdict", row.get("Verdict"), one["verdict"])
        short = one["required"] - (one["decides"] or 0.0) if one["verdict"] == "short" else None
        sheet.same(f"{name} short by", row.get("Short by, min"), _in_minutes(short), TENTH)
        sheet.same(f"{name} proven on", row.get("Proven on"), asked.day_of(proof["at"]) if proof else None)
        sheet.same(f"{name} load then", row.get("Load then"), proof["then"] if proof else None, TENTH)
        sheet.same(f"{name} load", row.get("Load at"), one["load"], TENTH)
        low = proof["low"] if proof and proof["low"] else None
        sheet.same(f"{name} proven", row.get("Proven, min"), _in_minutes(low), TENTH)


def _outages(asked: Asked, sheet: Sheet) -> None:
    counted = outages.outages(asked)
    minutes = {"Duration, min": "lasted", "On battery, min": "inside", "Really held, min": "really"}
    heads = ("UPS", "Power event", "Began", "Ended", *minutes, "Lowest charge", "Load, %", "Told at the start")
    rows = {row["No."]: row for row in sheet.table("No.", *heads)}
    sheet.same("outages", sorted(rows), sorted(counted))
    for number in rows.keys() & counted.keys():
        row, one = rows[number], counted[number]
        stored = one["row"]
        sheet.same(f"{number} UPS", row["UPS"], asked.label(stored["ups"]))
        sheet.same(f"{number} event", row["Power event"], stored["event_id"])
        sheet.same(f"{number} began", row["Began"], asked.wall(seconds(stored["began_at"])))
        ended = one["ended"]
        sheet.same(f"{number} ended", row["Ended"], asked.wall(ended) if ended is not None else "runs")
        for head, of in minutes.items():
            sheet.same(f"{number} {head}", row[head], _in_minutes(one[of]), TENTH)
        sheet.same(f"{number} charge", row["Lowest charge"], one["charge"], TENTH)
        sheet.same(f"{number} load", row["Load, %"], one["load"], TENTH)
        told = stored["estimate_at_start_s"]
        sheet.same(f"{number} told", row["Told at the start"], _in_minutes(told), TENTH)


def _events(asked: Asked, sheet: Sheet) -> None:
    counted = outages.events(asked)
    heads = {"Contained, min": "contained", "Reported, min": "reported", "Authority, min": "authority"}
    rows = {row["No."]: row for row in sheet.table("No.", "UPSes", "Began", "Mains back", *heads)}
    sheet.same("power events", sorted(rows), sorted(counted))
    for number in rows.keys() & counted.keys():
        row, one = rows[number], counted[number]
        sheet.same(f"event {number} began", row["Began"], asked.wall(seconds(one["row"]["began_at"])))
        for head, name in heads.items():
            shown, _late = one["clocks"].get(name, ("–", False))
            sheet.same(f"event {number} {name}", row[head], shown, TENTH)


def _tests(asked: Asked, sheet: Sheet) -> None:
    counted = {row["id"]: row for row in outages.tests(asked)}
    heads = ("Ended", "Held, min", "Charge from", "to, %", "Load, %", "Signed at")
    rows = {row["No."]: row for row in sheet.table("No.", "UPS", "On battery from", *heads)}
    sheet.same("tests", sorted(rows), sorted(counted))
    for number in rows.keys() & counted.keys():
        row, one = rows[number], counted[number]
        is_over, is_signed = asked.before_cutoff(one["ended_at"]), asked.before_cutoff(one["signed_at"])
        ended = asked.wall(seconds(one["ended_at"])) if is_over else "runs"
        sheet.same(f"test {number} ended", row["Ended"], ended)
        signed = minute(asked.wall(seconds(one["signed_at"]))) if is_signed else None
        sheet.same(f"test {number} signed", minute(row["Signed at"]), signed)
        sheet.same(f"test {number} held", row["Held, min"], _in_minutes(one["held_s"]) if is_over else None, TENTH)
        for head, name in (("to, %", "charge_to_percent"), ("Load, %", "load_percent")):
            sheet.same(f"test {number} {head}", row[head], one[name] if is_over else None, TENTH)


def ups_days(asked: Asked, sheet: Sheet) -> None:
    """Load and runtime of every UPS and day."""
    heads = ("Load, mean", "Load, highest", "Runtime, lowest", "Hold time required", "Hours with", "Hours of")
    rows = {(row["UPS"], str(row["Day"])[:10]): row for row in sheet.table("UPS", "Day", *heads)}
    every = environment.days_so_far(asked)
    told = [environment.hours(asked, ups["name"], of) for ups in asked.of_site("ups") for of in OF_UPS]
    listed = environment.days_listed(asked, {str(day): any(str(day) in one for one in told) for day in every})
    days = [day for day in every if str(day) in listed]
    counted = {(one["label"], str(day)): (one, day) for one in asked.of_site("ups") for day in days}
    sheet.same("days", sorted(rows), sorted(counted))
    for key in rows.keys() & counted.keys():
        row, (ups, day) = rows[key], counted[key]
        load = [*environment.hours(asked, ups["name"], "load_percent").get(str(day), {}).values()]
        runtime = environment.hours(asked, ups["name"], "runtime_s").get(str(day), {}).values()
        number = sum(one["count"] for one in load)
        mean = math.fsum(one["total"] for one in load) / number if number else None
        sheet.same(f"{key} mean", row["Load, mean"], mean, TENTH)
        sheet.same(f"{key} highest", row["Load, highest"], max((one["high"] for one in load), default=None), TENTH)
        lowest = _in_minutes(min((one["low"] for one in runtime), default=None))
        sheet.same(f"{key} runtime", row["Runtime, lowest"], lowest, TENTH)
        sheet.same(f"{key} required", row["Hold time required"], duration(ups["hold_time"]) / 60, TENTH)
        sheet.same(f"{key} hours", row["Hours with"], len(load))
        sheet.same(f"{key} of the day", row["Hours of"], environment.hours_of(asked, day))


def _in_minutes(told: Any) -> Any:
    return told / 60 if told is not None else None
