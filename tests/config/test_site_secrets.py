"""Where secrets come from, and that they go nowhere else."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

import pytest

from dutyroom.config import check_site, load_site, origins
from dutyroom.errors import SiteFileError

HEAD = 'timezone = "Asia/Shanghai"\n[site]\nname = "H"\n[[network]]\nname = "core"\naddress = "10.0.0.1"\n'
PLANTED = "planted-Secret-77"


def write(folder: Path, snmp: str) -> Path:
    path = folder / "site.toml"
    path.write_text(f"{HEAD}snmp = {{ {snmp} }}\n", encoding="utf-8")
    return path


def secret_file(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "core.secret"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def community(path: Path) -> str:
    found = load_site(path).network[0].snmp.community
    assert found is not None
    return found.reveal()


def test_file_goes_before_environment_before_credential_before_inline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret_file(tmp_path, "from-file\n")
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    held = credentials / "core.community"
    held.write_text("from-systemd")
    # systemd grants its credentials by ACL, which shows as group bits.
    held.chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    monkeypatch.setenv("CORE_COMMUNITY", "from-environment")
    keys = ['version = "2c"', 'community = "inline"', 'community_env = "CORE_COMMUNITY"']
    assert community(write(tmp_path, ", ".join([*keys, 'community_file = "core.secret"']))) == "from-file"
    assert community(write(tmp_path, ", ".join(keys))) == "from-environment"
    assert community(write(tmp_path, ", ".join(keys[:2]))) == "from-systemd"
    assert community(write(tmp_path, keys[0])) == "from-systemd"
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    assert community(write(tmp_path, ", ".join(keys[:2]))) == "inline"


def test_only_a_secret_in_the_site_file_itself_is_warned_of(tmp_path: Path) -> None:
    path = write(tmp_path, f'version = "2c", community = "{PLANTED}"')
    _site, warnings = check_site(path)
    (warning,) = warnings
    assert "[[network]] #1 snmp.community is written in the site file itself" in warning
    assert "community_file" in warning
    assert PLANTED not in warning
    secret_file(tmp_path, PLANTED)
    assert check_site(write(tmp_path, 'version = "2c", community_file = "core.secret"'))[1] == ()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o610, 0o666])
def test_a_secret_file_that_others_may_touch_is_refused_with_the_fix(tmp_path: Path, mode: int) -> None:
    secret = secret_file(tmp_path, PLANTED, mode)
    with pytest.raises(SiteFileError) as refused:
        load_site(write(tmp_path, 'version = "2c", community_file = "core.secret"'))
    assert f"chmod 600 {secret}" in str(refused.value)
    assert f"(mode {mode:03o})" in str(refused.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "the secret is empty"),
        ("\n", "the secret is empty"),
        ("two\nlines\n", "must be one line"),
        ("x" * 5000, "must be one line"),
    ],
)
def test_a_secret_file_holds_one_line(tmp_path: Path, content: str, sentence: str) -> None:
    secret_file(tmp_path, content)
    with pytest.raises(SiteFileError, match=sentence):
        load_site(write(tmp_path, 'version = "2c", community_file = "core.secret"'))


def test_a_missing_secret_says_where_and_how(tmp_path: Path) -> None:
    with pytest.raises(SiteFileError, match=r"snmp.community_file: cannot read .*no-such.*chmod 600"):
        load_site(write(tmp_path, 'version = "2c", community_file = "no-such"'))
    with pytest.raises(SiteFileError, match="the environment variable NO_SUCH is not set"):
        load_site(write(tmp_path, 'version = "2c", community_env = "NO_SUCH"'))
    with pytest.raises(SiteFileError, match="is not an ordinary file"):
        load_site(write(tmp_path, 'version = "2c", community_file = "."'))
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(SiteFileError, match="is not an ordinary file"):
        load_site(write(tmp_path, 'version = "2c", community_file = "pipe"'))


def test_a_short_v3_password_is_refused_without_telling_it(tmp_path: Path) -> None:
    with pytest.raises(SiteFileError, match="shorter than 8 characters") as refused:
        load_site(write(tmp_path, 'version = "3", user = "u", auth = "SHA-256", auth_password = "sh0rt!"'))
    assert "sh0rt!" not in str(refused.value)


@pytest.mark.parametrize(
    "snmp",
    [
        f'version = "2c", community = "{PLANTED}"',
        f'version = "2c", comunity = "{PLANTED}"',
        f'version = "2c", community = ["{PLANTED}"]',
        f'version = "2c", community = {{ x = "{PLANTED}" }}',
        f'version = "2c", community = "{PLANTED}\\u0007"',
        f'version = "{PLANTED}"',
        f'version = "3", user = "u", auth = "{PLANTED}"',
        f'version = "3", user = "u", auth_password = "{PLANTED}"',
        f'version = "3", user = "u", community = "{PLANTED}"',
        f'version = "2c", community_env = "{PLANTED}"',
        f'version = "2c", community = "{PLANTED}',
        f'version = "2c", community = {PLANTED}',
    ],
)
def test_a_planted_secret_is_in_no_text_that_the_loader_makes(tmp_path: Path, snmp: str) -> None:
    path = write(tmp_path, snmp)
    texts: list[str] = []
    try:
        site, warnings = check_site(path)
        texts += [repr(site), str(site), repr(warnings), repr(origins(path)), f"{site.network[0].snmp}"]
    except SiteFileError as refused:
        texts += ["".join(traceback.format_exception(refused)), repr(refused), repr(refused.__cause__)]
    assert texts
    assert not any(PLANTED in text for text in texts)
