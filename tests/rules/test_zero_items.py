"""What of all the watch saw stands in a zero report."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dutyroom.model.events import WATCH, Event
from dutyroom.model.maintenance import MaintenanceWindow
from dutyroom.model.zero_content import ZeroContent, ZeroItem, ZeroKind, ZeroPower, ZeroRound, from_json, to_json
from dutyroom.rules.zero_items import items_of, unwatched_s

BEGAN = datetime(2026, 11, 23, 7, tzinfo=UTC)
ENDED = datetime(2026, 11, 24, 7, tzinfo=UTC)


def at(hours: float) -> datetime:
    return BEGAN + timedelta(hours=hours)


def event(hours: float, code: str, source: str = "ups-a", **params: str) -> Event:
    return Event(at(hours), source, code, tuple(params.items()))


def verdict(hours: float, now: str, reason: str = "", source: str = "fw-1") -> Event:
    return event(hours, "verdict-changed", source, was="?", now=now, reason=reason)


def items(
    *within: Event, before: tuple[Event, ...] = (), windows: tuple[MaintenanceWindow, ...] = ()
) -> list[ZeroItem]:
    return list(items_of(before, within, windows, BEGAN, ENDED))


def test_a_quiet_day_has_nothing() -> None:
    assert items(event(1, "port-down", "core-1", port="Gi0/0/1"), verdict(2, "attention", "port-changed")) == []


def test_a_ups_on_battery_is_told_with_how_long_it_was_and_not_again_as_a_fault() -> None:
    (one,) = items(event(2, "on-battery"), verdict(2, "fault", "on-battery", "ups-a"), event(2.5, "on-mains"))
    assert (one.kind, one.source, one.began_at, one.ended_at) == (ZeroKind.BATTERY, "ups-a", at(2), at(2.5))
    assert one.seconds == 1800


def test_what_was_going_on_before_the_day_began_counts_only_inside_it() -> None:
    before = (event(-5, "on-battery"), verdict(-3, "fault", "no-answer"))
    battery, fault = items(event(1, "on-mains"), before=before)
    assert (battery.began_at, battery.ended_at, battery.seconds) == (at(-5), at(1), 3600)
    assert (fault.reason, fault.ended_at, fault.seconds) == ("no-answer", None, 24 * 3600)


def test_what_was_over_before_the_day_began_is_not_told() -> None:
    assert items(before=(event(-1, "on-mains"), verdict(-1, "ok"))) == []


def test_a_device_that_comes_and_goes_is_one_line() -> None:
    changes = [verdict(1 + n / 10, *(("fault", "no-answer") if n % 2 == 0 else ("ok", ""))) for n in range(200)]
    (one,) = items(*changes)
    assert (one.times, one.began_at, one.ended_at) == (100, at(1), at(1 + 199 / 10))
    assert one.seconds == pytest.approx(100 * 360)


def test_what_lies_wholly_in_planned_maintenance_is_told_as_planned() -> None:
    window = MaintenanceWindow(at(3), at(5), ("fw-1",), "firmware", at(0), "li")
    inside, beyond = (verdict(3.5, "fault", "no-answer"), verdict(4, "ok")), (verdict(4.5, "fault", "no-answer"),)
    planned, not_planned = items(*inside, *beyond, windows=(window,))
    assert (planned.planned, not_planned.planned) == (True, False)
    assert ZeroContent(ENDED, (planned,)).is_zero
    assert not ZeroContent(ENDED, (planned, not_planned)).is_zero
    (other,) = items(event(3.2, "restarted", "core-1"), windows=(window,))
    assert not other.planned


def test_time_nobody_watched_is_counted_once_and_only_inside_the_day() -> None:
    def gap(hours: float, by_h: float) -> Event:
        return event(hours, "watch-gap", WATCH, by=str(by_h * 3600))

    assert unwatched_s([], ENDED, BEGAN, ENDED) == 0
    assert unwatched_s([gap(1, 3), gap(5, 2), gap(6, 2)], ENDED, BEGAN, ENDED) == 4 * 3600
    assert unwatched_s([gap(26, 4)], at(26), BEGAN, ENDED) == 2 * 3600
    assert unwatched_s([], at(20), BEGAN, ENDED) == 4 * 3600
    assert unwatched_s([], None, BEGAN, ENDED) is None


def test_the_canonical_json_reads_back_as_what_it_was() -> None:
    item = ZeroItem(ZeroKind.FINDING, "ups-a", at(1), None, 2, 3.5, "on-battery", "critical", "x.y", 7, "写的", True)
    held = ZeroRound(4, "daily", at(2), "signed", ("late",), "zhang", at(3), 1)
    content = ZeroContent(ENDED, (item,), (held,), 3, 2, 1, 4, 60.0, 9, "remark", "clock")
    content = replace(content, power=(ZeroPower(3, at(1), None, "running", late=("contained",), shed=("pacs",)),))
    text = to_json(content)
    assert from_json(text) == content
    assert to_json(from_json(text)) == text
    assert '"form":1' in text
    with pytest.raises(ValueError, match="not the content"):
        from_json('{"form":1,"until":"2026-11-24T07:00:00Z"}')


def test_a_report_from_before_there_were_outages_on_record_is_still_read() -> None:
    told = json.loads(to_json(ZeroContent(ENDED, (ZeroItem(ZeroKind.BATTERY, "ups-a", at(1)),))))
    del told["power"], told["items"][0]["percent"]
    old = from_json(json.dumps(told))
    assert (old.power, old.items[0].percent) == ((), None)
