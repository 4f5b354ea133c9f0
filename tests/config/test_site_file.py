"""The site file: what loads, and where it is looked for."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date, time
from pathlib import Path

import pytest

from dutyroom.config import check_site, find_site_file, json_schema, load_site, origins, site_file
from dutyroom.errors import SiteFileError
from dutyroom.model.devices import Secret
from dutyroom.model.site import BackupRules, Language, LimitProfile, SessionRules, Site, Tool
from dutyroom.resources import data_path

SMALLEST = 'timezone = "Asia/Shanghai"\n[site]\nname = "H"\n'
SECRETS = ("ups-b.community", "core-1.community", "fw-1.auth", "fw-1.priv", "his-db-1.community")


def write(folder: Path, text: str) -> Path:
    path = folder / "site.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The shipped example with its secret files beside it."""
    shutil.copy(data_path("examples", "site.toml"), tmp_path / "site.toml")
    (tmp_path / "secrets").mkdir()
    for name in SECRETS:
        held = tmp_path / "secrets" / name
        held.write_text(f"secret-of-{name}\n")
        held.chmod(0o600)
    return tmp_path / "site.toml"


def test_the_shipped_example_loads_with_every_section(example: Path) -> None:
    site, warnings = check_site(example)
    assert warnings == ()
    assert site.language is Language.ZH_CN
    assert site.timezone.key == "Asia/Shanghai"
    assert (site.name, site.room, site.zero_report_at) == ("示例县人民医院", "HIS 机房", time(15))
    assert site.limit_profile is LimitProfile.GB50174
    assert site.store_url == "sqlite:////var/lib/dutyroom/dutyroom.db"
    ups_a, ups_b = site.ups
    assert (ups_a.server_host, ups_a.server_port, ups_a.ups, ups_a.hold_time_s) == ("127.0.0.1", 3493, "ups-a", 21600)
    assert (ups_a.rated_w, ups_a.battery_installed, ups_a.snmp) == (8000, date(2024, 5, 1), None)
    assert (ups_b.address, ups_b.server_host, ups_b.hold_time_s) == ("192.0.2.12", None, 10800)
    core, firewall = site.network
    assert core.snmp.community == Secret("secret-of-core-1.community")
    assert (core.arp, core.watch_ports[1], core.also_from) == (True, "XGigabitEthernet0/0/*", ("192.0.2.2",))
    assert (firewall.kind, firewall.snmp.version, firewall.snmp.user) == ("firewall", "3", "duty")
    assert (firewall.snmp.auth, firewall.snmp.priv) == ("SHA-256", "AES-128")
    assert firewall.snmp.priv_password == Secret("secret-of-fw-1.priv")
    assert [server.source for server in site.servers] == ["local", "snmp"]
    assert [load.fed_by for load in site.loads] == [("ups-b",), ("ups-a", "ups-b")]
    assert site.systems[0].check == "tcp://192.0.2.21:1521"
    assert site.lines[0].check == "ping://192.0.2.129"
    assert (site.backups[0].path, site.backups[0].max_age_s) == ("/backup/his/*.dmp", 93600)
    assert (site.credentials[0].rotated, site.credentials[0].every_s) == (date(2026, 8, 1), 180 * 86400)
    assert dict(site.live) == {
        "env.temp.cold": ("ups-a", "ambient.temperature"),
        "env.rh": ("ups-a", "ambient.humidity"),
    }
    assert (site.session.lock_after_s, dict(site.keys)) == (300, {"round.sign": "ctrl+g"})
    assert [contact.order for contact in site.contacts] == [1, 2]
    assert [(one.code, one.label, one.begins, one.ends) for one in site.shifts] == [
        ("day", "白班", time(8), time(20)),
        ("night", "夜班", time(20), time(8)),
    ]
    assert site.tools == (Tool("机房钥匙", 3), Tool("对讲机", 2))
    assert site.register[0].mac == "00:11:22:33:44:55"
    assert site.fingerprint == hashlib.sha256(example.read_bytes()).hexdigest()


