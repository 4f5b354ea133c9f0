"""Python, the time zone data and the locale of this process."""

from __future__ import annotations

import codecs
import locale
import sys
from collections.abc import Mapping
from importlib.util import find_spec

from dutyroom.doctor.check import Check, Group, make
from dutyroom.model.reading import Verdict

OLDEST = (3, 11)
_LOCALES = ("LC_ALL", "LC_CTYPE", "LANG")


def python(version: tuple[int, int, int] | None = None) -> list[Check]:
    """The interpreter."""
    found = version or sys.version_info[:3]
    shown = ".".join(map(str, found))
    if found[:2] < OLDEST:
        oldest = ".".join(map(str, OLDEST))
        return [make(Group.MACHINE, "python", Verdict.FAULT, "python-old", "python", version=shown, oldest=oldest)]
    return [make(Group.MACHINE, "python", Verdict.OK, "python", version=shown, path=sys.executable)]


def encoding(environment: Mapping[str, str], codeset: str | None = None) -> list[Check]:
    """What the locale says text is; names and notes are in any language, so it must be UTF-8."""
    found = codeset or locale.nl_langinfo(locale.CODESET)
    named = next((environment[name] for name in _LOCALES if environment.get(name)), "–")
    if _is_utf8(found):
        return [make(Group.MACHINE, "encoding", Verdict.OK, "utf8", locale=named)]
    return [make(Group.MACHINE, "encoding", Verdict.ATTENTION, "not-utf8", "utf8", locale=named, encoding=found)]


def encryption() -> list[Check]:
    """SNMPv3 privacy needs the package cryptography."""
    if find_spec("cryptography") is not None:
        return [make(Group.MACHINE, "snmpv3", Verdict.OK, "snmpv3")]
    return [make(Group.MACHINE, "snmpv3", Verdict.ATTENTION, "no-snmpv3", "snmpv3")]


def _is_utf8(name: str) -> bool:
    try:
        return codecs.lookup(name).name == "utf-8"
    except LookupError:
        return False
