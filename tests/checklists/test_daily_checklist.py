"""The shipped daily round, and its walk over a site."""

from __future__ import annotations

import unicodedata
from datetime import time
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from dutyroom.checklists import areas, expand, load_checklist, parse, shipped, text_of
from dutyroom.model.checklist import Bounds, Checklist, ItemKind, Mode, Per
from dutyroom.model.devices import AirConditioner, BackupJob, NetworkDevice, Server, SnmpAccess, System, Ups
from dutyroom.model.reading import Verdict
from dutyroom.model.site import Language, LimitProfile, Site
from dutyroom.resources import data_path


def site(**devices: tuple[object, ...]) -> Site:
    return Site(
        language=Language.EN,
        timezone=ZoneInfo("Asia/Shanghai"),
        name="H",
        room="R",
        hold_time_s=10800,
        limit_profile=LimitProfile.GB50174,
        zero_report_at=time(15),
        store_url="sqlite:////tmp/x.db",
        fingerprint="",
        **devices,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def daily() -> Checklist:
    return shipped("daily", LimitProfile.GB50174)


def test_the_daily_round_has_43_items_in_walking_order(daily: Checklist) -> None:
    ids = [item.id for item in daily.items]
    assert len(ids) == len(set(ids)) == 43
    assert (ids[0], ids[-1]) == ("duty.handover", "duty.remark")
    assert [mode for mode in Mode for item in daily.items if item.mode is mode].count(Mode.ACCEPT) == 16
    assert (daily.schedule.due_at, daily.schedule.early_s, daily.schedule.window_s) == (time(8, 30), 1800, 5400)


def test_every_text_of_the_daily_round_is_there_in_both_languages(daily: Checklist) -> None:
    words = [daily.words, *(item.words for item in daily.items), *(area for _id, area in daily.areas)]
    words += [choice.words for item in daily.items for choice in item.choices]
    for word in words:
        assert word.en.isascii()
        assert any(unicodedata.name(character).startswith("CJK") for character in word.zh), word.en
    assert len({item.words.en for item in daily.items}) == len({item.words.zh for item in daily.items}) == 43


def test_check_items_have_their_three_answers_without_being_told(daily: Checklist) -> None:
    for item in daily.items:
        if item.kind is ItemKind.CHECK:
            assert [choice.value for choice in item.choices] == ["normal", "abnormal", "na"]
    door = daily.item("acc.door")
    assert door is not None
    abnormal = door.choice("abnormal")
    assert abnormal is not None
    assert abnormal.verdict is Verdict.FAULT


def test_every_limit_lies_inside_the_next_in_every_profile() -> None:
    for profile in LimitProfile:
        for item in shipped("daily", profile).items:
            spans = [item.limit.normal, item.limit.critical, item.limit.physical]
            there = [span for span in spans if span is not None]
            for inner, outer in pairwise(there):
                assert outer.holds(inner.low), (profile, item.id)
                assert outer.holds(inner.high), (profile, item.id)


def test_no_limit_claims_a_chinese_standard_that_was_not_read(daily: Checklist) -> None:
    sources = {item.id: item.limit.source for item in daily.items if item.limit.source}
    assert set(sources) == {"env.temp.cold", "env.dew"}
    assert not any("GB" in source for source in sources.values())


@pytest.mark.parametrize(
    ("profile", "temperature", "humidity"),
    [
        (LimitProfile.GB50174, (18, 27), (40, 60)),
        (LimitProfile.STRICT, (20, 25), (40, 60)),
        (LimitProfile.HOUSE, (15, 30), (20, 80)),
    ],
)
def test_a_profile_changes_the_environment_limits_and_nothing_else(
    daily: Checklist, profile: LimitProfile, temperature: tuple[float, float], humidity: tuple[float, float]
) -> None:
    chosen = shipped("daily", profile)
    for item_id, span in (("env.temp.cold", temperature), ("env.temp.room", temperature), ("env.rh", humidity)):
        item = chosen.item(item_id)
        assert item is not None
        assert item.limit.normal == Bounds(*span)
        assert bool(item.limit.source) == (profile is LimitProfile.GB50174 and item_id == "env.temp.cold")
    for mine, theirs in zip(chosen.items, daily.items, strict=True):
        if not mine.id.startswith("env."):
            assert mine == theirs


def test_the_version_follows_text_and_profile_and_an_old_round_renders_from_its_text(daily: Checklist) -> None:
    text = text_of("daily")
    assert parse(text, LimitProfile.GB50174, "kept") == daily
    assert load_checklist(data_path("checklists", "daily.toml"), LimitProfile.GB50174) == daily
    versions = {
        daily.version,
        shipped("daily", LimitProfile.STRICT).version,
        parse(text + "# a change\n", LimitProfile.GB50174, "kept").version,
    }
    assert len(versions) == 3
    assert all(len(version) == 12 and int(version, 16) >= 0 for version in versions)


def test_the_walk_goes_device_by_device_in_the_order_of_the_site(daily: Checklist) -> None:
    access = SnmpAccess("2c")
    room = site(
        ups=(Ups("ups-b", "B", 1), Ups("ups-a", "A", 1)),
        air_conditioners=(AirConditioner("ac-1", "1"), AirConditioner("ac-2", "2")),
        servers=(Server("s1", "s1", "local"), Server("s2", "s2", "local")),
        network=(NetworkDevice("core", "core", "h", access),),
        systems=(System("his", "HIS"), System("lis", "LIS")),
        backups=(BackupJob("full", "full"),),
    )
    lines = [line.key for line in expand(daily, room)]
    assert len(lines) == len(set(lines))
    per = [item.per for item in daily.items]
    counts = {Per.UPS: 2, Per.AC: 2, Per.SERVER: 2, Per.NETWORK: 1, Per.SYSTEM: 2, Per.BACKUP: 1, None: 1}
    assert len(lines) == sum(counts[one] for one in per)
    ups_items = [item.id for item in daily.items if item.per is Per.UPS]
    at = lines.index((ups_items[0], "ups-b"))
    expected = [(item, name) for name in ("ups-b", "ups-a") for item in ups_items]
    assert lines[at : at + len(expected)] == expected
    assert lines[at - 2 : at] == [("ac.run", "ac-1"), ("ac.run", "ac-2")]
    assert [key for key in lines if key[0].startswith("his.") and key[1]] == [
        ("his.up", "his"),
        ("his.db", "his"),
        ("his.up", "lis"),
        ("his.db", "lis"),
    ]


def test_without_a_device_of_that_sort_an_item_is_asked_once_of_the_room(daily: Checklist) -> None:
    lines = expand(daily, site())
    assert [line.item.id for line in lines] == [item.id for item in daily.items]
    assert {line.device for line in lines} == {""}


def test_areas_come_in_walking_order_with_their_words(daily: Checklist) -> None:
    found = areas(daily)
    assert [area for area, _words in found][:4] == ["duty", "access", "env", "ac"]
    assert dict(found)["power"].zh == "供电与 UPS"
