"""`dutyroom checklist`: a house writes its own, changes limits, and is told what is wrong."""

from __future__ import annotations

from tests.cli.rooms import RoomFolder


def test_a_house_s_own_checklist_is_begun_from_a_shipped_one_and_is_then_in_force(room: RoomFolder) -> None:
    room.write()
    made = room.run("checklist", "new", "night", "--like", "critical")
    assert made.code == 0
    path = room.path / "checklists" / "night.toml"
    assert str(path) in made.out
    assert room.run("checklist", "check", str(path)).code == 0
    found = {one["name"]: one for one in room.run("checklist", "check", "--json").document["checklists"]}
    assert set(found) == {"daily", "weekly", "monthly", "quarterly", "critical", "night"}
    assert (found["night"]["count"], found["night"]["cadence"]) == (22, "period")
    again = room.run("checklist", "new", "night")
    assert again.code == 3
    assert "is there already" in again.err


def test_a_file_of_the_same_name_replaces_the_shipped_one(room: RoomFolder) -> None:
    room.write()
    assert room.run("checklist", "new", "weekly").code == 0
    path = room.path / "checklists" / "weekly.toml"
    path.write_text(path.read_text("utf-8").replace("weekday = 1", "weekday = 5"), "utf-8")
    assert "Fri" in room.run("checklist", "show", "weekly").out.splitlines()[1]
    path.write_text(path.read_text("utf-8").replace('unit = "Hz"\n', ""), "utf-8")
    refused = room.run("status")
    assert refused.code == 3
    assert f"{path}: ups.in.hz: a number needs a unit" in refused.err


def test_a_bad_name_is_refused(room: RoomFolder) -> None:
    room.write()
    assert room.run("checklist", "new", "../night").code == 3
    assert not (room.path / "checklists").exists()
    assert room.run("checklist", "new", "night", "--like", "nightly").code == 3


def test_the_site_file_changes_limits_and_leaves_checklists_out(room: RoomFolder) -> None:
    room.write('[checklists]\noff = ["critical"]\n[limits]\n"env.rh" = {{ normal = [35, 65] }}\n')
    shown = room.run("checklist", "show", "daily", "--json").document
    assert next(one["normal"] for one in shown["items"] if one["id"] == "env.rh") == [35.0, 65.0]
    assert len(room.run("checklist", "check", "--json").document["checklists"]) == 4
    settings = {one["key"]: one["value"] for one in room.run("config", "show", "--json").document["settings"]}
    assert settings["[limits] env.rh.normal"] == "35.0, 65.0"
    room.write('[limits]\n"env.rh" = {{ normal = [65, 35] }}\n')
    refused = room.run("config", "check")
    assert refused.code == 3
    assert "[limits] env.rh.normal is upside down" in refused.err


def test_checking_the_site_file_reads_its_checklists_and_limits_too(room: RoomFolder) -> None:
    room.write('[limits]\n"env.rj" = {{ normal = [35, 65] }}\n')
    refused = room.run("config", "check")
    assert refused.code == 3
    assert "did you mean env.rh?" in refused.err
    room.write()
    (room.path / "checklists").mkdir()
    (room.path / "checklists" / "own.toml").write_text("name = 1\n", "utf-8")
    refused = room.run("config", "check")
    assert refused.code == 3
    assert "own.toml" in refused.err


def test_show_says_when_each_is_due(room: RoomFolder) -> None:
    room.write()
    said = {
        "daily": "every day at 08:30; late after 1 h 30 m",
        "weekly": "every week, Mon at 08:30; late after 1 d 9 h",
        "monthly": "every month, day 1 at 08:30; late after 4 d 15 h",
        "quarterly": "every quarter, day 10 from the end at 08:30; late after 9 d 15 h",
        "critical": "in critical periods, every 4 h 00 m; late after 1 h 00 m",
    }
    for name, when in said.items():
        assert room.run("checklist", "show", name).out.splitlines()[1] == when
    assert "once in 4 rounds" in room.run("checklist", "show", "quarterly").out


def test_a_blank_round_is_printed_without_any_store(room: RoomFolder) -> None:
    room.write()
    target = room.path / "forms"
    target.mkdir()
    for name in ("daily", "quarterly"):
        assert room.run("export", "blank-round", name, "-o", str(target)).code == 0
        assert room.run("export", "blank-round", name, "--text", "-o", str(target)).code == 0
    assert sorted(path.name for path in target.iterdir()) == [
        *("blank-round-daily.txt", "blank-round-daily.xlsx"),
        *("blank-round-quarterly.txt", "blank-round-quarterly.xlsx"),
    ]
    assert not room.database.exists()
    refused = room.run("export", "blank-round", "dayly")
    assert refused.code == 3
    assert "did you mean daily?" in refused.err
