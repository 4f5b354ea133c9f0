"""A site file written: from the filled form to a commented text that reads back as the same form.

Comments stand in both languages, because the file is read by whoever comes to it. Only keys that are set are written;
what else there is stands in `dutyroom config example`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel, SecretStr

from dutyroom.config.sections import SiteForm
from dutyroom.config.snmp_form import SnmpForm
from dutyroom.tomlform import keys_of

HEAD = """\
# The site file of dutyroom: the hospital, the room, its devices. Written by: dutyroom init
# dutyroom 配置文件：医院、机房和设备。由 dutyroom init 写成。
#
# It may be edited by hand; check it with: dutyroom config check. Every key there is: dutyroom config example
# 可直接修改，改后检查：dutyroom config check；全部可用的键：dutyroom config example
#
# Durations: "5s" "90m" "3h" "1h30m" "180d". Relative paths are seen from the folder of this file.
# 时长写法如上；相对路径以本文件所在目录为准。
"""
_SECTIONS = {
    "site": "The hospital, the room, the rules of the house.\n医院、机房与制度",
    "store": "Where the records and their backups are kept.\n记录与备份的存放位置",
    "poll": "How long to wait between two polls.\n轮询间隔",
    "hold": "How long a recorded discharge counts as evidence.\n放电记录作为依据的有效期",
    "ups": "UPSes: on a NUT server (server, ups) or with an SNMP card (address, snmp).\n"
    "UPS：经 NUT 服务器或 SNMP 卡读取",
    "network": "Switches, routers, firewalls.\n交换机、路由器、防火墙",
    "server": "Servers: this machine, or others over SNMP.\n服务器：本机，或经 SNMP 读取",
    "load": "What hangs on the UPSes; group 1 is switched off first.\nUPS 负载与甩负荷顺序：1 组最先关",
    "ac": "Air conditioners: the round asks of each one.\n空调：逐台巡检",
    "system": "Systems that answer on a TCP port.\n业务系统：按 TCP 端口检查",
    "line": "Outside and insurance lines: ping or TCP.\n外网与医保专线：ping 或 TCP",
    "backup": "Backups: files that must not be older than max_age.\n备份：文件不得早于 max_age",
    "credential": "Passwords with a rotation period; only the date is kept.\n需定期更换的口令（只记日期）",
    "live": "Which reading feeds which item of the round.\n哪个读数填哪个巡检项",
    "checklists": "The house's own checklists, and those it does not walk.\n本站自己的检查表，以及不用的检查表",
    "limits": "The house's own limits of items.\n本站自定的限值",
    "lock": "How long somebody stays signed in.\n登录与锁定时长",
    "passwords": "What passwords must be.\n口令要求",
    "screen": "How the screens look.\n界面",
    "keys": "Other keys for actions.\n自定义按键",
    "contact": "Who is called, in order.\n应急联系人，按顺序",
    "shift": "The shifts of the desk; who has them: dutyroom roster import.\n"
    "值班班次；排班表用 dutyroom roster import 导入",
    "tool": "What is counted at every handover.\n每次交接班清点的物品",
    "addresses": "How unregistered addresses are found.\n如何查找未登记地址",
    "register": "Addresses that belong here.\n已登记地址",
}
_KEYS = {
    ("", "language"): "en, zh_CN",
    ("", "timezone"): "IANA name 时区",
    ("site", "hold_time"): "required of every UPS that says nothing else 未另行规定的 UPS 须保持的时间",
    ("site", "limit_profile"): "gb50174, strict, house",
    ("site", "zero_report_at"): "the duty day ends here 值班日结束",
    ("store", "second_folder"): "another disk or machine 另一块盘或另一台机器",
    ("network", "watch_ports"): "without it: every port that was ever up 不写：所有曾接通的端口",
}
# What people add by hand soonest, as comments under the section that takes it.
_HINTS = {
    "ups": "# rated_w = 8000                 # gives the load in watts 额定功率（瓦）\n"
    "# battery_installed = 2024-05-01 # when its battery was put in 电池安装日期\n",
}


def text_of(form: SiteForm) -> str:
    """The file's text. Read back it fills an equal form, whatever the names and labels hold."""
    parts = [HEAD, "".join(_pairs("", form))]
    for key, value in _set(form):
        match value:
            case BaseModel():
                parts.append(_comment(key) + f"[{key}]\n" + "".join(_pairs(key, value)))
            case dict() if value:
                pairs = "".join(f"{_text(name)} = {_told(told)}\n" for name, told in value.items())
                parts.append(_comment(key) + f"[{key}]\n" + pairs)
            case list() if value:
                parts.append(_comment(key) + "\n".join(_entry(key, one) for one in value) + _HINTS.get(key, ""))
    return "\n".join(parts)


def _comment(key: str) -> str:
    return "".join(f"# {line}\n" for line in _SECTIONS[key].splitlines())


def _set(form: BaseModel) -> Iterator[tuple[str, object]]:
    """The keys that are set, as written in the file, in the order of the form."""
    names = {field.alias or name: name for name, field in type(form).model_fields.items()}
    for key in keys_of(type(form)):
        value = getattr(form, names[key])
        if names[key] in form.model_fields_set and value is not None:
            yield key, value


def _pairs(section: str, form: BaseModel) -> Iterator[str]:
    for key, value in _set(form):
        if isinstance(value, BaseModel | dict) or (isinstance(value, list) and _holds_forms(value, section)):
            continue
        comment = _KEYS.get((section, key), "")
        yield f"{key} = {_value(value)}" + (f" # {comment}\n" if comment else "\n")


def _holds_forms(value: list[object], section: str) -> bool:
    # At the top every list is a list of tables, also an empty one.
    return not section or any(isinstance(one, BaseModel) for one in value)


def _entry(key: str, form: BaseModel) -> str:
    text = f"[[{key}]]\n" + "".join(_pairs(key, form))
    for inner, value in _set(form):
        if isinstance(value, SnmpForm):
            pairs = list(_pairs("snmp", value))
            if value.version == "3":
                # Of six keys one line would be too long to read; a table of its own ends the entry.
                text += f"[{key}.{inner}]\n" + "".join(pairs)
            else:
                text += f"{inner} = {{ " + ", ".join(pair.rstrip("\n") for pair in pairs) + " }\n"
    return text


def _told(value: object) -> str:
    """The value of a free key: a text, or a table on one line."""
    if isinstance(value, BaseModel):
        return "{ " + ", ".join(pair.rstrip("\n") for pair in _pairs("limits", value)) + " }"
    return _value(value)


def _value(value: object) -> str:
    match value:
        case SecretStr():
            return _text(value.get_secret_value())
        case str():
            return _text(value)
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case list():
            return "[" + ", ".join(_value(one) for one in value) + "]"
        case date():
            return value.isoformat()
        case _:
            return repr(value)


def _text(text: str) -> str:
    # A JSON text is a TOML one (toml.io/en/v1.0.0#string), but for DEL, which JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
