"""`dutyroom status` over systems, lines and backups: asked with real sockets and real files, told in text and JSON."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from typing import Any

from dutyroom import clock
from dutyroom.model.reading import State
from tests.check_samples import CHECKS, backup_sample, line_sample, system_sample
from tests.cli.rooms import RoomFolder
from tests.cli.test_status import SOURCE, source
from tests.desks import failed

CHECK = {"target", "address", "answered", "error", "latency_ms", "loss_percent", "since", "lost_in_row"}
JOB = {"pattern", "count", "path", "at", "age_s", "size_bytes", "median_bytes", "writing"}


def asked(room: RoomFolder, *sections: str) -> Any:
    """The document of a room that is asked now."""
    room.write(*sections)
    return room.run("status", "--fresh", "--json")


def test_each_kind_has_its_own_object(room: RoomFolder) -> None:
    room.write(CHECKS)
    now = clock.now()
    room.record(system_sample(now), line_sample(now), backup_sample(now))
    ended = room.run("status", "--json")
    his, line, job = (source(ended.document, name) for name in ("his", "yibao", "his-full"))
    assert ended.code == 0
    assert [one["kind"] for one in ended.document["sources"]] == ["system", "line", "backup"]
    assert [set(one) - SOURCE for one in (his, line, job)] == [{"check"}, {"check"}, {"backup_job"}]
    assert (set(his["check"]), set(job["backup_job"])) == (CHECK, JOB)
    assert (his["check"]["answered"], his["check"]["error"], his["check"]["latency_ms"]) == (True, None, 0.42)
    assert his["check"]["since"].endswith("Z")
    assert (line["check"]["loss_percent"], line["label"]) == (0.0, "医保专线")
    assert (job["backup_job"]["size_bytes"], job["backup_job"]["median_bytes"]) == (4_600_000_000, 4_530_000_000)
    assert abs(job["backup_job"]["age_s"] - 6 * 3600) < 60


def test_what_cannot_be_known_is_null(room: RoomFolder) -> None:
    room.write(CHECKS)
    now = clock.now()
    room.record(line_sample(now), backup_sample(now))
    room.record(failed(line_sample(now), State.DENIED), failed(backup_sample(now), State.TIMEOUT))
    document = room.run("status", "--json").document
    line, job = source(document, "yibao"), source(document, "his-full")
    assert (line["state"], line["verdict"], line["check"]) == ("denied", "unknown", dict.fromkeys(CHECK))
    assert (job["state"], job["reasons"][0]["code"], job["backup_job"]) == (
        "timeout",
        "folder-hangs",
        dict.fromkeys(JOB),
    )


def test_a_service_that_runs_and_one_that_does_not_are_told_apart(room: RoomFolder) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server, closing(socket.socket()) as closed:
        closed.bind(("127.0.0.1", 0))
        sections = [
            f'[[system]]\nname = "{name}"\ncheck = "tcp://127.0.0.1:{one.getsockname()[1]}"\n'
            for name, one in (("his", server), ("lis", closed))
        ]
        ended = asked(room, *sections, '[[system]]\nname = "pacs"\n')
        text = room.run("status", "--fresh").out
    his, lis = source(ended.document, "his"), source(ended.document, "lis")
    assert ended.code == 1
    assert (his["verdict"], his["check"]["answered"]) == ("ok", True)
    assert (lis["verdict"], lis["check"]["error"]) == ("fault", "refused")
    assert lis["reasons"][0]["code"] == "refuses-connections"
    assert "refuses connections" in text
    # Without `check` it is a line of the round and no source.
    assert [one["name"] for one in ended.document["sources"]] == ["lis", "his"]


def test_a_room_in_which_nobody_answers_ends_with_four(room: RoomFolder) -> None:
    assert asked(room, '[[system]]\nname = "his"\ncheck = "tcp://no-such-host.invalid:1521"\n').code == 4


def test_files_of_a_backup_are_looked_at(room: RoomFolder) -> None:
    folder = room.path / "backup"
    folder.mkdir()
    for day in range(6):
        (folder / f"{day}.dmp").write_bytes(b"x" * (1000 if day else 500))
        at = clock.now().timestamp() - day * 86400 - 7200
        os.utime(folder / f"{day}.dmp", (at, at))
    section = '[[backup]]\nname = "his-full"\npath = "backup/*.dmp"\nmax_age = "26h"\n'
    ended = asked(room, section)
    job = source(ended.document, "his-full")
    assert (ended.code, job["verdict"], job["backup_job"]["median_bytes"]) == (1, "attention", 1000)
    assert job["reasons"] == [{"code": "backup-small", "quantity": "size", "value": 500, "limit": 1000}]
    assert "backup 500 B, usual 1 kB: too small" in room.run("status", "--fresh").out
    for path in folder.iterdir():
        path.unlink()
    assert source(asked(room, section).document, "his-full")["reasons"][0]["code"] == "backup-none"
    folder.rmdir()
    assert source(asked(room, section).document, "his-full")["reasons"][0]["code"] == "folder-unreachable"


def test_collect_keeps_since_when_over_two_runs(room: RoomFolder) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        room.write(f'[[system]]\nname = "his"\ncheck = "tcp://127.0.0.1:{server.getsockname()[1]}"\n')
        assert room.run("collect", "--once").code == 0
        first = source(room.run("status", "--json").document, "his")
        assert room.run("collect", "--once").code == 0
        second = source(room.run("status", "--json").document, "his")
    assert second["check"]["since"] == first["check"]["since"]
    assert second["at"] > first["at"]


def test_the_doctor_says_what_does_not_answer(room: RoomFolder) -> None:
    room.write(
        '[[system]]\nname = "his"\ncheck = "tcp://127.0.0.1:9"\n[[backup]]\nname = "full"\npath = "nowhere/*.dmp"\n'
    )
    checks = {one["subject"]: one for one in room.run("doctor", "--json").document["checks"] if one["subject"]}
    assert (checks["his"]["verdict"], checks["full"]["verdict"]) == ("fault", "fault")
    told = room.run("doctor").out
    assert "tcp://127.0.0.1:9: Connection refused" in told
    assert "mount its disk" in told
