"""The kinds of value a site file holds: each checked as it stands, and turned into what the program uses.

The forms keep the text of the file (so that `config show` can show it); the functions here give the value of it.
"""

from __future__ import annotations

import ipaddress
import os
import re
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, WithJsonSchema

from dutyroom.model.site import Language
from dutyroom.tomlform import with_guess
from dutyroom.tomlvalues import Text, quoted, says
from dutyroom.words import _

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_HOSTNAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")
_MAC = re.compile(r"[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}[.-]){2}[0-9A-Fa-f]{4}")
_LANGUAGES = {
    "en": Language.EN,
    "zh_cn": Language.ZH_CN,
    "zh": Language.ZH_CN,
    "zh_hans": Language.ZH_CN,
    "zh_hans_cn": Language.ZH_CN,
}


def language_of(text: str) -> Language:
    """The language of `en`, `zh_CN`, `zh`, `zh-CN`, `zh_Hans`. Raises ValueError with a sentence."""
    found = _LANGUAGES.get(text.strip().replace("-", "_").casefold())
    if found is None:
        raise ValueError(_("{text} is not a language dutyroom speaks; choose en or zh_CN").format(text=quoted(text)))
    return found


def zone_of(text: str) -> ZoneInfo:
    """The time zone of that IANA name. Raises ValueError with a sentence."""
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        sentence = _("{text} is not a time zone such as Asia/Shanghai").format(text=quoted(text))
        raise ValueError(with_guess(sentence, text, sorted(available_timezones()), listing=False)) from None


def host_of(text: str) -> str:
    """A host name or address without port; brackets around an IPv6 address are taken off."""
    bare = text.strip()
    unwrapped = bare[1:-1] if bare.startswith("[") and bare.endswith("]") else bare
    try:
        return str(ipaddress.ip_address(unwrapped))
    except ValueError:
        if _HOSTNAME.fullmatch(bare) and not re.fullmatch(r"[0-9.]+", bare):
            return bare
    if ":" in bare:
        raise ValueError(_("{text} is not a host; the port has a key of its own: port = 161").format(text=quoted(text)))
    raise ValueError(_("{text} is neither a host name nor an address").format(text=quoted(text)))


def host_and_port(text: str, default: int | None = None) -> tuple[str, int]:
    """Host and port of `host:port`, `[::1]:port`, or `host` when there is a default. Raises ValueError."""
    bare = text.strip()
    match = re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*)(?::([0-9]{1,5}))?", bare)
    if match is None or (match[2] is None and default is None):
        raise ValueError(
            _('{text} is not an address with a port; write "host:3493", or "[::1]:3493" for IPv6').format(
                text=quoted(text)
            )
        )
    port = int(match[2]) if match[2] is not None else (default or 0)
    if not 1 <= port <= 65535:
        raise ValueError(_("{text}: a port lies between 1 and 65535").format(text=quoted(text)))
    return host_of(match[1]), port


def ip_of(text: str) -> str:
    """An IPv4 or IPv6 address in its usual form. Raises ValueError with a sentence."""
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        raise ValueError(_("{text} is not an IP address").format(text=quoted(text))) from None


def mac_of(text: str) -> str:
    """A MAC address as `00:11:22:33:44:55`; `-` and the switches' `0011-2233-4455` are understood."""
    if _MAC.fullmatch(text.strip()) is None:
        raise ValueError(_('{text} is not a MAC address such as "00:11:22:33:44:55"').format(text=quoted(text)))
    digits = re.sub(r"[^0-9a-f]", "", text.lower())
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))


def live_of(text: str) -> tuple[str, str]:
    """(source, variable) of `ups-a:ambient.temperature`. Raises ValueError with a sentence."""
    source, colon, variable = (part.strip() for part in text.partition(":"))
    if not (source and colon and variable) or re.search(r"\s", variable):
        raise ValueError(
            _('{text} must name a source and its variable: "ups-a:ambient.temperature"').format(text=quoted(text))
        )
    return source, variable


def absolute(folder: str, path: str) -> str:
    """The path, `~` opened, seen from the folder of the site file."""
    return os.path.normpath(os.path.join(folder, os.path.expanduser(path)))


def _name(text: str) -> str:
    if NAME.fullmatch(text) is None:
        raise ValueError(
            _(
                "{text} is not a name: letters A-Z, digits, - _ and . only, 64 at most; other words go into label"
            ).format(text=quoted(text))
        )
    return text


def _nut_name(text: str) -> str:
    if re.fullmatch(r"[!-~]{1,64}", text) is None or any(sign in text for sign in '"\\@:'):
        raise ValueError(_("{text} is not a UPS name as `upsc -l` lists it").format(text=quoted(text)))
    return text


def _check(text: str) -> str:
    scheme, mark, rest = text.partition("://")
    if not mark or scheme not in ("tcp", "ping"):
        raise ValueError(_('{text} must be "tcp://host:port" or "ping://host"').format(text=quoted(text)))
    if scheme == "tcp":
        host_and_port(rest)
    else:
        host_of(rest)
    return text


def _sqlite_url(text: str) -> str:
    path = text.removeprefix("sqlite:///")
    if path == text or not path or path.startswith(":") or urlsplit(text).query or urlsplit(text).fragment:
        raise ValueError(
            _('must be a file of the form "sqlite:////var/lib/dutyroom/dutyroom.db" (four strokes, an absolute path)')
        )
    return text


def _variable_name(text: str) -> str:
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,127}", text) is None:
        raise ValueError(_("must be the name of an environment variable"))
    return text


Name = Annotated[str, AfterValidator(_name), WithJsonSchema({"type": "string", "pattern": f"^{NAME.pattern}$"})]
NutName = Annotated[str, AfterValidator(_nut_name)]
LanguageName = Annotated[str, says(language_of)]
ZoneName = Annotated[str, says(zone_of)]
Host = Annotated[str, says(host_of)]
HostPort = Annotated[str, says(lambda text: host_and_port(text, 3493))]
Ip = Annotated[str, says(ip_of)]
Mac = Annotated[str, says(mac_of)]
Check = Annotated[Text, AfterValidator(_check)]
SqliteUrl = Annotated[Text, AfterValidator(_sqlite_url)]
LiveValue = Annotated[str, says(live_of)]
VariableName = Annotated[str, AfterValidator(_variable_name)]
Port = Annotated[int, Field(ge=1, le=65535)]
