"""Systems, lines and backups feed their lines of the round; `[live]` takes the variables of every kind of source."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.checklists import expand, shipped
from dutyroom.config import load_site
from dutyroom.errors import SiteFileError
from dutyroom.model.devices import BackupJob, OutsideLine, System
from dutyroom.model.facts import Link, Temperature
from dutyroom.model.reading import Kind, Latest, Sample, State
from dutyroom.model.site import Site
from dutyroom.rules.live import LiveValue, RoomNow, live_value
from dutyroom.rules.live_variables import is_known, names_of, read
from tests.check_samples import CHECKS, backup_sample, line_sample, system_sample
from tests.desks import NOW, failed, make_site, server_sample, switch_sample, ups_sample

SITE = replace(
    make_site(),
    systems=(System("his", "HIS", "tcp://192.0.2.21:1521"), System("lis", "LIS")),
    lines=(OutsideLine("yibao", "Line", "ping://192.0.2.129"), OutsideLine("net", "Internet", "tcp://192.0.2.1:443")),
    backups=(BackupJob("his-full", "HIS full", "/backup/*.dmp", 26 * 3600.0),),
)


def answer(item: str, device: str, *samples: Sample, site: Site = SITE, later_s: float = 3.0) -> LiveValue | None:
    """What a line of the daily round reads from these samples."""
    daily = shipped("daily", site.limit_profile)
    line = next(one for one in expand(daily, site) if one.key == (item, device))
    latest = {one.source: Latest(one, one if one.state.knows else None) for one in samples}
    return live_value(line, RoomNow(site, latest, {}, None, NOW + timedelta(seconds=later_s), {}))


def said(value: LiveValue | None) -> str | None:
    """The answer a live value would be stored as."""
    return value.answer if value is not None else None


def test_a_system_feeds_its_own_line() -> None:
    good = answer("his.up", "his", system_sample(NOW))
    assert good is not None
    assert (good.answer, good.source, good.at) == ("normal", "his", NOW)
    assert said(answer("his.up", "his", system_sample(NOW, answered=False, error="refused"))) == "abnormal"
    assert answer("his.up", "lis", system_sample(NOW)) is None
    assert answer("his.up", "his", failed(system_sample(NOW), State.DENIED)) is None
    assert answer("his.up", "his", system_sample(NOW), later_s=66) is None


def test_the_line_of_the_room_is_normal_only_when_every_outside_line_answers() -> None:
    other = line_sample(NOW, "net")
    lost = line_sample(NOW, answered=False, error="lost", lost_in_row=1)
    assert said(answer("net.line", "", line_sample(NOW), other)) == "normal"
    assert said(answer("net.line", "", line_sample(NOW))) is None
    assert said(answer("net.line", "", lost, other)) is None
    down = answer("net.line", "", replace(lost, check=replace(lost.check, lost_in_row=2)), other)  # type: ignore[type-var]
    assert down is not None
    assert (down.answer, down.source) == ("abnormal", "yibao")
    assert answer("net.line", "", site=replace(SITE, lines=())) is None


@pytest.mark.parametrize(
    ("sample", "wanted"),
    [
        (backup_sample(NOW), "ok"),
        (backup_sample(NOW, age_h=27), "not run"),
        (backup_sample(NOW, size=0), "failed"),
        (backup_sample(NOW, size=3_000_000_000), "partial"),
        (failed(backup_sample(NOW), State.TIMEOUT), None),
    ],
)
def test_a_backup_feeds_last_nights_line_and_its_size(sample: Sample, wanted: str | None) -> None:
    assert said(answer("bak.hot", "his-full", sample)) == wanted
    size = answer("bak.size", "his-full", sample)
    newest = sample.backup.newest if sample.backup is not None else None
    assert (size.value if size is not None else None) == (newest.size / 1e9 if newest is not None else None)


def test_a_backup_is_fresh_for_two_of_its_own_polls() -> None:
    assert answer("bak.size", "his-full", backup_sample(NOW), later_s=1200) is not None
    assert answer("bak.size", "his-full", backup_sample(NOW), later_s=1206) is None


@pytest.mark.parametrize(
    ("sample", "variable", "wanted"),
    [
        (ups_sample(), "ambient.temperature", 23.4),
        (ups_sample(), "charge_percent", 100.0),
        (switch_sample(), "ports_up", 4.0),
        (switch_sample(), "port:Gi0/0/2", True),
        (switch_sample(down=(2,)), "port:Gi0/0/2", False),
        (switch_sample(), "port:Gi9/9/9", None),
        (switch_sample(), "cpu_percent", None),
        (server_sample(), "cpu_percent", 12.0),
        (server_sample(), "volume:/", 61.0),
        (server_sample(), "volume:/none", None),
        (server_sample(), "fullest_volume_percent", 61.0),
        (server_sample(temperatures=(Temperature("a", 40.0), Temperature("b", 44.0))), "temperature_c", 44.0),
        (server_sample(temperatures=(Temperature("a", 40.0),)), "temperature:a", 40.0),
        (server_sample(network=(Link("eth0", True, 3),)), "link:eth0", True),
        (server_sample(network=(Link("eth0", True, 3),)), "errors:eth0", 3.0),
        (server_sample(network=(Link("eth0", True),)), "errors:eth0", None),
        (system_sample(NOW), "answered", True),
        (system_sample(NOW), "latency_ms", 0.42),
        (system_sample(NOW), "loss_percent", None),
        (line_sample(NOW), "loss_percent", 0.0),
        (backup_sample(NOW), "age_h", 6.0),
        (backup_sample(NOW), "size_gb", 4.6),
        (backup_sample(NOW), "count", 8.0),
        (failed(backup_sample(NOW)), "count", None),
    ],
)
def test_a_variable_of_every_kind_is_read(sample: Sample, variable: str, wanted: float | bool | None) -> None:
    assert is_known(sample.kind, variable)
    found = read(sample, variable, NOW)
    assert type(found) is type(wanted)
    assert found == wanted


@pytest.mark.parametrize("kind", list(Kind))
def test_every_name_that_is_offered_is_known(kind: Kind) -> None:
    for name in names_of(kind):
        assert is_known(kind, f"{name}x" if name.endswith(":") else name)
    assert not is_known(kind, "nonsense")
    assert not is_known(kind, "cpu_percnt")


@pytest.mark.parametrize(
    ("variable", "known"),
    [
        ("ambient.1.temperature", True),
        ("input.L1.voltage", True),
        ("input.L1-N.voltage", True),
        ("battery.cell.imbalance", True),
        ("ambient.temprature", False),
        ("battery.charg", False),
        ("temperature", False),
    ],
)
def test_of_a_ups_only_what_is_nearly_a_common_name_is_a_mistake(variable: str, known: bool) -> None:
    assert is_known(Kind.UPS, variable) is known


def test_a_mapped_check_takes_yes_or_no_and_a_mapped_number_a_number() -> None:
    site = replace(SITE, live=(("env.smell", ("his", "answered")), ("env.temp.cold", ("his", "answered"))))
    assert said(answer("env.smell", "", system_sample(NOW), site=site)) == "normal"
    assert answer("env.temp.cold", "", system_sample(NOW), site=site) is None
    site = replace(SITE, live=(("env.smell", ("duty-pc", "cpu_percent")), ("env.rh", ("duty-pc", "volume:/"))))
    assert answer("env.smell", "", server_sample(), site=site) is None
    assert said(answer("env.rh", "", server_sample(), site=site)) == "61"


HEAD = 'timezone = "Asia/Shanghai"\n[site]\nname = "x"\n'


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ('"env.rh" = "his:latency"', "his has no latency; did you mean latency_ms?"),
        ('"env.rh" = "his-full:age"', "his-full has no age; did you mean age_s?"),
        ('"env.rh" = "yibao:volume:/"', "yibao has no volume:/; known are"),
        ('"env.rh" = "hiss:answered"', "hiss is not the name of anything that is asked; did you mean his?"),
    ],
)
def test_a_name_nobody_knows_is_refused_with_the_nearest(tmp_path: Path, mapping: str, sentence: str) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f"{HEAD}{CHECKS}[live]\n{mapping}\n", "utf-8")
    with pytest.raises(SiteFileError) as caught:
        load_site(path)
    assert sentence in str(caught.value)


def test_variables_of_every_kind_may_be_mapped(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_text(f'{HEAD}{CHECKS}[live]\n"env.rh" = "his-full:age_h"\n"env.smell" = "yibao:answered"\n', "utf-8")
    assert dict(load_site(path).live)["env.rh"] == ("his-full", "age_h")
