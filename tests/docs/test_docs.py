"""The pages say what is: every command, option, key, site-file key, file and link exists; twins are twins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from screens.keys import GROUPS
from tests.docs import keys, pages, pictures
from tests.docs.check import blocks, check, headings, tables

ROOT = pages.ROOT
PAGES = sorted([*ROOT.glob("README*.md"), *(ROOT / "docs").glob("*.md")])
TWINS = [page for page in PAGES if page.with_name(page.stem + ".zh-CN.md").is_file()]
ENGLISH_ONLY = {"json.md", "ledger.md"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_names_only_what_exists(page: Path) -> None:
    assert check(page, page.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("`dutyroom colect`", "no command colect"),
        ("`dutyroom status --frsh`", "no option --frsh"),
        ("```sh\nsudo -u duty dutyroom --config x.toml rounds shw 3 --json\n```", "no command shw"),
        ("```sh\ncd x && .venv/bin/dutyroom status extra\n```", "takes 0 arguments"),
        ("`dutyroom --config`", "needs a value"),
        ("`round.sing`", "no key id"),
        ("| keys | does |\n|---|---|\n| `F11` | signs |", "no key `F11`"),
        ('```toml\n[site]\nholdtime = "3h"\n```', "did you mean hold_time"),
        ("<!-- whole site file -->\n```toml\n[site]\nname = 'x'\n```", "timezone is missing"),
        ("[rounds](rownd.md)", "no file rownd.md"),
        ("# A heading\n\n[there](#another-heading)", "no heading"),
        ("`tests/nothing.py`", "no file tests/nothing.py"),
        ("`python -m tests.nothing`", "no module tests.nothing"),
    ],
)
def test_what_does_not_exist_is_found(said: str, why: str) -> None:
    (found,) = check(ROOT / "README.md", said)
    assert why in found


def test_what_exists_is_not_refused() -> None:
    said = (
        "`dutyroom`, `dutyroom rounds show 3 --json`, `dutyroom --lang zh_CN --config site.toml status | less`\n"
        "```sh\n$ dutyroom config example > site.toml   # begin\nLANG=C dutyroom demo --days=3\n```\n"
        "`round.sign` `env.rh` `dutyroom/cli`\n| keys | does |\n|---|---|\n| `F10` `s` | signs |\n"
        '```toml\n[keys]\n"round.sign" = "ctrl+g"\n```\n'
    )
    assert check(ROOT / "README.md", said) == []


def test_a_generated_page_is_what_the_program_says() -> None:
    wanted = pages.texts()
    differ = [path.name for path, text in wanted.items() if not path.is_file() or path.read_text("utf-8") != text]
    assert not differ, "run python -m tests.docs"


def test_every_group_of_keys_has_a_heading_in_both_languages() -> None:
    assert GROUPS.keys() == keys.TITLES.keys()


@pytest.mark.parametrize("language", pictures.LANGUAGES)
def test_the_pictures_are_those_of_the_screens(language: str) -> None:
    wanted = pictures.drawn_in(language)
    differ = [path.name for path, svg in wanted.items() if not path.is_file() or path.read_text("utf-8") != svg]
    assert not differ, "look at the screens, then run python -m tests.docs"
    assert all(len(svg.encode()) < 100_000 for svg in wanted.values())


def test_every_picture_stands_on_a_page() -> None:
    shown = {name for page in PAGES for name in re.findall(r"pictures/([\w.-]+\.(?:svg|png))", page.read_text("utf-8"))}
    assert shown == {path.name for path in pictures.FOLDER.iterdir()}
    assert all(path.stat().st_size < 150_000 for path in pictures.FOLDER.iterdir())


def test_every_page_has_a_chinese_twin_but_those_for_programs() -> None:
    alone = {page.name for page in PAGES if ".zh-CN" not in page.name} - {page.name for page in TWINS}
    assert alone <= ENGLISH_ONLY


@pytest.mark.parametrize("page", TWINS, ids=lambda page: page.name)
def test_twins_have_the_same_sections_tables_and_commands(page: Path) -> None:
    english = page.read_text("utf-8")
    chinese = page.with_name(page.stem + ".zh-CN.md").read_text("utf-8")
    assert [level for level, _said in headings(english)] == [level for level, _said in headings(chinese)]
    assert [len(one) for one in tables(english)] == [len(one) for one in tables(chinese)]
    assert _typed(english) == _typed(chinese)
    assert _targets(english) == _targets(chinese)
    assert re.search(r"[\u4e00-\u9fff]", chinese)


def _typed(text: str) -> list[tuple[str, list[str]]]:
    """The blocks without what is said in words: comments and what stands in quotes."""
    found = []
    for block in blocks(text):
        lines = [re.sub(r'#.*|"[^"]*"', "", line).strip() for line in block.text.splitlines()]
        found.append((block.language, [line for line in lines if line]))
    return found


def _targets(text: str) -> list[str]:
    """Where the links go, whichever twin they name."""
    found = re.findall(r"\]\(([^)#]+)", text)
    return [re.sub(r"\.zh-CN(?=\.(?:md|svg|png)$)", "", target) for target in found]
