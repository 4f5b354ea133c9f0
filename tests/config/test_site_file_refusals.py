"""A wrong site file gives one sentence: the file, the key, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dutyroom.config import load_site, origins
from dutyroom.errors import SiteFileError
from dutyroom.model.site import Site
from dutyroom.resources import data_path

HEAD = 'timezone = "Asia/Shanghai"\n[site]\nname = "H"\n'
UPS = '[[ups]]\nname = "ups-a"\nserver = "127.0.0.1:3493"\nups = "ups-a"\n'
NET = '[[network]]\nname = "core"\naddress = "10.0.0.1"\n'
V2 = 'snmp = { version = "2c", community = "x" }\n'

BAD = [
    # Keys and sections.
    ('langauge = "en"\n' + HEAD, "langauge is not a known key; did you mean language?"),
    (HEAD + "[[upss]]\n", "upss is not a known key; did you mean ups?"),
    (HEAD + "[contacts]\n", "contacts is not a known key; did you mean contact?"),
    (HEAD + UPS + "prot = 1\n", "[[ups]] #1 prot is not a known key; did you mean port?"),
    ('hold_time = "3h"\n' + HEAD, "hold_time is not a known key; it belongs in [site]"),
    (HEAD + "[lock]\nxyz = 1\n", "[lock] xyz is not a known key; known are after"),
    (HEAD + NET + 'snmp = { version = "2c", comunity = "x" }\n', "[[network]] #1 snmp.comunity is not a known key"),
    ('[site]\nname = "H"\n', 'timezone is missing; add a line such as timezone = "Asia/Shanghai"'),
    ('timezone = "Asia/Shanghai"\n', "[site] is missing; add this section"),
    (HEAD + "[ups]\n", "write [[ups]] in double brackets"),
    ('timezone = "Asia/Shanghai"\n[[site]]\nname = "H"\n', "write [site] in single brackets"),
    (HEAD + NET + "snmp = 3\n", "[[network]] #1 snmp must be a table"),
    (HEAD + NET + V2 + 'watch_ports = "x"\n', "[[network]] #1 watch_ports must be a list in square brackets"),
    (HEAD + NET + V2 + "watch_ports = [1]\n", "[[network]] #1 watch_ports #1: must be a text in quotes"),
    (HEAD + NET + V2 + 'arp = "yes"\n', "[[network]] #1 arp: must be true or false"),
    # Values.
    (HEAD + UPS + "port = 70000\n", "[[ups]] #1 port: must be 65535 or less"),
    (HEAD + UPS + 'port = "161"\n', "[[ups]] #1 port: must be a whole number"),
    (HEAD + UPS + "rated_w = 0\n", "[[ups]] #1 rated_w: must be more than 0"),
    (HEAD + UPS + "rated_w = nan\n", "[[ups]] #1 rated_w: must be a number"),
    (
        HEAD + UPS + 'battery_installed = "2024"\n',
        "battery_installed: must be a date without quotes",
    ),
    (HEAD + 'hold_time = "3 hours"\n', '[site] hold_time: "3 hours" is not a duration'),
    (HEAD + 'hold_time = "0s"\n', '[site] hold_time: "0s" must be more than nothing'),
    (HEAD + 'zero_report_at = "25:00"\n', '[site] zero_report_at: "25:00" is not a time of day'),
    (
        HEAD + 'limit_profile = "strickt"\n',
        "must be one of gb50174, strict, house; did you mean strict?",
    ),
    ('language = "fr"\n' + HEAD, 'language: "fr" is not a language dutyroom speaks; choose en or zh_CN'),
    (HEAD.replace("Shanghai", "Shangai"), 'timezone: "Asia/Shangai" is not a time zone'),
    (HEAD.replace("Shanghai", "Shangai"), "did you mean Asia/Shanghai?"),
    (HEAD.replace("Asia/Shanghai", "Asia"), 'timezone: "Asia" is not a time zone'),
    (HEAD.replace('"H"', '" "'), "[site] name: must not be empty"),
    (HEAD + '[store]\nurl = "postgres://x"\n', "[store] url: must be a file of the form"),
    (HEAD + '[store]\nurl = "sqlite:///:memory:"\n', "[store] url: must be a file of the form"),
    (HEAD + UPS.replace("127.0.0.1:3493", "::1"), '[[ups]] #1 server: "::1" is not an address with a port'),
    (HEAD + UPS.replace("3493", "99999"), "a port lies between 1 and 65535"),
    (HEAD + UPS.replace("127.0.0.1", "10.0.0.300"), "is neither a host name nor an address"),
    (HEAD + UPS.replace('ups = "ups-a"', 'ups = "a b"'), '[[ups]] #1 ups: "a b" is not a UPS name'),
    (HEAD + NET.replace("10.0.0.1", "10.0.0.1:161") + V2, "the port has a key of its own"),
    (
        HEAD + '[[system]]\nname = "his"\ncheck = "http://h"\n',
        '[[system]] #1 check: "http://h" must be "tcp://host:port"',
    ),
    (HEAD + '[[system]]\nname = "his"\ncheck = "tcp://h"\n', '[[system]] #1 check: "h" is not an address with a port'),
    (HEAD + '[[register]]\nip = "10.0.0"\nname = "x"\n', '[[register]] #1 ip: "10.0.0" is not an IP address'),
    (HEAD + '[[register]]\nmac = "zz"\nname = "x"\n', '[[register]] #1 mac: "zz" is not a MAC address'),
    (HEAD + '[[register]]\nname = "x"\n', "[[register]] #1 needs an ip or a mac"),
    # Names.
    (HEAD + '[[ac]]\nname = "空调"\n', '[[ac]] #1 name: "空调" is not a name'),
    (HEAD + UPS + '[[line]]\nname = "ups-a"\n', "[[line]] #1 name: ups-a is already the name of [[ups]] #1"),
    (HEAD + UPS + UPS, "[[ups]] #2 name: ups-a is already the name of [[ups]] #1"),
    # What goes together.
    (HEAD + '[[ups]]\nname = "a"\n', "[[ups]] #1 does not say how it is asked; add server and ups (NUT)"),
    (HEAD + UPS + 'address = "10.0.0.1"\n', "[[ups]] #1 has keys of both kinds"),
    (HEAD + '[[ups]]\nname = "a"\nserver = "h:1"\n', "[[ups]] #1 ups is missing"),
    (HEAD + '[[ups]]\nname = "a"\nups = "h"\n', "[[ups]] #1 server is missing"),
    (HEAD + '[[ups]]\nname = "a"\naddress = "h"\n', "[[ups]] #1 snmp is missing"),
    (HEAD + '[[ac]]\nname = "a"\n' + V2, "[[ac]] #1 address is missing"),
    (HEAD + '[[server]]\nname = "a"\nsource = "snmp"\n', "[[server]] #1 address is missing"),
    (HEAD + '[[server]]\nname = "a"\nsource = "local"\naddress = "h"\n', "[[server]] #1 is this machine"),
    (HEAD + '[[server]]\nname = "a"\nsource = "lokal"\n', "must be one of local, snmp; did you mean local?"),
    (
        HEAD + UPS + '[[load]]\nname = "l"\nfed_by = ["ups-b"]\n',
        "ups-b is not the name of a [[ups]]; did you mean",
    ),
    (HEAD + UPS + '[[load]]\nname = "l"\nfed_by = []\n', "[[load]] #1 fed_by: must not be empty"),
    (HEAD + UPS + '[[load]]\nname = "l"\nfed_by = ["ups-a", "ups-a"]\n', "names a UPS twice"),
    (HEAD + UPS + '[[load]]\nname = "l"\nfed_by = ["ups-a"]\nneeds = 2\n', "[[load]] #1 needs: 2 supplies are needed"),
    (HEAD + UPS + '[live]\n"env.rh" = "ups-b:x"\n', "[live] env.rh: ups-b is not the name of anything that is asked"),
    (HEAD + UPS + '[live]\n"env.rh" = "ups-a"\n', "must name a source and its variable"),
    (HEAD + UPS + '[live]\nenv.rh = "ups-a:x"\n', "write its whole id in quotes"),
    (HEAD + UPS + '[live]\n"rh" = "ups-a:x"\n', '[live] rh: "rh" is not an item'),
    # SNMP.
    (HEAD + NET + 'snmp = { version = "2c" }\n', "[[network]] #1 snmp.community_file is missing"),
    (HEAD + NET + 'snmp = { version = "1" }\n', "[[network]] #1 snmp.version: must be one of 2c, 3"),
    (HEAD + NET + 'snmp = { version = "3" }\n', "snmp.user is missing; version 3 needs a user"),
    (HEAD + NET + 'snmp = { version = "3", user = "u", auth = "SHA256" }\n', "did you mean SHA-256?"),
    (HEAD + NET + 'snmp = { version = "3", user = "u", auth = "SHA" }\n', "snmp.auth_password_file is missing"),
    (HEAD + NET + 'snmp = { version = "3", user = "u", priv = "DES" }\n', "no privacy without authentication"),
    (HEAD + NET + 'snmp = { version = "3", user = "u", auth_password = "longenough" }\n', "snmp.auth is missing"),
    (HEAD + NET + 'snmp = { version = "2c", user = "u", community = "x" }\n', "snmp.user has no meaning in version 2c"),
    (HEAD + NET + 'snmp = { version = "3", user = "u", community = "x" }\n', "community has no meaning in version 3"),
    # TOML itself.
    (HEAD + "room =\n", "not valid TOML: Invalid value (at line 4, column 7)"),
    (HEAD + 'name = "again"\n', "not valid TOML: Cannot overwrite a value (at line 4"),
    ("x = " + "[" * 5000, "not valid TOML: a number is too long or brackets are nested too deep"),
    ("x = " + "9" * 5000, "not valid TOML: a number is too long or brackets are nested too deep"),
]


@pytest.mark.parametrize(("text", "sentence"), BAD, ids=[sentence[:60] for _, sentence in BAD])
def test_a_wrong_file_is_refused_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "site.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SiteFileError) as refused:
        load_site(path)
    said = str(refused.value)
    assert said.startswith(f"{path}: ")
    assert sentence in said
    assert "\n" not in said
    assert "pydantic" not in said


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(HEAD.encode() + "room = '机房'\n".encode("gb18030"))
    with pytest.raises(SiteFileError, match="line 4 is not UTF-8"):
        load_site(path)


EXAMPLE = data_path("examples", "site.toml").read_text(encoding="utf-8")
WORDS = st.sampled_from(
    [
        *"[]={}#1,.\n\r\x00\u202eé",
        "[[ups]]",
        "[site]",
        '"',
        "-1",
        "nan",
        "inf",
        "true",
        "''",
        "3h",
        "2024-13-01",
        "12:00:00",
    ]
)
MUTATION = st.tuples(st.integers(0, len(EXAMPLE)), st.integers(0, 40), st.one_of(WORDS, st.text(max_size=6)))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutations=st.lists(MUTATION, min_size=1, max_size=4), line=st.integers(0, EXAMPLE.count("\n")))
def test_a_mutated_site_file_loads_or_is_refused_and_never_breaks(
    tmp_path: Path, mutations: list[tuple[int, int, str]], line: int
) -> None:
    for name in ("ups-b.community", "core-1.community", "fw-1.auth", "fw-1.priv", "his-db-1.community"):
        held = tmp_path / "secrets" / name
        held.parent.mkdir(exist_ok=True)
        held.write_text("long-enough\n")
        held.chmod(0o600)
    lines = EXAMPLE.splitlines(keepends=True)
    del lines[line : line + 1]
    text = "".join(lines)
    for at, length, word in mutations:
        text = text[:at] + word + text[at + length :]
    path = tmp_path / "site.toml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    said = f"{path}: "
    try:
        assert isinstance(load_site(path), Site)
        assert origins(path)
    except SiteFileError as refused:
        said = str(refused)
    assert said.startswith(f"{path}: ")
    assert "\n" not in said
