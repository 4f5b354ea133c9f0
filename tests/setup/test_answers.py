"""Answers from a file: the same tries, the same refusals, no conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from dutyroom.errors import SiteFileError, SourceError
from dutyroom.model.devices import Secret
from dutyroom.setup.answers import read_answers
from dutyroom.setup.plan import Plan
from dutyroom.setup.scripted import plan_of
from dutyroom.setup.writing import write
from tests.setup.rooms import NOW, REFUSED, SILENT, PlayedFinder, draft_at

TOP = 'timezone = "Asia/Shanghai"\n[site]\nname = "县人民医院"\n'
NUT = '[[nut]]\nserver = "127.0.0.1:3493"\n'
SWITCH = '[[network]]\nname = "core-1"\naddress = "10.0.0.1"\nsnmp = { version = "2c", community_file = "given" }\n'


def plan(folder: Path, text: str, finder: PlayedFinder | None = None) -> Plan:
    """The plan of an answers file in that folder."""
    file = folder / "answers.toml"
    file.write_text(text, "utf-8")
    given = folder / "given"
    given.write_text("hidden-community\n")
    given.chmod(0o600)
    lines: list[str] = []
    made = plan_of(
        read_answers(file), file, draft_at(folder / "room" / "site.toml"), finder or PlayedFinder(), lines.append
    )
    assert not any("hidden" in line for line in lines)
    return made


def test_a_few_lines_make_a_room(tmp_path: Path) -> None:
    text = TOP + NUT + 'hold_time = { ups-a = "6h" }\n' + SWITCH + '[admin]\nname = "admin"\nsecret_file = "once"\n'
    made = plan(tmp_path, text)
    assert made.admin is not None
    assert made.admin.secret_file == tmp_path / "once"
    site = write(made, NOW).site
    assert [(one.name, one.hold_time_s) for one in site.ups] == [("ups-a", 21600.0), ("ups-b", 10800.0)]
    assert site.network[0].snmp.community == Secret("hidden-community")
    assert [(one.name, one.source) for one in site.servers] == [("duty-pc", "local")]


def test_the_same_answers_again_make_the_same_room(tmp_path: Path) -> None:
    text = TOP + NUT + SWITCH
    first = write(plan(tmp_path, text), NOW).site
    again = write(plan(tmp_path, text), NOW).site
    assert first == again


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("langauge = 'en'\n" + TOP, "did you mean language"),
        (TOP + "hold_tme = '3h'\n", "did you mean hold_time"),
        (TOP + NUT.replace("server", "sever"), "did you mean server"),
        (TOP.replace("Shanghai", "Shangai"), "did you mean Asia/Shanghai"),
        (TOP + NUT + 'only = ["ups-x"]\n', "did you mean ups-"),
        (TOP + SWITCH.replace("given", "missing"), "cannot read"),
        (TOP + SWITCH.replace('"2c"', '"1"'), "2c"),
        ("[site]\nname = 'H'\n", "timezone is missing"),
        ("not toml", "not valid TOML"),
    ],
)
def test_what_is_wrong_is_named_with_the_way_out(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SiteFileError) as refused:
        plan(tmp_path, text)
    assert sentence in str(refused.value)
    assert "answers.toml" in str(refused.value)


def test_a_device_that_does_not_answer_is_only_kept_when_the_answers_say_so(tmp_path: Path) -> None:
    finder = PlayedFinder(snmp=(SILENT,))
    with pytest.raises(SourceError, match="unverified = true") as refused:
        plan(tmp_path, TOP + SWITCH, finder)
    assert refused.value.code == "timeout"
    kept = plan(tmp_path, TOP + SWITCH + "unverified = true\n", finder)
    assert [one.name for one in kept.form.network] == ["core-1"]
    write(kept, NOW)


def test_a_nut_server_that_does_not_answer_needs_its_upses_named(tmp_path: Path) -> None:
    finder = PlayedFinder(nut=(REFUSED,))
    for text in (NUT, NUT + "unverified = true\n", NUT + 'only = ["ups-a"]\n'):
        with pytest.raises(SourceError):
            plan(tmp_path, TOP + text, finder)
    kept = plan(tmp_path, TOP + NUT + 'only = ["ups-a"]\nunverified = true\n', finder)
    assert [one.ups for one in kept.form.ups] == ["ups-a"]


def test_an_answers_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SiteFileError, match=r"nowhere\.toml"):
        read_answers(tmp_path / "nowhere.toml")
