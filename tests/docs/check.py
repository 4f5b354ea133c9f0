"""What a page may say: commands, options, keys, site-file keys, files and links that exist. Gives sentences."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dutyroom.checklists import parse as parse_checklist
from dutyroom.config.sections import SiteForm
from dutyroom.errors import ChecklistError, ProfileError
from dutyroom.model.site import LimitProfile
from dutyroom.profiles import parse
from dutyroom.self_check_form import SelfCheckForm
from dutyroom.setup.answers import AnswersForm
from dutyroom.tomlform import FormError, fill, parse_toml
from screens.keys import GROUPS
from tests.docs.commands import tree
from tests.docs.keys import shown

ROOT = Path(__file__).resolve().parents[2]
WHOLE = "<!-- whole site file -->"
ANSWERS = "<!-- answers file -->"
PROFILE = "<!-- profile file -->"
CHECKLIST = "<!-- checklist file -->"
SELF_CHECK = "<!-- self-check file -->"
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_PATH = re.compile(r"(?:docs|data|tests|dutyroom|screens|\.ci)/[\w./-]+")
_MODULE = re.compile(r"python -m (tests[\w.]*)")
# Words before the program that run it as somebody else, somewhere else.
_BEFORE = re.compile(r"^(?:\$ |sudo (?:-u \w+ )?|env (?:\w+=\S+ )*|(?:\w+=\S+ )+)")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its text, and the line before it."""

    language: str
    text: str
    before: str


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page."""
    return [
        Block(match[2], match[3], text[: match.start()].rstrip("\n").rpartition("\n")[2].strip())
        for match in _FENCE.finditer(text)
    ]


def spans(text: str) -> list[str]:
    """The code spans of a page outside its blocks."""
    return [found.replace("\\|", "|") for found in _SPAN.findall(_FENCE.sub("", text))]


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a page: rows of cells, the head first."""
    found: list[list[list[str]]] = []
    open_table = False
    for line in _FENCE.sub("", text).splitlines():
        if not line.startswith("|"):
            open_table = False
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|").strip())]
        if not open_table:
            found.append([])
            open_table = True
        if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            found[-1].append(cells)
    return found


def check(path: Path, text: str) -> list[str]:
    """Everything a page names that does not exist; `path` is where it lies."""
    wrong = [*_commands(text), *_keys(text), *_site_file(text), *_links(path, text), *_files(text)]
    return [f"{path.name}: {one}" for one in wrong]


def command_lines(text: str) -> Iterator[str]:
    """Every command line of dutyroom on a page."""
    for block in blocks(text):
        if block.language in ("sh", "console", ""):
            joined = block.text.replace("\\\n", " ")
            for line in joined.splitlines():
                yield from _calls(line)
    for span in spans(text):
        yield from _calls(span)


def _calls(line: str) -> Iterator[str]:
    for part in re.split(r"&&|;|\s\|\s|\s#\s|^#.*", line.strip()):
        bare = _BEFORE.sub("", part.strip())
        program, _blank, rest = bare.partition(" ")
        if program.rpartition("/")[2] == "dutyroom" and not program.endswith("/dutyroom/") and "=" not in program:
            yield f"dutyroom {rest}".strip()


@cache
def _tree() -> Any:
    return tree()


def refused(line: str) -> str:
    """Why the program would not understand a command line; empty when it would."""
    words = shlex.split(re.sub(r"\s2?>+\s?\S+|<\s*\S+", "", line).replace("[", "").replace("]", ""))[1:]
    command, given = _tree(), 0
    # Before the commands they are not listed again, but every command of a site file takes them there too.
    at_root = {name: one for one in command.params for name in one.opts}
    while words:
        word, equals, value = words[0].partition("=")
        del words[0]
        if word in ("...", "\N{HORIZONTAL ELLIPSIS}"):
            continue
        if word.startswith("-") and word != "-":
            known = {
                "-h": None,
                "--help": None,
                **at_root,
                **{name: one for one in command.params for name in one.opts},
            }
            if word not in known:
                return f"`{line}`: there is no option {word}"
            option = known[word]
            if option is not None and not option.is_flag and not equals and not value:
                if not words:
                    return f"`{line}`: {word} needs a value"
                del words[0]
        elif getattr(command, "commands", None) is not None:
            if word not in command.commands:
                return f"`{line}`: there is no command {word}"
            command = command.commands[word]
        else:
            given += 1
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    if given > len(arguments):
        return f"`{line}`: takes {len(arguments)} arguments, not {given}"
    return ""


def _commands(text: str) -> list[str]:
    return [why for line in command_lines(text) if (why := refused(line))]


def _keys(text: str) -> list[str]:
    ids = {key.id for group in GROUPS.values() for key in group}
    names = {shown(one) for group in GROUPS.values() for key in group for one in key.keys.split(",")}
    kinds = {name.partition(".")[0] for name in ids if "." in name}
    wrong = [
        f"there is no key id `{span}`"
        for span in spans(text)
        if re.fullmatch(r"[a-z]+\.[a-z-]+", span) and span.partition(".")[0] in kinds and span not in ids
    ]
    for head, *rows in tables(text):
        if head[0] in ("keys", "按键"):
            for row in rows:
                wrong += [f"there is no key `{key}`" for key in _SPAN.findall(row[0]) if key not in names]
    return wrong


def _site_file(text: str) -> list[str]:
    wrong = []
    for block in blocks(text):
        if block.language == "toml":
            try:
                table = parse_toml(block.text)
                if block.before == ANSWERS:
                    fill(AnswersForm, table)
                    continue
                if block.before == PROFILE:
                    parse(block.text, "profile")
                    continue
                if block.before == SELF_CHECK:
                    fill(SelfCheckForm, table)
                    continue
                if block.before == CHECKLIST:
                    parse_checklist(block.text, LimitProfile.GB50174, "checklist")
                    continue
                if block.before != WHOLE:
                    table = {"timezone": "Asia/Shanghai", **table, "site": {"name": "Ward", **table.get("site", {})}}
                fill(SiteForm, table)
            except FormError as error:
                wrong.append(f"site file: {error}")
            except (ProfileError, ChecklistError) as error:
                wrong.append(str(error))
    return wrong


def slug(heading: str) -> str:
    """The anchor of a heading, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def headings(text: str) -> list[tuple[int, str]]:
    """(level, words) of every heading."""
    return [
        (len(marks), said.strip()) for marks, said in re.findall(r"^(#+) (.*)$", _FENCE.sub("", text), re.MULTILINE)
    ]


def _links(path: Path, text: str) -> list[str]:
    wrong = []
    for target in _LINK.findall(_FENCE.sub("", text)):
        if re.match(r"https?:", target):
            continue
        name, _hash, anchor = target.partition("#")
        there = (path.parent / name) if name else path
        if not there.exists() and there != path:
            wrong.append(f"there is no file {target}")
        elif anchor:
            whole = text if there == path else there.read_text("utf-8")
            if anchor not in {slug(said) for _level, said in headings(whole)}:
                wrong.append(f"there is no heading {target}")
    return wrong


def _files(text: str) -> list[str]:
    said = [*spans(text), *(block.text for block in blocks(text) if block.language in ("sh", "console"))]
    wrong = []
    for one in said:
        found = _PATH.fullmatch(one)
        if found is not None and not (ROOT / found[0]).exists():
            wrong.append(f"there is no file {found[0]}")
        modules = [module for module in _MODULE.findall(one) if importlib.util.find_spec(module) is None]
        wrong += [f"there is no module {module}" for module in modules]
    return wrong
