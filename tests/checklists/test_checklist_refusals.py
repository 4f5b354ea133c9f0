"""A wrong checklist file gives one sentence: the file, the item, what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutyroom.checklists import load_checklist, parse, shipped, text_of
from dutyroom.errors import ChecklistError
from dutyroom.model.checklist import Checklist
from dutyroom.model.site import LimitProfile

HEAD = 'name = "own"\nen = "Own"\nzh = "自定"\n[[area]]\nid = "env"\nen = "Environment"\nzh = "环境"\n'
NUMBER = '[[item]]\nid = "env.rh"\narea = "env"\nen = "Humidity"\nzh = "湿度"\nkind = "number"\nunit = "%RH"\n'
CHECK = '[[item]]\nid = "env.smell"\narea = "env"\nen = "Smell"\nzh = "异味"\nkind = "check"\n'
TABLE = '[[item]]\nid = "ups.cells"\narea = "env"\nen = "Cells"\nzh = "单体"\nkind = "table"\nunit = "V"\n'
SHOW = 'show_if = {{ item = "{}", answers = ["{}"] }}\n'
ONE = '{ value = "ok", en = "Done", zh = "成功", verdict = "ok" }'
OKAY = ONE.replace('"ok" }', '"okay" }')

BAD = [
    (HEAD, "[[item]] is missing; add this section"),
    ("item = []\n" + HEAD, "item: must not be empty"),
    (HEAD + CHECK + CHECK, "env.smell: this item stands twice"),
    (HEAD + HEAD[HEAD.index("[[area]]") :] + CHECK, "env: this area stands twice"),
    (HEAD + CHECK + "knid = 1\n", "env.smell: [[item]] #1 knid is not a known key; did you mean kind?"),
    (HEAD + CHECK.replace('"check"', '"chek"'), "env.smell: [[item]] #1 kind: must be one of"),
    (HEAD + CHECK.replace('"check"', '"chek"'), "did you mean check?"),
    (HEAD + CHECK.replace('zh = "异味"\n', ""), "[[item]] #1 zh is missing"),
    (
        HEAD + CHECK.replace('area = "env"', 'area = "enw"'),
        "env.smell: enw is not an [[area]] of this file",
    ),
    (HEAD + CHECK.replace("env.smell", "Smell"), '[[item]] #1 id: "Smell" is not an item'),
    (HEAD + CHECK + "normal = [1, 2]\n", "env.smell: only numbers have limits"),
    (HEAD + CHECK + f"choices = [{ONE}]\n", "env.smell: only choice and computed items have choices"),
    (HEAD + CHECK + "tolerance = 1\n", "env.smell: tolerance is for numbers of mode X only"),
    (HEAD + NUMBER.replace('unit = "%RH"\n', ""), "env.rh: a number needs a unit"),
    (HEAD + NUMBER + "normal = [60, 40]\n", "env.rh: [60.0, 40.0] is upside down"),
    (HEAD + NUMBER + "normal = [40]\n", "env.rh: [[item]] #1 normal: must be two numbers"),
    (HEAD + NUMBER + "normal = [10, 60]\ncritical = [20, 80]\n", "env.rh: normal must lie inside critical"),
    (HEAD + NUMBER + "critical = [10, 60]\nphysical = [20, 80]\n", "critical inside physical"),
    (HEAD + NUMBER + "normal = [0, 90]\nphysical = [20, 80]\n", "env.rh: normal must lie inside critical"),
    (HEAD + NUMBER + '[profile.strickt."env.rh"]\nnormal = [1, 2]\n', "did you mean strict?"),
    (
        HEAD + NUMBER + '[profile.house."env.rj"]\nnormal = [1, 2]\n',
        "there is no such item; did you mean env.rh?",
    ),
    (HEAD + NUMBER + 'physical = [0, 100]\n[profile.house."env.rh"]\nnormal = [1, 200]\n', "env.rh: normal must lie"),
    (HEAD + CHECK.replace('"check"', '"choice"') + f"choices = [{ONE}]\n", "env.smell: a choice needs at least two"),
    (HEAD + CHECK.replace('"check"', '"choice"') + f"choices = [{ONE}, {ONE}]\n", "two choices have the same value"),
    (
        HEAD + CHECK.replace('"check"', '"choice"') + f"choices = [{OKAY}]\n",
        "[[item]] #1 choices #1.verdict: must be one of ok, attention, fault, unknown, not-installed",
    ),
    (HEAD + CHECK.replace('"check"', '"computed"'), "env.smell: a computed item needs a unit, or choices"),
    ('due_at = "8.30"\n' + HEAD + CHECK, 'due_at: "8.30" is not a time of day'),
    ('window = "90"\n' + HEAD + CHECK, 'window: "90" is not a duration'),
    (HEAD + "[[item]\n", "not valid TOML"),
    ('cadence = "weekley"\n' + HEAD + CHECK, "cadence: must be one of daily, weekly"),
    ("weekday = 2\n" + HEAD + CHECK, "weekday is for cadence weekly only"),
    ('cadence = "weekly"\nday = 2\n' + HEAD + CHECK, "day is for cadence monthly, quarterly only"),
    ('cadence = "weekly"\nevery = "4h"\n' + HEAD + CHECK, "every is for cadence period only"),
    ('cadence = "weekly"\nweekday = 8\n' + HEAD + CHECK, "weekday: must be 7 or less"),
    ('cadence = "monthly"\nday = 0\n' + HEAD + CHECK, "day: must be 1 to 31"),
    ('cadence = "monthly"\nday = 40\n' + HEAD + CHECK, "day: must be 1 to 31"),
    ('cadence = "quarterly"\nday = -93\n' + HEAD + CHECK, "day: must be 1 to 92"),
    ('window = "24h"\n' + HEAD + CHECK, "early and window together are longer"),
    ('cadence = "period"\nevery = "1h"\n' + HEAD + CHECK, "early and window together are longer"),
    ('grace = "soon"\n' + HEAD + CHECK, 'grace: "soon" is not a duration'),
    (HEAD + CHECK + "every = 0\n", "env.smell: [[item]] #1 every: must be 1 or more"),
    ('cadence = "period"\n' + HEAD + CHECK + "every = 2\n", "env.smell: every is for checklists of the calendar"),
    (HEAD + TABLE.replace('unit = "V"\n', ""), "ups.cells: a table needs the unit of its numbers"),
    (HEAD + TABLE + "cells = 401\n", "ups.cells: [[item]] #1 cells: must be 400 or less"),
    (HEAD + CHECK + "cells = 4\n", "env.smell: cells is for tables only"),
    (
        HEAD + CHECK + NUMBER + SHOW.format("env.smel", "abnormal"),
        "env.rh: show_if: there is no item env.smel; did you",
    ),
    (HEAD + NUMBER + SHOW.format("env.smell", "abnormal") + CHECK, "env.rh: show_if: env.smell must stand before it"),
    (HEAD + CHECK + NUMBER + SHOW.format("env.rh", "abnormal"), "env.rh: show_if: env.rh must stand before it"),
    (
        HEAD + CHECK + NUMBER + SHOW.format("env.smell", "bad"),
        "env.rh: show_if: bad is no answer of env.smell; known are",
    ),
    (HEAD + NUMBER + CHECK + SHOW.format("env.rh", "50"), "env.smell: show_if: env.rh has no choices to compare with"),
    (
        HEAD + CHECK + 'per = "ac"\n' + NUMBER + 'per = "ups"\n' + SHOW.format("env.smell", "abnormal"),
        "env.rh: show_if: env.smell is asked of other devices",
    ),
    (HEAD + CHECK + 'show_if = { item = "env.rh" }\n', "env.smell: [[item]] #1 show_if.answers is missing"),
]


@pytest.mark.parametrize(("text", "sentence"), BAD, ids=[sentence[:60] for _, sentence in BAD])
def test_a_wrong_checklist_is_refused_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ChecklistError) as refused:
        load_checklist(path, LimitProfile.GB50174)
    assert str(refused.value).startswith(f"{path}: ")
    assert sentence in str(refused.value)


def test_a_small_checklist_of_the_house_is_read() -> None:
    own = parse(HEAD + NUMBER + "normal = [40, 60]\n" + CHECK, LimitProfile.HOUSE, "own.toml")
    assert [item.id for item in own.items] == ["env.rh", "env.smell"]


def test_a_checklist_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ChecklistError, match=r"gone\.toml: cannot be read"):
        load_checklist(tmp_path / "gone.toml", LimitProfile.GB50174)
    with pytest.raises(ChecklistError, match=r"dayly: no checklist of that name .* did you mean daily"):
        shipped("dayly", LimitProfile.GB50174)
    with pytest.raises(ChecklistError, match="no checklist of that name"):
        text_of("../examples/site")
    (tmp_path / "gb.toml").write_bytes("# 机房".encode("gb18030"))
    with pytest.raises(ChecklistError, match="is not UTF-8"):
        load_checklist(tmp_path / "gb.toml", LimitProfile.GB50174)


TEXT = text_of("daily")


WORDS = st.sampled_from(["[", "]]", "=", "nan", "inf", '"', "\n", "{", "1e400", "\ud800"])


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, len(TEXT)), length=st.integers(0, 40), word=st.one_of(st.text(max_size=6), WORDS))
def test_a_mutated_checklist_is_read_or_refused_and_never_breaks(at: int, length: int, word: str) -> None:
    said = "own.toml: "
    try:
        assert isinstance(parse(TEXT[:at] + word + TEXT[at + length :], LimitProfile.HOUSE, "own.toml"), Checklist)
    except ChecklistError as refused:
        said = str(refused)
    assert said.startswith("own.toml: ")