def test_the_site_file_that_the_interfaces_promise_is_read(tmp_path: Path) -> None:
    for name in ("core-1.community", "his-db-1.community"):
        (tmp_path / name).write_text("a-community")
        (tmp_path / name).chmod(0o600)
    promised = Path(__file__).with_name("promised_site.toml").read_text(encoding="utf-8")
    site = load_site(write(tmp_path, promised.replace("/etc/dutyroom", str(tmp_path))))
    asked = ["ups-a", "ups-b", "core-1", "duty-pc", "his-db-1", "his", "yibao", "his-full"]
    assert [device.name for device in site.devices()] == asked
    assert (site.poll.check_s, site.poll.backup_s) == (30.0, 600.0)
    assert (site.loads[0].shed_group, site.lines[0].name, site.contacts[0].role) == (4, "yibao", "commander")


def test_the_smallest_file_has_the_defaults(tmp_path: Path) -> None:
    site = load_site(write(tmp_path, SMALLEST))
    assert (site.language, site.hold_time_s, site.limit_profile) == (Language.EN, 10800, LimitProfile.GB50174)
    assert (site.poll.ups_s, site.poll.ups_on_battery_s, site.poll.network_s, site.poll.server_s) == (5, 2, 30, 10)
    assert (site.room, site.session, site.ups) == ("", SessionRules(300, 43200), ())
    assert site.store_url.startswith("sqlite:////")
    assert site.store_url.endswith("/dutyroom/dutyroom.db")


def more(tmp_path: Path, text: str) -> Site:
    return load_site(write(tmp_path, SMALLEST + text))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("3h", 10800), ("5s", 5), ("26h", 93600), ("180d", 15552000), ("90m", 5400), ("1h30m", 5400), ("1d1h1m1s", 90061)],
)
def test_durations_are_read_as_seconds(tmp_path: Path, written: str, seconds: float) -> None:
    assert more(tmp_path, f'[lock]\nafter = "{written}"\n').session.lock_after_s == seconds


def test_never_turns_a_limit_off(tmp_path: Path) -> None:
    site = more(
        tmp_path, '[lock]\nafter = "never"\nlongest = "never"\n[passwords]\nevery = "never"\ncomplexity = false\n'
    )
    assert site.session == SessionRules(None, None)
    assert (site.passwords.every_s, site.passwords.kinds) == (None, 1)


def test_folders_of_backups_are_seen_from_the_site_file(tmp_path: Path) -> None:
    site = more(tmp_path, '[store]\nbackup_at = "03:15"\nbackup_folder = "kept"\nsecond_folder = "/mnt/other"\n')
    assert site.backup == BackupRules(time(3, 15), tmp_path / "kept", Path("/mnt/other"))
    assert more(tmp_path, "").backup == BackupRules(time(2, 30), None, None)


@pytest.mark.parametrize("written", ["zh_CN", "zh", "zh-CN", "zh_Hans", "ZH"])
def test_chinese_has_several_spellings(tmp_path: Path, written: str) -> None:
    assert load_site(write(tmp_path, f'language = "{written}"\n{SMALLEST}')).language is Language.ZH_CN


@pytest.mark.parametrize(
    ("written", "host", "port"),
    [
        ("nut.local:1234", "nut.local", 1234),
        ("10.0.0.9", "10.0.0.9", 3493),
        ("[::1]:3493", "::1", 3493),
        ("[fe80:0::1]", "fe80::1", 3493),
    ],
)
def test_the_server_of_a_ups_is_a_host_and_a_port(tmp_path: Path, written: str, host: str, port: int) -> None:
    (ups,) = more(tmp_path, f'[[ups]]\nname = "a"\nserver = "{written}"\nups = "a"\n').ups
    assert (ups.server_host, ups.server_port, ups.label) == (host, port, "a")


def test_a_ups_without_a_hold_time_takes_that_of_the_site(tmp_path: Path) -> None:
    text = SMALLEST + 'hold_time = "8h"\n[[ups]]\nname = "a"\nserver = "h:1"\nups = "a"\n'
    assert load_site(write(tmp_path, text)).ups[0].hold_time_s == 28800


def test_labels_and_free_text_become_inert(tmp_path: Path) -> None:
    site = more(tmp_path, '[[ac]]\nname = "ac"\nlabel = "a\\u001b[31mb\\u202ec"\n')
    assert site.air_conditioners[0].label == "a\ufffd[31mb\ufffdc"


