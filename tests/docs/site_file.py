"""The page of the site file, from its JSON Schema."""

from __future__ import annotations

import json
from typing import Any

from dutyroom import words
from dutyroom.config import json_schema
from dutyroom.resources import data_path
from tests.docs.table import GENERATED, code, page, table

Schema = dict[str, Any]
INTRO = {
    "en": """# The site file

One TOML file names the hospital, the room, its devices and the rules of the house. It is looked for in this order:
`--config PATH`, `$DUTYROOM_CONFIG`, `~/.config/dutyroom/site.toml`, `/etc/dutyroom/site.toml`.

- `dutyroom config example` prints the commented example at the end of this page.
- `dutyroom config check` says in one sentence what is wrong: file, key, what to do. A key that is not known is refused,
  and the one that was probably meant is named.
- `dutyroom config show --origin` lists every setting in force and where it comes from; secrets are stars.
- `dutyroom config schema` prints the JSON Schema for editors that complete and check TOML. This page is made from it.

Durations are written `"5s"`, `"90m"`, `"3h"`, `"1h30m"`, `"180d"`; times of day `"15:00"`; dates `2024-05-01` without
quotes. Relative paths are seen from the folder of the site file. A key marked **needed** has no default.

A secret stands in a file of its own that only its owner may read (`chmod 600`), in an environment variable, or in a
systemd credential named `DEVICE.KEY` such as `core-1.community`. It never appears in logs, JSON or pictures.""",
    "zh_CN": """# 配置文件

一个 TOML 文件写明医院、机房、设备和制度。按以下顺序查找：
`--config PATH`、`$DUTYROOM_CONFIG`、`~/.config/dutyroom/site.toml`、`/etc/dutyroom/site.toml`。

- `dutyroom config example` 打印本页末尾带注释的示例。
- `dutyroom config check` 用一句话说明哪里不对：文件、键、如何改。不认识的键会被拒绝，并提示可能想写的键。
- `dutyroom config show --origin` 列出生效的每项设置及其来源；口令显示为星号。
- `dutyroom config schema` 打印 JSON Schema，供支持 TOML 补全和检查的编辑器使用。本页由它生成。

时长写作 `"5s"`、`"90m"`、`"3h"`、`"1h30m"`、`"180d"`；时刻写作 `"15:00"`；日期写作 `2024-05-01`，不加引号。
相对路径以配置文件所在目录为准。标为**必填**的键没有默认值。

口令放在单独的文件中（仅所有者可读，`chmod 600`），或放在环境变量中，或放在名为 `设备.键`（如 `core-1.community`）
的 systemd 凭据中。口令不会出现在日志、JSON 或截图中。""",
}
HEAD = {"en": ("key", "value", "default", "meaning"), "zh_CN": ("键", "取值", "默认值", "含义")}
TOP = {"en": "Top of the file", "zh_CN": "文件开头"}
EXAMPLE = {"en": "An example", "zh_CN": "示例"}
NEEDED = {"en": "**needed**", "zh_CN": "**必填**"}
SNMP = {"en": "SNMP access", "zh_CN": "SNMP 访问"}
SEE = {"en": "SNMP access, see [below](#snmp-access).", "zh_CN": "SNMP 访问，见[下文](#snmp-访问)。"}
KINDS = {
    "text": ("text", "文本"),
    "number": ("number", "数字"),
    "integer": ("whole number", "整数"),
    "boolean": ("`true`, `false`", "`true`、`false`"),
    "date": ("date", "日期"),
    "time": ("time of day", "时刻"),
    "duration": ("duration", "时长"),
    "never": ("duration, `never`", "时长、`never`"),
    "array": ("list of texts", "文本列表"),
    "table": ("`{ ... }`", "`{ ... }`"),
}


def site_file(language: str) -> str:
    """The page in a language."""
    with words.speaking(language):
        schema = json_schema()
    top = {key: one for key, one in schema["properties"].items() if "type" in one and one["type"] == "string"}
    parts = [
        INTRO[language],
        f"## {TOP[language]}",
        _rows({"properties": top, "required": schema["required"]}, language),
    ]
    for key, one in schema["properties"].items():
        if key in top:
            continue
        form = _form(schema, one)
        title = f"[[{key}]]" if one.get("type") == "array" else f"[{key}]"
        parts += [f"## `{title}`", str(form.get("description", "")) if form else str(one["description"])]
        parts += [_rows(form, language)] if form else []
    snmp = schema["$defs"]["SnmpForm"]
    parts += [f"## {SNMP[language]}", str(snmp["description"]), _rows(snmp, language)]
    example = data_path("examples", "site.toml").read_text("utf-8").strip()
    parts += [f"## {EXAMPLE[language]}", f"<!-- whole site file -->\n```toml\n{example}\n```"]
    return page(GENERATED, *parts)


def _form(schema: Schema, one: Schema) -> Schema | None:
    """The form a section refers to, also as a list of them; None for a table with free keys."""
    found = one.get("$ref") or one.get("items", {}).get("$ref")
    return None if found is None else dict(schema["$defs"][found.rpartition("/")[2]])


def _rows(form: Schema, language: str) -> str:
    needed = form.get("required", ())
    rows = []
    for key, one in form["properties"].items():
        default = NEEDED[language] if key in needed else _default(one)
        meaning = SEE[language] if _refers(one) else str(one.get("description", ""))
        rows.append((code(key), _kind(one, language), default, meaning))
    return table(HEAD[language], rows)


def _refers(one: Schema) -> bool:
    return "$ref" in one or any("$ref" in choice for choice in one.get("anyOf", ()))


def _default(one: Schema) -> str:
    default = one.get("default")
    return "" if default in (None, "", []) else code(json.dumps(default, ensure_ascii=False))


def _kind(one: Schema, language: str) -> str:
    for choice in one.get("anyOf", ()):
        if choice.get("type") != "null":
            return _kind(choice, language)
    if "enum" in one:
        return ", ".join(code(f'"{name}"') for name in one["enum"])
    pattern = str(one.get("pattern", ""))
    kind = "table" if "$ref" in one else "text" if one.get("type") == "string" else str(one["type"])
    if one.get("format") == "date":
        kind = "date"
    elif "never" in pattern:
        kind = "never"
    elif pattern.endswith("s)?$"):
        kind = "duration"
    elif ":" in pattern:
        kind = "time"
    said = KINDS[kind][language == "zh_CN"]
    low, high = one.get("minimum", one.get("exclusiveMinimum")), one.get("maximum")
    return said if low is None or high is None else f"{said} {low}\N{EN DASH}{high}"
