"""A recording holds every sample and no secret, loses at most its last line to a kill, and is never overwritten."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.cli.compose import open_desk
from dutyroom.config import load_site
from dutyroom.demo.process import DemoPorts
from dutyroom.demo.site import write_site
from dutyroom.duty.desk import Desk
from dutyroom.model.devices import Secret, SnmpAccess
from dutyroom.model.reading import Sample
from dutyroom.watch.asking import Change
from dutyroom.watch.loop import Watch
from dutyroom.watch.recording import Header, Recording, RecordingRefused, read, read_header
from dutyroom.watch.site_facts import from_plain, to_plain
from tests.desks import all_samples, make_site, opened_desk
from tests.watch.test_watch import FAST, sources, wait_until

NAMES = pytest.mark.parametrize("name", ["day.jsonl", "day.jsonl.gz"])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened_desk(tmp_path) as opened:
        yield replace(opened, site=replace(opened.site, poll=FAST))


def samples_in(path: Path) -> list[Sample]:
    """All samples of a recording."""
    return [one for one in read(path) if isinstance(one, Sample)]


@NAMES
def test_what_was_put_in_is_read_back_whole(tmp_path: Path, name: str) -> None:
    recording = Recording(tmp_path / name, make_site())
    recording.put(all_samples())
    recording.close()
    assert samples_in(tmp_path / name) == list(all_samples())
    assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_every_line_is_json_and_the_first_says_what_it_is(tmp_path: Path) -> None:
    recording = Recording(tmp_path / "day.jsonl", make_site())
    recording.put(all_samples())
    recording.close()
    first, *rest = [json.loads(line) for line in (tmp_path / "day.jsonl").read_text("utf-8").splitlines()]
    assert (first["schema"], first["site"]["name"], first["site"]["timezone"]) == (1, make_site().name, "Asia/Shanghai")
    assert [line["source"] for line in rest] == [sample.source for sample in all_samples()]
    assert all(line["at"].endswith("Z") for line in rest)


@NAMES
def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("kept")
    with pytest.raises(RecordingRefused, match="there already"):
        Recording(tmp_path / name, make_site())
    assert (tmp_path / name).read_text() == "kept"


@NAMES
def test_a_recording_cut_at_any_byte_gives_the_whole_lines_before_it(tmp_path: Path, name: str) -> None:
    recording = Recording(tmp_path / name, make_site())
    begun = (tmp_path / name).stat().st_size
    for sample in all_samples():
        recording.put([sample])
    recording.close()
    whole, cut = (tmp_path / name).read_bytes(), tmp_path / f"cut-{name}"
    counts = set()
    for length in range(begun, len(whole), 7):
        cut.write_bytes(whole[:length])
        found = samples_in(cut)
        assert found == list(all_samples())[: len(found)]
        counts.add(len(found))
    assert counts >= set(range(len(all_samples())))


def _record(path: str, written: multiprocessing.synchronize.Event) -> None:
    recording = Recording(Path(path), make_site())
    for sample in all_samples():
        recording.put([sample])
    written.set()
    signal.pause()


@NAMES
def test_a_kill_loses_nothing_that_was_put_in(tmp_path: Path, name: str) -> None:
    context = multiprocessing.get_context("spawn")
    written = context.Event()
    child = context.Process(target=_record, args=(str(tmp_path / name), written))
    child.start()
    assert written.wait(30)
    os.kill(child.pid or 0, signal.SIGKILL)
    child.join()
    assert samples_in(tmp_path / name) == list(all_samples())


@pytest.mark.parametrize("text", [b"", b"\n", b"hello\n", b'{"schema":2}\n', b'{"schema":1,"at":"x"}\n', b"\x1f\x8bno"])
def test_another_file_is_no_recording(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "x").write_bytes(text)
    with pytest.raises(RecordingRefused, match="is no recording"):
        read_header(tmp_path / "x")


def test_no_secret_and_no_person_is_in_the_facts_of_a_site(tmp_path: Path) -> None:
    site = load_site(write_site(tmp_path, DemoPorts(1, tuple((name, 2) for name in _DEVICES)), "en"))
    text = json.dumps(to_plain(site))
    secrets = [
        path.read_text().strip() for path in tmp_path.iterdir() if path.suffix in (".community", ".auth", ".priv")
    ]
    assert len(secrets) >= 4
    assert not [one for one in (*secrets, "0000-0000", "Example Zhang", "DBA", "dutyroom.db") if one in text]


_DEVICES = ("core-1", "access-1", "router-1", "fw-1", "his-db-1")


def test_a_site_comes_back_from_its_facts_but_for_its_secrets(tmp_path: Path) -> None:
    site = load_site(write_site(tmp_path, DemoPorts(1, tuple((name, 2) for name in _DEVICES)), "zh_CN"))
    again = from_plain(json.loads(json.dumps(to_plain(site))), "sqlite:///elsewhere")
    assert (again.ups, again.poll, again.timezone, again.live) == (site.ups, site.poll, site.timezone, site.live)
    assert [device.name for device in again.devices()] == [device.name for device in site.devices()]
    assert again.store_url == "sqlite:///elsewhere"
    hidden = replace(site.network[0], snmp=SnmpAccess("2c", community=Secret("hush")))
    (network, *_others) = from_plain(to_plain(replace(site, network=(hidden,))), "").network
    assert network.snmp == SnmpAccess("2c")


def test_the_watch_records_what_it_stores_also_after_its_site_was_changed(desk: Desk, tmp_path: Path) -> None:
    path, asked = tmp_path / "day.jsonl.gz", sources()
    recording = Recording(path, desk.site)
    watch = Watch(desk.site, desk.store, lambda: list(asked.values()), recording=recording)
    watch.start()
    try:
        wait_until(lambda: all(source.asked >= 3 for source in asked.values()))
        watch.change_site(Change(replace(desk.site, fingerprint="another"), lambda _names: []))
        count = asked["ups-a"].asked
        wait_until(lambda: asked["ups-a"].asked >= count + 3)
    finally:
        watch.stop()
        recording.close()
    found = list(read(path))
    assert {one.source for one in found if isinstance(one, Sample)} == set(asked)
    assert [one.fingerprint for one in found if isinstance(one, Header)] == ["another"]
    assert sum(source.asked for source in asked.values()) - 4 <= len(samples_in(path))


def test_a_disk_that_is_full_for_a_while_loses_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = Recording(tmp_path / "day.jsonl", make_site())

    class Full:
        def write(self, _data: bytes) -> int:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(recording, "_file", Full())
        recording.put(all_samples()[:2])
    recording.put(all_samples()[2:])
    recording.close()
    assert samples_in(tmp_path / "day.jsonl") == list(all_samples())


def test_the_moments_in_a_recording_are_those_of_the_answers(tmp_path: Path) -> None:
    first = all_samples()[0]
    recording = Recording(tmp_path / "x", make_site())
    recording.put([replace(first, at=first.at + timedelta(microseconds=1))])
    recording.close()
    assert samples_in(tmp_path / "x")[0].at - first.at == timedelta(microseconds=1)


def test_open_desk_still_opens_the_store_of_a_recorded_site(tmp_path: Path) -> None:
    site = from_plain(to_plain(make_site()), f"sqlite:///{tmp_path / 'replay.db'}")
    desk = open_desk(site)
    assert desk.store.path.name == "replay.db"
    desk.store.close()
