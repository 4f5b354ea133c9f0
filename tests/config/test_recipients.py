"""`[notify]` and `[[recipient]]`: who is told, of what, and where the URL comes from."""

from __future__ import annotations

from pathlib import Path

import pytest

from dutyroom.config import check_site, load_site, origins
from dutyroom.errors import SiteFileError
from dutyroom.model.finding import Severity
from dutyroom.model.notification import TOPICS, NotifyRules, Recipient, Topic

HEAD = 'timezone = "Asia/Shanghai"\n[site]\nname = "H"\n'
PLANTED = "json://planted-Secret-77@10.0.0.9"


def write(folder: Path, text: str) -> Path:
    path = folder / "site.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def recipient(*lines: str) -> str:
    return "\n".join(["[[recipient]]", 'name = "duty"', *lines, ""])


def test_nobody_is_told_unless_the_file_says_so(tmp_path: Path) -> None:
    site = load_site(write(tmp_path, ""))
    assert (site.recipients, site.notify) == ((), NotifyRules(10.0, 120.0, 300.0))


def test_every_key_of_a_recipient_is_read(tmp_path: Path) -> None:
    rules = '[notify]\nsettle = "20s"\nquiet = "5m"\nblind_after = "10m"\n'
    ladder = 'severity = "major"\nevents = ["power", "watch"]\nafter = "10m"\nrepeat = "never"\ntimeout = "5s"'
    site = load_site(write(tmp_path, rules + recipient('command = ["/bin/page", "a b"]', ladder, "names = true")))
    assert site.notify == NotifyRules(20.0, 300.0, 600.0)
    assert site.recipients == (
        Recipient(
            "duty",
            command=("/bin/page", "a b"),
            severity=Severity.MAJOR,
            topics=(Topic.POWER, Topic.WATCH),
            after_s=600.0,
            repeat_s=None,
            timeout_s=5.0,
            names=True,
        ),
    )


def test_what_is_left_out_is_told_at_once_of_everything_without_names(tmp_path: Path) -> None:
    (one,) = load_site(write(tmp_path, recipient('command = ["page"]'))).recipients
    assert (one.severity, one.topics, one.after_s, one.repeat_s, one.names) == (
        Severity.CRITICAL,
        TOPICS,
        0.0,
        1800.0,
        False,
    )


def test_the_url_comes_from_a_file_the_environment_or_systemd_and_shows_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = tmp_path / "duty.url"
    held.write_text(PLANTED + "\n")
    held.chmod(0o600)
    monkeypatch.setenv("DUTY_URL", PLANTED)
    for line in ('url_file = "duty.url"', 'url_env = "DUTY_URL"', f'url = "{PLANTED}"'):
        path = write(tmp_path, recipient(line))
        (one,) = load_site(path).recipients
        assert one.url is not None
        assert one.url.reveal() == PLANTED
        assert "planted" not in repr(one) + repr(origins(path))
    assert any("chmod 600" in warning for warning in check_site(path)[1])
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (one,) = load_site(write(tmp_path, recipient())).recipients
    assert one.url is not None
    held.chmod(0o644)
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    with pytest.raises(SiteFileError, match="others can read"):
        load_site(write(tmp_path, recipient('url_file = "duty.url"')))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (recipient(), r"\[\[recipient\]\] #1 needs either a url_file"),
        (recipient('command = ["a"]', 'url = "json://a"'), "needs either a url_file"),
        (recipient('command = "page now"'), "must be a list in square brackets"),
        (recipient('command = ["a"]', 'events = ["smoke"]'), "must be one of power, fault, finding, watch"),
        (recipient('command = ["a"]', 'severity = "worst"'), "must be one of critical, major"),
        (recipient('command = ["a"]') * 2, "is called so already"),
        (recipient('command = ["a"]', "reapeat = 1"), "did you mean repeat"),
    ],
)
def test_what_is_wrong_with_a_recipient_is_said(tmp_path: Path, lines: str, said: str) -> None:
    with pytest.raises(SiteFileError, match=said):
        load_site(write(tmp_path, lines))
