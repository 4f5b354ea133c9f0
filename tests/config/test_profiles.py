"""Profile files: those that come with dutyroom are right, a site's own are checked, errors name file and key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dutyroom.config import load_site
from dutyroom.errors import ProfileError, SiteFileError
from dutyroom.model.profile import GENERIC, Basis, Profile, Quantity
from dutyroom.profiles import load_folder, load_profile, parse, shipped
from dutyroom.resources import data_path

CPU = """
[[cpu]]
kind = "scalar"
source = "a document"
oid = "1.3.6.1.4.1.1.2.0"
basis = "5m"
"""
HEAD = 'name = "ours"\nobject_ids = ["1.3.6.1.4.1.4242"]\n'
SITE = 'timezone = "Asia/Shanghai"\n[site]\nname = "County Hospital"\n'


def oid(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


@pytest.mark.parametrize("path", sorted(data_path("profiles").glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_profile_is_whole(path: Path) -> None:
    profile = load_profile(path)
    assert profile.name == path.stem
    assert profile.object_ids or profile.name == GENERIC
    for quantity, probes in profile.probes:
        for probe in probes:
            assert probe.source
            assert (probe.basis is None) == (quantity is not Quantity.CPU)
            if quantity is Quantity.TEMPERATURE:
                assert probe.high <= 120
                assert 0.0 in probe.none or probe.low > 0 or probe.pattern is not None
            elif not quantity.is_parts:
                assert (probe.low, probe.high) >= (0, 0)
                assert probe.high <= 100


def test_no_two_shipped_profiles_claim_the_same_devices() -> None:
    claimed = [object_id for profile in shipped().profiles for object_id in profile.object_ids]
    assert len(set(claimed)) == len(claimed)


@pytest.mark.parametrize(
    ("object_id", "descr", "name"),
    [
        ("1.3.6.1.4.1.2011.2.23.276", "", "huawei"),
        ("1.3.6.1.4.1.2011.10.1.88", "", "h3c"),
        ("1.3.6.1.4.1.9.1.617", "", "cisco-ios"),
        ("1.3.6.1.4.1.9.12.3.1.3.1084", "", "cisco-nx-os"),
        ("1.3.6.1.4.1.3902.3.100.614", "", "zte-l2"),
        ("1.3.6.1.4.1.3902.3.600.3.1.601", "", "zte-zxr10"),
        ("1.3.6.1.4.1.11.2.3.7.11.107", "", "hp-procurve"),
        ("1.3.6.1.4.1.8072.3.2.10", "Linux", "net-snmp"),
        ("1.3.6.1.4.1.99999.1", "", "generic"),
    ],
)
def test_the_longest_beginning_of_sysobjectid_chooses(object_id: str, descr: str, name: str) -> None:
    assert shipped().of(oid(object_id), descr).name == name


def test_a_description_chooses_where_no_sysobjectid_is_known() -> None:
    own = parse('name = "ours"\ndescriptions = ["acme (router|switch)"]\n' + CPU, "ours.toml")
    profiles = shipped().with_own([own])
    assert profiles.of(None, "ACME Router 7").name == "ours"
    assert profiles.of(oid("1.3.6.1.4.1.9.1.1"), "ACME Router 7").name == "cisco-ios"
    assert profiles.of(None, None).name == GENERIC


def test_an_own_profile_comes_first_and_takes_the_place_of_one_of_its_name() -> None:
    same, other = parse('name = "huawei"\nobject_ids = ["1.3.6.1.4.1.2011"]\n' + CPU, "a"), parse(HEAD + CPU, "b")
    profiles = shipped().with_own([same, other])
    assert profiles.profiles[:2] == (same, other)
    assert profiles.of(oid("1.3.6.1.4.1.2011.2.1"), None) is same
    assert len(profiles.profiles) == len(shipped().profiles) + 1


def test_generic_probes_are_asked_last_and_only_once() -> None:
    profiles = shipped()
    huawei = profiles.of(oid("1.3.6.1.4.1.2011.2"), None)
    assert profiles.probes(huawei, Quantity.CPU)[-2:] == profiles.generic.of(Quantity.CPU)
    assert profiles.probes(profiles.generic, Quantity.CPU) == profiles.generic.of(Quantity.CPU)


def test_the_maker_is_known_by_the_enterprise_number_where_no_profile_says_it() -> None:
    profiles = shipped()
    assert profiles.vendor(profiles.generic, oid("1.3.6.1.4.1.25461.2")) == "Palo Alto"
    assert profiles.vendor(profiles.generic, oid("1.3.6.1.4.19850")) is None
    assert profiles.vendor(profiles.generic, oid("1.3.6.1.4.1")) is None
    assert profiles.vendor(profiles.generic, None) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('nam = "x"', "nam is not a known key; did you mean name?"),
        (HEAD + CPU.replace("scalar", "scala"), "[[cpu]] #1 kind: must be one of"),
        (HEAD + CPU.replace("scalar", "states"), "[[cpu]] #1 kind: must be one of scalar, column"),
        (HEAD + CPU.replace("1.3.6.1.4.1.1.2.0", "1.3.x"), '[[cpu]] #1 oid: "1.3.x" is not an OID'),
        (HEAD + CPU.replace('basis = "5m"', ""), "[[cpu]] #1 basis: belongs to every [[cpu]]"),
        (HEAD + CPU + 'pattern = "("', "[[cpu]] #1 pattern:"),
        (HEAD + CPU + 'pattern = "[0-9]+"', "[[cpu]] #1 pattern: needs exactly one pair of brackets"),
        (HEAD + CPU + "range = [90, 10]", "[[cpu]] #1 range: must be two numbers"),
        (HEAD + CPU + 'where = [{ oid = "1.3.6" }]', "[[cpu]] #1 where: needs equals or contains"),
        (HEAD + CPU.replace("source", "sorce"), "[[cpu]] #1 sorce is not a known key; did you mean source?"),
        (HEAD + CPU.replace("[[cpu]]", "[[fans]]"), "[[fans]] #1 kind: must be one of state, states"),
        (HEAD + CPU.replace("[[cpu]]", "[[memory]]"), "[[memory]] #1 basis: belongs to every [[cpu]]"),
        (
            HEAD + CPU.replace("[[cpu]]", "[[memory]]").replace("scalar", "share").replace('basis = "5m"', ""),
            "[[memory]] #1 kind: needs two of used, free and total",
        ),
        ("name = ", "not valid TOML"),
    ],
)
def test_a_wrong_profile_is_refused_with_file_and_key(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError) as refused:
        load_profile(path)
    assert str(refused.value).startswith(f"{path}: ")
    assert says in str(refused.value)


def test_a_sites_folder_of_profiles_is_found_beside_its_file_or_where_it_says(tmp_path: Path) -> None:
    site_file = tmp_path / "site.toml"
    site_file.write_text(SITE, encoding="utf-8")
    assert load_site(site_file).own_profiles == ()
    (tmp_path / "profiles").mkdir()
    (tmp_path / "profiles" / "ours.toml").write_text(HEAD + CPU, encoding="utf-8")
    (tmp_path / "profiles" / "notes.txt").write_text("no profile", encoding="utf-8")
    found = load_site(site_file).own_profiles
    assert [one.name for one in found] == ["ours"]
    assert found[0].of(Quantity.CPU)[0].basis is Basis.FIVE_MINUTES
    shutil.move(tmp_path / "profiles", tmp_path / "elsewhere")
    site_file.write_text(SITE + '[profiles]\nfolder = "elsewhere"\n', encoding="utf-8")
    assert [one.name for one in load_site(site_file).own_profiles] == ["ours"]


def test_a_wrong_own_profile_makes_the_site_file_wrong(tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    (folder / "ours.toml").write_text(HEAD + CPU.replace("scalar", "scala"), encoding="utf-8")
    site_file = tmp_path / "site.toml"
    site_file.write_text(SITE, encoding="utf-8")
    with pytest.raises(SiteFileError, match=r"ours\.toml: \[\[cpu\]\] #1 kind"):
        load_site(site_file)


def test_a_named_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    site_file = tmp_path / "site.toml"
    site_file.write_text(SITE + '[profiles]\nfolder = "nowhere"\n', encoding="utf-8")
    with pytest.raises(SiteFileError, match="nowhere: cannot be read"):
        load_site(site_file)


def test_a_name_used_twice_in_a_folder_is_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(HEAD + CPU, encoding="utf-8")
    with pytest.raises(ProfileError, match="ours is already the name of the profile in"):
        load_folder(tmp_path)


def test_changed_own_profiles_make_another_device_of_it() -> None:
    # The watch keeps the source of a device that is configured as before.
    from dutyroom.model.devices import NetworkDevice, SnmpAccess

    def with_own(*own: Profile) -> NetworkDevice:
        return NetworkDevice("sw", "sw", "10.0.0.1", SnmpAccess("2c"), profiles=own)

    assert with_own(parse(HEAD + CPU, "a")) == with_own(parse(HEAD + CPU, "a"))
    assert with_own(parse(HEAD + CPU, "a")) != with_own(parse(HEAD + CPU.replace("5m", "1m"), "a"))
