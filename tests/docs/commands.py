"""The page of the commands, from typer's tree of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from dutyroom import words
from dutyroom.cli.main import NAME, app
from dutyroom.cli.typer_words import speak
from tests.docs.table import GENERATED, code, page, table

# What every command understands is told once.
EVERYWHERE = ("--config", "--lang", "--json", "--help")
INTRO = {
    "en": """# Commands

`dutyroom` alone opens the screens. Every command also understands `--help`, `--lang en` or `--lang zh_CN` and, where it
reads the site file, `--config PATH`; these stand before or after the command's own name. `--json`, where it
stands, prints one document on stdout ([JSON documents](json.md)) and keeps prose on stderr.

A command that writes a record asks who does it (`--as NAME`) and for that operator's password, on the terminal or from
a file of mode 600 (`--password-file`). Reading commands are free to the account that owns the records.""",
    "zh_CN": """# 命令

只输入 `dutyroom` 打开界面。每个命令都支持 `--help`、`--lang en` 或 `--lang zh_CN`；读取配置文件的命令还支持
`--config PATH`；这些选项放在命令名之前或之后均可。`--json` 在标准输出打印一个文档（[JSON 文档](json.md)），
说明文字仍在标准错误。

写记录的命令要求指明操作人（`--as NAME`）及其密码，从终端输入或取自权限为 600 的文件（`--password-file`）。
查询命令由记录所属的系统账号直接使用。""",
}
CODES = {
    "en": (
        ("exit code", "means"),
        ("0", "fine"),
        ("1", "something was found: a verdict that is not ok, a fault in the ledger, an act that was refused"),
        ("2", "the command line is wrong"),
        ("3", "the site file or a checklist file is wrong or missing"),
        ("4", "nothing could be reached"),
        ("5", "the records cannot be opened, read or written"),
        ("130", "interrupted"),
    ),
    "zh_CN": (
        ("退出码", "含义"),
        ("0", "正常"),
        ("1", "发现问题：判定不是正常、台账有错、操作被拒绝"),
        ("2", "命令行有误"),
        ("3", "配置文件或巡检表文件有误或缺失"),
        ("4", "全部不可达"),
        ("5", "记录无法打开、读取或写入"),
        ("130", "被中断"),
    ),
}
HEAD = {"en": ("option", "does"), "zh_CN": ("选项", "作用")}
CODES_TITLE = {"en": "Exit codes", "zh_CN": "退出码"}


def tree(language: str = "en") -> Any:
    """typer's command tree with its help in a language."""
    with words.speaking(language):
        command = typer.main.get_command(app)
        speak(command)
    return command


def leaves(command: Any, path: tuple[str, ...] = (NAME,)) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, with the words that call it."""
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
    for name, one in (below or {}).items():
        yield from leaves(one, (*path, name))


def commands(language: str) -> str:
    """The page in a language."""
    parts = [INTRO[language]]
    for path, command in leaves(tree(language)):
        parts += [
            f"## `{' '.join(path)}`",
            command.help or "",
            f"```\n{_usage(path, command)}\n```",
            _options(command, language),
        ]
    head, *rows = CODES[language]
    return page(GENERATED, *parts, f"## {CODES_TITLE[language]}", table(head, rows))


def _usage(path: tuple[str, ...], command: Any) -> str:
    said = list(path)
    for one in command.params:
        if one.param_type_name == "argument":
            shown = (one.metavar or one.name).strip("[]{}").upper()
            said.append(shown if one.required else f"[{shown}]")
    for one in command.params:
        if one.param_type_name == "option" and one.opts[0] not in EVERYWHERE[:2] + EVERYWHERE[3:]:
            name = " ".join(filter(None, (_long(one), _value(one))))
            said.append(name if one.required else f"[{name}]")
    return " ".join(said)


def _long(option: Any) -> str:
    return str(next((name for name in option.opts if name.startswith("--")), option.opts[0]))


def _value(option: Any) -> str:
    if option.is_flag:
        return ""
    return str(option.metavar or option.name.upper().replace("_", "-"))


def _options(command: Any, language: str) -> str:
    rows = [
        (", ".join(code(" ".join(filter(None, (name, _value(one))))) for name in one.opts), one.help or "")
        for one in command.params
        if one.param_type_name == "option" and one.opts[0] not in EVERYWHERE
    ]
    return table(HEAD[language], rows) if rows else ""
