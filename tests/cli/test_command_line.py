"""What holds for every command: options, languages, errors, exit codes, and what is not loaded."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dutyroom import words
from dutyroom.cli.asked import first_language, language_of_environment
from dutyroom.cli.main import main
from dutyroom.resources import data_path
from tests.cli.rooms import HOST, ROOT, RoomFolder, in_own_process, program

HEAVY = ("alembic", "nut2", "openpyxl", "psutil", "pydantic", "pysnmp", "rich", "sqlalchemy", "sqlmodel", "textual")


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_load_nothing_heavy(argument: str) -> None:
    code = "import sys; from dutyroom.cli.main import main; main([sys.argv[1]]); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, argument], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    loaded = {name.split(".")[0] for name in done.stderr.split()}
    assert loaded & set(HEAVY) == set()
    assert "dutyroom" in done.stdout


def test_the_site_file_may_be_named_before_and_after_the_command(room: RoomFolder) -> None:
    room.write(HOST)
    after = room.run("config", "check")
    assert main(["--config", str(room.config), "config", "check"]) == after.code == 0
    assert room.capsys.readouterr().out == after.out


def test_without_a_site_file_the_next_step_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "dutyroom demo" in said.err
    assert "dutyroom config example" in said.err


def test_an_error_is_one_json_document_when_json_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--json"]) == 3
    said = capsys.readouterr()
    assert said.err == ""
    document = json.loads(said.out)
    assert document["schema"] == 1
    assert document["error"]["code"] == "no-site-file"
    assert "dutyroom demo" in document["error"]["message"]


def test_a_wrong_option_is_a_usage_error_in_both_forms(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--freshly"]) == 2
    assert "--fresh" in capsys.readouterr().err
    assert main(["status", "--json", "--freshly"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "usage"
    assert main(["status", "--lang", "fr"]) == 2
    assert main(["nosuch"]) == 2
    assert main(["export", "month", "2026-13", "--as", "zhang"]) == 2


def test_a_site_file_that_is_wrong_or_missing_ends_with_three(room: RoomFolder) -> None:
    missing = room.run("status", "--json")
    assert (missing.code, missing.document["error"]["code"]) == (3, "site-file")
    room.write('[[ups]]\nname = "ups-a"\nserverr = "127.0.0.1:3493"\n')
    wrong = room.run("status")
    assert wrong.code == 3
    assert "serverr" in wrong.err
    assert "Traceback" not in wrong.err


def test_without_a_terminal_no_screens_are_opened(room: RoomFolder) -> None:
    room.write(HOST)
    done = in_own_process(["--config", str(room.config)])
    assert done.returncode == 2
    assert b"dutyroom status" in done.stderr
    assert not room.database.exists()


def test_output_is_utf8_whatever_the_locale_says(room: RoomFolder) -> None:
    room.write(HOST)
    done = in_own_process(
        ["config", "show", "--config", str(room.config)], {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    )
    assert done.returncode == 0
    assert "县人民医院".encode() in done.stdout


def test_a_reader_that_goes_away_leaves_no_traceback() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as nowhere:
        done = subprocess.run(
            program("checklist", "show"), cwd=ROOT, stdout=nowhere, stderr=subprocess.PIPE, timeout=60
        )
    assert done.stderr == b""


def test_completion_scripts_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert main(["completion", shell]) == 0
        assert "_DUTYROOM_COMPLETE" in capsys.readouterr().out
    assert main(["completion", "cmd"]) == 2


def test_the_environment_names_a_language_in_the_order_of_posix() -> None:
    assert language_of_environment({"LANG": "zh_CN.UTF-8"}) == "zh_CN"
    assert language_of_environment({"LC_MESSAGES": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}) == "en"
    assert language_of_environment({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}) == "en"
    assert language_of_environment({"DUTYROOM_LANG": "zh-CN", "LC_ALL": "C"}) == "zh_CN"
    assert language_of_environment({"LC_ALL": "", "LANG": "zh"}) == "zh_CN"
    assert language_of_environment({}) == "en"
    assert first_language(["status", "--lang", "zh"], {"LANG": "en_US"}) == "zh_CN"
    assert first_language(["--lang=en", "status"], {"LANG": "zh_CN"}) == "en"
    assert first_language(["status", "--lang"], {"LANG": "zh_CN"}) == "zh_CN"


def test_the_option_comes_before_the_site_file_and_that_before_the_environment(
    room: RoomFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not data_path("locale", "zh_CN").is_dir():
        pytest.skip("needs the Chinese catalogue")
    monkeypatch.setenv("DUTYROOM_LANG", "zh_CN")
    for top, options, spoken in (
        ('language = "en"', [], "en"),
        ("", [], "zh_CN"),
        ('language = "en"', ["--lang", "zh"], "zh_CN"),
        ('language = "zh_CN"', ["--lang", "en"], "en"),
    ):
        room.write(HOST, top=top)
        assert room.run("config", "check", *options).code == 0
        assert words.language() == spoken


def test_an_interrupt_at_a_prompt_ends_with_130(room: RoomFolder) -> None:
    room.write(HOST)
    room.enrol()
    master, terminal = pty.openpty()
    arguments = program("operators", "disable", "zhang", "--as", "admin", "--config", str(room.config))
    with subprocess.Popen(
        arguments, cwd=ROOT, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True
    ) as asking:
        os.close(terminal)
        said = b""
        while b"Password of admin" not in said:
            said += os.read(master, 1024)
        asking.send_signal(signal.SIGINT)
        try:
            assert asking.wait(30) == 130
        finally:
            asking.kill()
    os.close(master)


def test_the_example_is_a_site_file_and_the_schema_is_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["config", "example"]) == 0
    example = capsys.readouterr().out
    assert "[[ups]]" in example
    assert main(["config", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"].startswith("https://json-schema.org/")


def test_settings_are_shown_with_where_they_come_from_and_without_secrets(room: RoomFolder) -> None:
    room.write(
        '[[network]]\nname = "core-1"\naddress = "127.0.0.1"\nsnmp = {{ version = "2c", community = "planted" }}\n'
    )
    shown = room.run("config", "show", "--origin")
    assert "planted" not in shown.out
    assert any(line.split() == ["default", "[poll]", "ups", "5s"] for line in shown.out.splitlines())
    settings = room.run("config", "show", "--json").document["settings"]
    assert {"key": "[site] room", "value": "HIS room", "origin": "file"} in settings
    checked = room.run("config", "check")
    assert checked.code == 0
    assert "planted" not in checked.err
    assert "community" in checked.err


def test_checklists_are_checked_and_shown(room: RoomFolder) -> None:
    room.write(HOST)
    assert "daily" in room.run("checklist", "check").out
    shown = room.run("checklist", "show", "daily", "--json").document
    assert shown["checklists"][0]["count"] == len(shown["items"])
    wrong = room.path / "own.toml"
    wrong.write_text('name = "own"\n')
    refused = room.run("checklist", "check", str(wrong))
    assert refused.code == 3
    assert "own.toml" in refused.err
    assert room.run("checklist", "show", "dayly").code == 3


def test_keys_that_cannot_be_are_warnings_of_config_check(room: RoomFolder) -> None:
    room.write(HOST + '\n[keys]\n"round.sing" = "f6"\nrefresh = "ctrl+m"\n')
    checked = room.run("config", "check")
    assert checked.code == 0
    assert "Did you mean round.sign?" in checked.err
    assert "no terminal sends it" in checked.err
    assert "is right" in checked.out