def test_relative_paths_are_seen_from_the_folder_of_the_file(tmp_path: Path) -> None:
    site = more(tmp_path, '[store]\nurl = "sqlite:///data/d.db"\n[[backup]]\nname = "b"\npath = "dump/*.gz"\n')
    assert site.store_url == f"sqlite:///{tmp_path}/data/d.db"
    assert site.backups[0].path == f"{tmp_path}/dump/*.gz"


def test_mac_addresses_have_one_form(tmp_path: Path) -> None:
    text = '[[register]]\nmac = "0011-22AA-4455"\nname = "x"\n[[register]]\nip = "10.0.0.1"\nname = "y"\n'
    assert [(one.ip, one.mac) for one in more(tmp_path, text).register] == [
        ("", "00:11:22:aa:44:55"),
        ("10.0.0.1", ""),
    ]


def test_the_site_file_is_found_in_the_promised_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = tmp_path / "etc" / "site.toml"
    user = tmp_path / "config" / "dutyroom" / "site.toml"
    monkeypatch.setattr(site_file, "SYSTEM_SITE_FILE", system)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert find_site_file(None) is None
    for path in (system, user):
        path.parent.mkdir(parents=True)
        path.write_text(SMALLEST)
        assert find_site_file(None) == path
    monkeypatch.setenv("DUTYROOM_CONFIG", str(tmp_path / "named.toml"))
    assert find_site_file(None) == tmp_path / "named.toml"
    assert find_site_file(Path("explicit.toml")) == Path("explicit.toml")


def test_origins_tell_file_from_default_and_mask_secrets(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        SMALLEST
        + '[[ups]]\nname = "a"\nserver = "h:1"\nups = "a"\n[[network]]\nname = "n"\naddress = "10.0.0.1"\n'
        + 'snmp = { version = "2c", community = "planted-secret" }\n[live]\n"env.rh" = "a:ambient.humidity"\n',
    )
    rows = origins(path)
    said = {key: (value, origin) for key, value, origin in rows}
    assert said["timezone"] == ("Asia/Shanghai", "file")
    assert said["[site] hold_time"] == ("3h", "default")
    assert said["[[ups]] #1 hold_time"] == ("3h", "default")
    assert said["[[ups]] #1 label"] == ("a", "default")
    assert said["[[network]] #1 snmp.community"] == ("***", "file")
    assert said["[live] env.rh"] == ("a:ambient.humidity", "file")
    assert said["[store] url"][1] == "default"
    assert "planted-secret" not in repr(rows)


def test_a_register_holds_ranges_people_and_places(tmp_path: Path) -> None:
    text = """
[addresses]
every = "5m"
uplinks = ["core-1:Gi0/0/*"]
[[register]]
ip = "10.0.0.10-20"
name = "DHCP"
[[register]]
ip = "10.9.0.0/24"
name = "guests"
owner = "Li"
department = "Radiology"
switch = "core-1"
port = "Gi0/0/3"
valid_until = 2026-12-31
"""
    site = more(tmp_path, text)
    dhcp, guests = site.register
    assert (dhcp.first, dhcp.last, dhcp.ip) == ("10.0.0.10", "10.0.0.20", "10.0.0.10-10.0.0.20")
    assert (guests.first, guests.last) == ("10.9.0.0", "10.9.0.255")
    assert (guests.owner, guests.department, guests.switch, guests.port) == ("Li", "Radiology", "core-1", "Gi0/0/3")
    assert guests.valid_until == date(2026, 12, 31)
    assert (site.addresses.every_s, site.addresses.uplinks) == (300.0, ("core-1:Gi0/0/*",))


def test_the_json_schema_knows_every_section_and_says_what_it_is_for() -> None:
    schema = json_schema()
    assert json.loads(json.dumps(schema)) == schema
    sections = (
        "site store poll ups network server load ac system line backup credential live lock keys contact "
        "register passwords screen addresses shift tool"
    )
    assert set(sections.split()) <= set(schema["properties"])
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["UpsForm"]["properties"]["rated_w"]["description"]


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(
        SiteFileError, match=r"missing\.toml: there is no such file; begin with the example: dutyroom config example"
    ):
        load_site(tmp_path / "missing.toml")
    with pytest.raises(SiteFileError, match="cannot be read"):
        load_site(tmp_path)
