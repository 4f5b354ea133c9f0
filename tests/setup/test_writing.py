"""A plan becomes files, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dutyroom.config.device_forms import NetworkForm
from dutyroom.errors import SiteFileError
from dutyroom.model.devices import Secret, SnmpAccess
from dutyroom.setup import writing
from dutyroom.setup.plan import Draft, Plan
from dutyroom.setup.writing import NotWritten, write
from tests.setup.rooms import NOW


def plan_at(path: Path, community: str = "hidden-one") -> Plan:
    """A room with one switch."""
    draft = Draft(path, timezone="Asia/Shanghai", name="县人民医院")
    snmp = draft.keep_secrets("core-1", SnmpAccess("2c", community=Secret(community)))
    draft.network["core-1"] = NetworkForm.model_validate({"name": "core-1", "address": "10.0.0.1", "snmp": snmp})
    return draft.plan()


def test_everything_is_for_its_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "a" / "site.toml"
    before = os.umask(0)
    try:
        written = write(plan_at(path), NOW)
    finally:
        os.umask(before)
    assert written.files == (path, path.parent / "secrets" / "core-1.community")
    assert {file.stat().st_mode & 0o777 for file in written.files} == {0o600}
    assert {folder.stat().st_mode & 0o777 for folder in (path.parent, path.parent / "secrets")} == {0o700}
    assert written.site.network[0].snmp.community == Secret("hidden-one")
    assert "hidden-one" not in path.read_text("utf-8")
    assert sorted(file.name for file in path.parent.rglob("*")) == ["core-1.community", "secrets", "site.toml"]


def test_what_was_there_is_kept_with_its_date(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    write(plan_at(path), NOW)
    first = path.read_bytes()
    written = write(plan_at(path, "hidden-two"), NOW)
    again = write(plan_at(path, "hidden-three"), NOW)
    assert [kept.name for kept in written.kept] == [
        "core-1.community.bak-20261126-060000",
        "site.toml.bak-20261126-060000",
    ]
    assert written.kept[0].read_text() == "hidden-one\n"
    assert written.kept[1].read_bytes() == first
    assert again.kept[0].read_text() == "hidden-two\n"
    assert {kept.stat().st_mode & 0o777 for kept in (*written.kept, *again.kept)} == {0o600}


def test_a_file_that_would_not_load_never_takes_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "site.toml"
    write(plan_at(path), NOW)
    before = path.read_bytes()
    monkeypatch.setattr(writing, "text_of", lambda _form: "no site file")
    with pytest.raises(SiteFileError):
        write(plan_at(path), NOW)
    assert path.read_bytes() == before
    assert not list(tmp_path.glob(".*.new"))


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(NotWritten, match="name another place"):
        write(plan_at(tmp_path / "file" / "site.toml"), NOW)


def test_a_write_that_breaks_off_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "site.toml"
    write(plan_at(path), NOW)
    before = path.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotWritten, match="No space left"):
        write(plan_at(path, "hidden-two"), NOW)
    assert path.read_bytes() == before
    assert (tmp_path / "secrets" / "core-1.community").read_text() == "hidden-one\n"
