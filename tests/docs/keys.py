"""The page of the keys, from the registry that footer, help and `[keys]` read too."""

from __future__ import annotations

from dutyroom import words
from dutyroom.words import _
from screens import keys as registry
from tests.docs.table import GENERATED, code, page, table

INTRO = {
    "en": """# Keys

Everything can be done by keyboard. Each key has an id, by which `[keys]` in the site file gives it other keys; a clash
is told when the screens open.

<!-- part of a site file -->
```toml
[keys]
"round.sign" = "ctrl+g"
```

Where several keys are named, each of them does it. A Chinese input method swallows letters: what the round needs is on
keys that it lets through, the letters are twins.""",
    "zh_CN": """# 按键

所有操作都能用键盘完成。每个按键有一个编号，配置文件的 `[keys]` 按编号改键；按键冲突在打开界面时提示。

<!-- part of a site file -->
```toml
[keys]
"round.sign" = "ctrl+g"
```

同一行列出的几个按键作用相同。中文输入法会截走字母键，因此巡检用的主键都是输入法放行的键，字母键只是备用。""",
}
HEAD = {"en": ("keys", "id", "does"), "zh_CN": ("按键", "编号", "作用")}
TITLES = {
    "everywhere": ("Everywhere, dialogs too", "所有界面，包括对话框"),
    "room": ("Everywhere outside a form", "表单以外的所有界面"),
    "board": ("Board", "总览"),
    "list": ("Power, Network, Servers", "电源、网络、服务器"),
    "page": ("Page of a device", "设备页面"),
    "ups-page": ("Page of a UPS", "UPS 页面"),
    "discharge": ("Discharge tests of a UPS", "UPS 放电测试"),
    "ports": ("Page of a network device", "网络设备页面"),
    "filter": ("Filter", "筛选"),
    "chart": ("History chart", "历史曲线"),
    "network": ("Network", "网络"),
    "addresses": ("Addresses", "地址"),
    "doctor": ("Doctor", "体检"),
    "record": ("Rounds of a person, a month or a device", "某人、某月或某设备的巡检记录"),
    "paper": ("A round from paper", "补录纸质巡检"),
    "rounds": ("Rounds: due, open, done", "巡检一览"),
    "replay": ("Replay of a recording, on every page", "回放录制文件时的所有界面"),
    "round": ("Round", "巡检"),
    "help": ("Help", "帮助"),
    "sign-in": ("Signing in", "登录"),
    "secrets": ("Own password and PIN", "本人密码与 PIN"),
    "review": ("Review and sign", "复核签字"),
    "history": ("History", "历史"),
    "export": ("Export of a workbook", "导出工作簿"),
    "trend": ("Trend of an item", "巡检项趋势"),
    "choose": ("Choosing an item", "选择巡检项"),
    "handover": ("Handover", "交接班"),
    "zero": ("Zero report", "零报告"),
    "handover-sign": ("Signing a handover", "交接班签字"),
    "findings": ("Findings", "隐患"),
    "finding": ("Page of a finding", "隐患详情"),
    "finding-act": ("What to do with a finding", "隐患处理选择"),
    "finding-form": ("An act on a finding", "隐患处理表单"),
    "outage": ("Outage", "停电"),
    "baseline": ("Accepting the ports of a device", "确认设备端口基线"),
}
NAMES = {
    "question_mark": "?",
    "minus": "-",
    "asterisk": "*",
    "plus": "+",
    "slash": "/",
    "escape": "esc",
    "pagedown": "page down",
    "pageup": "page up",
    "down": "↓",
    "up": "↑",
    "left": "←",
    "right": "→",
}


def keys(language: str) -> str:
    """The page in a language."""
    parts = [INTRO[language]]
    with words.speaking(language):
        for group, found in registry.GROUPS.items():
            rows = [
                (" ".join(code(shown(one)) for one in key.keys.split(",")), code(key.id), _(key.text)) for key in found
            ]
            parts += [f"## {TITLES.get(group, (group, group))[language == 'zh_CN']}", table(HEAD[language], rows)]
    return page(GENERATED, *parts)


def shown(key: str) -> str:
    """A key as it stands on a keyboard."""
    return NAMES.get(key, key.upper() if key[:1] == "f" and key[1:].isdigit() else key)
