"""`dutyroom history` over records the watch wrote: values, gaps with their reason, and what there is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dutyroom import clock
from dutyroom.model.events import Boot
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.store import readings
from tests.cli.rooms import OL, UPSES, RoomFolder
from tests.ui.room_samples import ups_sample

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A quarter to twelve in Shanghai.
NOW = datetime(2026, 11, 24, 3, 45, tzinfo=UTC)


@pytest.fixture
def room(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> RoomFolder:
    """An hour of polls: ten minutes failed, ten minutes nobody asked."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    made = RoomFolder(tmp_path, capsys)
    made.write(UPSES)
    desk = made.desk()
    with desk.store.write() as session:
        for minute in (*range(-60, -40), *range(-30, -20), *range(-10, 1)):
            at = NOW + timedelta(minutes=minute)
            boot = Boot("b", 1e6 + minute * 60)
            if -30 <= minute < -20:
                sample = Sample("ups-a", Kind.UPS, at, State.TIMEOUT, took_s=0.0, boot=boot)
            else:
                whole = ups_sample("ups-a", at, OL | {"ups.load": str(30 + minute % 5)})
                sample = Sample("ups-a", Kind.UPS, at, State.OK, took_s=0.0, ups=whole.ups, boot=boot)
            readings.put_samples(session, [sample], {"ups-a": 60.0})
    desk.store.close()
    return made


def test_json_has_each_reading_and_each_gap_with_its_reason(room: RoomFolder) -> None:
    document = room.run("history", "ups-a", "load_percent", "--span", "hour", "--json").document
    assert document["unit"] == "%"
    assert document["by"] == "reading"
    assert {point["value"] for point in document["points"]} == {30.0, 31.0, 32.0, 33.0, 34.0}
    assert [(gap["reason"], gap["state"]) for gap in document["gaps"]] == [
        ("not-polled", None), ("failed", "timeout"), ("not-polled", None),
    ]  # fmt: skip
    assert document["last"] == {"at": document["points"][-1]["at"], "value": 30.0, "age_s": 0.0}
    assert document["normal"] == [0.0, 60.0]
    assert (document["summary"]["low"], document["summary"]["high"]) == (30.0, 34.0)


def test_the_text_tells_values_and_gaps_in_the_order_of_time(room: RoomFolder) -> None:
    out = room.run("history", "ups-a", "load_percent", "--span", "hour").out
    assert "UPS A 主路 · load" in out
    assert "lowest 30 %" in out
    lines = out.splitlines()
    gap = next(n for n, line in enumerate(lines) if "no answer, 11:" in line)
    assert "31 %" in lines[gap - 3] or "not polled" in lines[gap - 1]
    assert out.count("not polled, ") == 2
    chinese = room.run("history", "ups-a", "load_percent", "--span", "hour", "--lang", "zh_CN").out
    assert "未轮询" in chinese


def test_an_earlier_day_has_its_own_window_and_no_value_is_exit_code_1(room: RoomFolder) -> None:
    day = clock.local_date(NOW, SHANGHAI)
    found = room.run("history", "ups-a", "load_percent", "--at", day.isoformat(), "--json")
    assert found.code == 0
    assert len(found.document["points"]) == 31
    before = room.run("history", "ups-a", "load_percent", "--at", (day - timedelta(days=3)).isoformat(), "--json")
    assert before.code == 1
    assert before.document["points"] == []
    assert [gap["reason"] for gap in before.document["gaps"]] == ["no-record"]
    assert before.document["summary"] is None
    at_time = room.run("history", "ups-a", "load_percent", "--span", "hour", "--at", f"{day}T11:00", "--json")
    assert at_time.document["until"] == f"{day}T03:00:00.000Z"


def test_a_week_is_told_by_the_hour(room: RoomFolder) -> None:
    document = room.run("history", "ups-a", "load_percent", "--span", "week", "--json").document
    assert document["by"] == "hour"
    assert {"at", "low", "mean", "high", "count"} == set(document["points"][0])
    out = room.run("history", "ups-a", "load_percent", "--span", "month").out
    assert "30 %" in out


def test_without_a_quantity_it_lists_what_there_is(room: RoomFolder) -> None:
    out = room.run("history", "ups-a").out
    assert "load_percent" in out
    assert "31 %" in out or "30 %" in out
    document = room.run("history", "ups-b", "--json").document
    assert {one["quantity"]: one["last"] for one in document["quantities"]}["charge_percent"] is None
    assert "never" in room.run("history", "ups-b").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nobody",), "There are: ups-a, ups-b"),
        (("ups-a", "colour"), "charge_percent"),
        (("ups-a", "load_percent", "--at", "yesterday"), "2026-11-24"),
        (("ups-a", "load_percent", "--span", "year"), "month"),
    ],
)
def test_what_is_not_there_is_a_mistake_of_the_command_line(
    room: RoomFolder, arguments: tuple[str, ...], said: str
) -> None:
    refused = room.run("history", *arguments)
    assert refused.code == 2
    assert said in refused.err
