"""A site's own checklists and limits over those that come with dutyroom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.checklists import parse, text_of
from dutyroom.checklists_in_force import in_force
from dutyroom.duty import rounds, walks
from dutyroom.duty.desk import Desk
from dutyroom.errors import ChecklistError
from dutyroom.model.checklist import Bounds, Checklist
from dutyroom.model.site import ChecklistRules, LimitChange, LimitProfile, Site
from tests.checklists.test_checklist_refusals import CHECK, HEAD
from tests.checklists.test_daily_checklist import site
from tests.desks import ACTOR, NOW, opened_desk

OWN = HEAD + CHECK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "checklists"
    made.mkdir()
    return made


def with_folder(folder: Path, *off: str, **given: object) -> Site:
    return replace(site(), checklists=ChecklistRules(folder, off), **given)  # type: ignore[arg-type]


def names(found: tuple[tuple[Checklist, str], ...]) -> list[str]:
    return [one.name for one, _text in found]


def test_without_anything_of_its_own_a_site_has_the_five_the_daily_first() -> None:
    assert names(in_force(site())) == ["daily", "weekly", "monthly", "quarterly", "critical"]


def test_a_file_of_another_name_is_added_and_one_of_the_same_name_replaces(folder: Path) -> None:
    (folder / "own.toml").write_text('cadence = "weekly"\n' + OWN, "utf-8")
    (folder / "monthly.toml").write_text('cadence = "monthly"\n' + OWN.replace('"own"', '"monthly"'), "utf-8")
    found = in_force(with_folder(folder, "critical"))
    assert names(found) == ["daily", "own", "weekly", "monthly", "quarterly"]
    assert [item.id for item in dict(zip(names(found), found, strict=True))["monthly"][0].items] == ["env.smell"]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("own.toml", OWN.replace('"check"', '"chek"'), "own.toml: env.smell: [[item]] #1 kind: must be one of"),
        ("other.toml", OWN, 'other.toml: name = "own", but the file is called other'),
        ("daily.toml", 'cadence = "weekly"\n' + OWN.replace('"own"', '"daily"'), "daily.toml: the checklist daily is"),
        ("own.toml", "name = [", "own.toml: not valid TOML"),
    ],
)
def test_what_is_wrong_in_the_folder_names_file_and_item(folder: Path, name: str, text: str, sentence: str) -> None:
    (folder / name).write_text(text, "utf-8")
    with pytest.raises(ChecklistError) as refused:
        in_force(with_folder(folder))
    assert sentence in str(refused.value)
    assert str(folder) in str(refused.value)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"limits": (("env.rj", LimitChange(Bounds(1, 2))),)}, '"env.rj": no checklist has this item; did you mean'),
        ({"limits": (("acc.door", LimitChange(Bounds(1, 2))),)}, "[limits]: acc.door: only numbers have limits"),
        ({"limits": (("env.rh", LimitChange(Bounds(1, 200))),)}, "[limits]: env.rh: normal must lie inside"),
        ({"checklists": ChecklistRules(None, ("weekley",))}, "there is no checklist weekley; did you mean weekly?"),
        ({"checklists": ChecklistRules(None, ("daily",))}, "off: the daily one cannot be left out"),
        ({"checklists": ChecklistRules(Path("/nowhere"))}, "/nowhere: is no folder"),
    ],
)
def test_what_is_wrong_in_the_site_file_names_the_key_and_item(given: dict[str, object], sentence: str) -> None:
    with pytest.raises(ChecklistError) as refused:
        in_force(replace(site(), **given))  # type: ignore[arg-type]
    assert sentence in str(refused.value)


def test_a_site_s_own_limits_win_over_the_profile_and_only_in_the_checklists_that_ask() -> None:
    change = LimitChange(normal=Bounds(35, 65), critical=Bounds(20, 75))
    for checklist, text in in_force(replace(site(), limits=(("env.rh", change),), limit_profile=LimitProfile.HOUSE)):
        item = checklist.item("env.rh")
        assert ('"env.rh"]\nnormal = [35' in text) == (item is not None)
        if item is not None:
            assert (item.limit.normal, item.limit.critical) == (Bounds(35, 65), Bounds(20, 75))
            assert (item.limit.physical, item.limit.source) == (Bounds(0, 100), "")
            cold = checklist.item("env.temp.cold")
            assert cold is not None
            assert cold.limit.normal == Bounds(15, 30)


def test_the_kept_text_gives_the_same_checklist_whatever_the_site_says_later() -> None:
    then = replace(site(), limits=(("env.rh", LimitChange(Bounds(35, 65))),), limit_profile=LimitProfile.STRICT)
    checklist, text = in_force(then)[0]
    for profile in LimitProfile:
        assert parse(text, profile, "kept") == checklist
    assert text.startswith(text_of("daily"))
    versions = {in_force(one)[0][0].version for one in (then, site(), replace(then, limits=()))}
    assert len(versions) == 3


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield opened


def test_a_round_keeps_the_limits_it_was_begun_with(desk: Desk) -> None:
    then = replace(desk.site, limits=(("env.rh", LimitChange(Bounds(35, 65))),))
    first = rounds.start_round(Desk.over(desk.store, then, in_force(then)), ACTOR, NOW)
    later = Desk.over(desk.store, desk.site, in_force(replace(desk.site, limit_profile=LimitProfile.HOUSE)))
    old = walks.load_walk(later, first.round.id).checklist.item("env.rh")
    new = rounds.start_round(later, ACTOR, NOW + timedelta(days=1)).checklist.item("env.rh")
    assert old is not None
    assert new is not None
    assert (old.limit.normal, new.limit.normal) == (Bounds(35, 65), Bounds(20, 80))


def test_a_desk_knows_every_checklist_by_its_name(desk: Desk) -> None:
    over = Desk.over(desk.store, desk.site, in_force(desk.site))
    assert over.published()[0].checklist.name == "daily"
    assert all(over.named(one.checklist.name) == one for one in over.published())
    assert over.named("yearly") is None
