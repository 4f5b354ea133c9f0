"""A site file that was written reads back as what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dutyroom.config.sections import SiteForm
from dutyroom.config.written import text_of
from dutyroom.resources import data_path
from dutyroom.tomlform import FormError, fill, parse_toml

names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True)
# Everything TOML can carry in a text: any character but a lone surrogate.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
filled = texts.filter(lambda text: text.strip(" \t\r\n") != "")
durations = st.sampled_from(["5s", "90m", "3h", "1h30m", "180d"])
communities = st.fixed_dictionaries({"version": st.just("2c"), "community_file": st.just("secrets/x.community")})
inline = st.fixed_dictionaries({"version": st.just("2c"), "community": texts})
users = st.fixed_dictionaries(
    {
        "version": st.just("3"),
        "user": filled,
        "auth": st.sampled_from(["MD5", "SHA-256"]),
        "auth_password_file": st.just("secrets/x.auth"),
        "priv": st.sampled_from(["DES", "AES-128"]),
        "priv_password_file": st.just("secrets/x.priv"),
    }
)
access = communities | inline | users
tables = st.fixed_dictionaries(
    {
        "timezone": st.sampled_from(["Asia/Shanghai", "UTC"]),
        "site": st.fixed_dictionaries({"name": filled}, optional={"room": texts, "hold_time": durations}),
    },
    optional={
        "language": st.sampled_from(["en", "zh_CN", "zh-Hans"]),
        "store": st.fixed_dictionaries({}, optional={"second_folder": filled, "backup_at": st.just("02:30")}),
        "ups": st.lists(
            st.fixed_dictionaries(
                {"name": names},
                optional={
                    "label": texts,
                    "server": st.sampled_from(["127.0.0.1:3493", "[::1]:3493"]),
                    "ups": st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True),
                    "hold_time": durations,
                    "rated_w": st.floats(0.001, 1e6) | st.integers(1, 10**6),
                    "battery_installed": st.dates(),
                    "low_charge": st.integers(1, 80),
                    "low_runtime": durations,
                    "snmp": access,
                },
            ),
            max_size=3,
        ),
        "network": st.lists(
            st.fixed_dictionaries(
                {"name": names, "address": st.just("192.0.2.1"), "snmp": access},
                optional={"watch_ports": st.lists(filled, max_size=3), "arp": st.booleans(), "port": st.just(1161)},
            ),
            max_size=3,
        ),
        "contact": st.lists(st.fixed_dictionaries({"role": filled, "name": filled, "phone": filled}), max_size=2),
        "live": st.dictionaries(st.sampled_from(["env.rh", "env.temp.cold"]), st.just("ups-a:ups.load"), max_size=2),
        "keys": st.dictionaries(filled, filled, max_size=3),
        "register": st.lists(st.fixed_dictionaries({"ip": st.just("192.0.2.9"), "name": filled}), max_size=2),
        "screen": st.fixed_dictionaries({}, optional={"mouse": st.booleans()}),
    },
)


@settings(max_examples=150, deadline=None)
@given(tables)
def test_whatever_a_form_holds_is_read_back_as_it_was(table: dict[str, object]) -> None:
    try:
        form = fill(SiteForm, table)
    except FormError:
        # Some texts become empty once they are inert; such a form never was.
        return
    again = fill(SiteForm, parse_toml(text_of(form)))
    assert again.model_dump(by_alias=True) == form.model_dump(by_alias=True)
    # What was said and what was left to its default stays apart, empty lists aside.
    assert text_of(again) == text_of(form)


def test_the_shipped_example_survives_with_every_section() -> None:
    form = fill(SiteForm, parse_toml(data_path("examples", "site.toml").read_text("utf-8")))
    text = text_of(form)
    assert fill(SiteForm, parse_toml(text)) == form
    for section in ("load", "ac", "system", "line", "backup", "credential", "contact", "register"):
        assert f"\n[[{section}]]\n" in text
    assert "[network.snmp]\n" in text
    assert max(len(line) for line in text.splitlines()) < 125


def test_every_section_of_the_form_has_its_comment_in_both_languages() -> None:
    form = fill(SiteForm, parse_toml(data_path("examples", "site.toml").read_text("utf-8")))
    lines = text_of(form).splitlines()
    heads = [at for at, line in enumerate(lines) if line.startswith("[") and "." not in line]
    for at in heads:
        if lines[at].startswith("[[") and lines[at] in lines[:at]:
            continue
        english, chinese = lines[at - 2], lines[at - 1]
        assert english.startswith("# ")
        assert any("\u4e00" <= character <= "\u9fff" for character in chinese)


@pytest.mark.parametrize("name", ['a"b\\c', "tab\there", "del\x7f", "中文 ” '", "#not a comment", "]]\n[x]"])
def test_a_text_can_never_become_syntax(name: str, tmp_path: Path) -> None:
    form = fill(SiteForm, {"timezone": "UTC", "site": {"name": name}})
    assert fill(SiteForm, parse_toml(text_of(form))).site.name == form.site.name
