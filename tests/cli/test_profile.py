"""`dutyroom profile`: what each probe finds of a real agent, which profiles there are, and what is wrong with one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dutyroom.cli.main import main
from tests.snmp_fakes import FakeAgent, integer, switch
from tests.snmp_peers import COMMUNITY, Snmpd, running_snmpd


@pytest.fixture(scope="module")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snmpd]:
    with running_snmpd(tmp_path_factory.mktemp("snmpd")) as agent:
        yield agent


@pytest.fixture
def community(tmp_path: Path) -> Path:
    path = tmp_path / "community"
    path.write_text(COMMUNITY + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def site_with(tmp_path: Path, port: int, community: Path) -> Path:
    site_file = tmp_path / "site.toml"
    site_file.write_text(
        f'timezone = "UTC"\n[site]\nname = "t"\n[[network]]\nname = "core-1"\naddress = "127.0.0.1"\nport = {port}\n'
        f'snmp = {{ version = "2c", community_file = "{community}" }}\n',
        encoding="utf-8",
    )
    return site_file


@pytest.mark.peer("snmpd")
def test_a_real_agent_is_tried_by_address(
    snmpd: Snmpd, community: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    arguments = ["profile", "try", "127.0.0.1", "--port", str(snmpd.port), "--community-file", str(community)]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "profile net-snmp (net-snmp.toml)" in said
    assert COMMUNITY not in said
    memory = next(line for line in said.splitlines() if "hrStorageTable" in line)
    assert memory.strip().startswith("✓")
    assert "1.3.6.1.2.1.25.2.3.1." in memory


@pytest.mark.peer("snmpd")
def test_a_device_of_the_site_is_tried_by_name_as_one_document(
    snmpd: Snmpd, community: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site_file = site_with(tmp_path, snmpd.port, community)
    assert main(["profile", "try", "core-1", "--json", "--config", str(site_file)]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["state"] == "ok"
    used = {one["quantity"]: one for one in document["device"]["probes"] if one["used"]}
    total = int(snmpd.get("1.3.6.1.4.1.2021.4.5.0").split()[0])
    seen = {cell["value"] for one in document["device"]["probes"] for cell in one["seen"]}
    assert str(total) in seen
    assert 0 < used["memory_percent"]["value"] <= 100


def test_a_site_with_a_profile_of_its_own_sees_it_tried_first(
    community: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "ours.toml").write_text(
        'name = "ours"\nobject_ids = ["1.3.6.1.4.1.4242"]\n[[cpu]]\nkind = "scalar"\nsource = "seen on ours"\n'
        'oid = "1.3.6.1.4.1.4242.7.0"\nbasis = "instant"\nconfidence = "inferred"\n',
        encoding="utf-8",
    )
    tree = switch(2, object_id=(1, 3, 6, 1, 4, 1, 4242, 1))
    tree[(1, 3, 6, 1, 4, 1, 4242, 7, 0)] = integer(61)
    community.write_text("plain", encoding="utf-8")
    with FakeAgent(tree) as agent:
        site_file = site_with(tmp_path, agent.port, community)
        assert main(["profile", "try", "core-1", "--config", str(site_file)]) == 0
    said = capsys.readouterr().out
    assert "profile ours" in said
    line = next(line for line in said.splitlines() if "seen on ours" in line)
    assert line.split()[:5] == ["✓", "61", "%", "instant", "inferred"]
    assert main(["profile", "list", "--json", "--config", str(site_file)]) == 0
    first = json.loads(capsys.readouterr().out)["profiles"][0]
    assert (first["name"], first["own"]) == ("ours", True)


def test_a_device_that_does_not_answer_ends_with_4(
    community: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    community.write_text("plain", encoding="utf-8")
    with FakeAgent() as agent:
        port = agent.port
    assert main(["profile", "try", "127.0.0.1", "--port", str(port), "--community-file", str(community)]) == 4
    assert "127.0.0.1:" in capsys.readouterr().out


def test_an_address_nobody_knows_needs_a_community(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "try", "192.0.2.7"]) == 2
    assert "--community-file" in capsys.readouterr().err


def test_a_community_others_can_read_is_refused(community: Path, capsys: pytest.CaptureFixture[str]) -> None:
    community.chmod(0o644)
    assert main(["profile", "try", "192.0.2.7", "--community-file", str(community)]) == 2
    assert "chmod 600" in capsys.readouterr().err


def test_a_right_profile_is_counted_and_a_wrong_one_ends_with_3(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ours.toml"
    text = 'name = "ours"\n[[cpu]]\nkind = "scalar"\nsource = "x"\noid = "1.3.6.1.4.1.4242.7.0"\nbasis = "1m"\n'
    path.write_text(text, encoding="utf-8")
    assert main(["profile", "check", str(path)]) == 0
    assert capsys.readouterr().out.strip() == "ours: 1 probes"
    path.write_text(text.replace("basis", "basic"), encoding="utf-8")
    assert main(["profile", "check", str(path)]) == 3
    assert "[[cpu]] #1 basic is not a known key; did you mean basis?" in capsys.readouterr().err
