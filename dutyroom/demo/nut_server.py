"""A small NUT server for the simulated room: reading verbs only (NUT, "Network protocol information").

VER, NETVER, LIST UPS, LIST VAR, LIST CMD, LIST RW, LIST CLIENT, GET VAR, GET UPSDESC, GET NUMLOGINS and LOGOUT. Nothing
can be set, commanded or logged in: SET, INSTCMD, FSD, LOGIN and PRIMARY answer ERR ACCESS-DENIED, as upsd does for a
client without rights. Values are asked from the room at each request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from dutyroom.demo.room import Room

LOOPBACK = "127.0.0.1"
PROTOCOL_VERSION = "1.3"
_LONGEST_LINE = 1024
_FORBIDDEN = {"SET", "INSTCMD", "FSD", "LOGIN", "PRIMARY", "MASTER", "ATTACH", "DETACH"}


class NutRefusal(Exception):
    """A request that is answered with `ERR <code>`."""


def split_words(line: str) -> list[str]:
    """The words of a request: blanks separate, double quotes join, a backslash takes the next character as it is.

    NutRefusal `INVALID-ARGUMENT` when a quote stays open.
    """
    words: list[str] = []
    word: str | None = None
    quoted = escaped = False
    for character in line:
        if escaped:
            word, escaped = (word or "") + character, False
        elif character == "\\":
            escaped = True
        elif character == '"':
            quoted, word = not quoted, word or ""
        elif character in " \t" and not quoted:
            if word is not None:
                words.append(word)
            word = None
        else:
            word = (word or "") + character
    if quoted or escaped:
        raise NutRefusal("INVALID-ARGUMENT")
    return words if word is None else [*words, word]


def quoted(value: str) -> str:
    """A value as the protocol sends it: in double quotes, with quotes and backslashes escaped."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def answer(room: Room, t: float, line: str) -> list[str]:
    """The lines that answer one request at the room's moment `t`."""
    try:
        words = split_words(line)
        return _answer(room, t, words) if words else ["ERR UNKNOWN-COMMAND"]
    except NutRefusal as refusal:
        return [f"ERR {refusal}"]


def _answer(room: Room, t: float, words: list[str]) -> list[str]:
    verb = words[0].upper()
    if verb == "VER":
        return ["Network UPS Tools dutyroom demo - reading only"]
    if verb in ("NETVER", "PROTVER"):
        return [PROTOCOL_VERSION]
    if verb in ("USERNAME", "PASSWORD"):
        return ["OK"]
    if verb == "LOGOUT":
        return ["OK Goodbye"]
    if verb == "STARTTLS":
        raise NutRefusal("FEATURE-NOT-CONFIGURED")
    if verb in _FORBIDDEN:
        raise NutRefusal("ACCESS-DENIED")
    if verb == "LIST":
        return _list(room, t, words[1:])
    if verb == "GET":
        return _get(room, t, words[1:])
    raise NutRefusal("UNKNOWN-COMMAND")


def _description(room: Room, name: str) -> str:
    return quoted(f"Simulated UPS {name}") if name in room.upses else quoted("Description unavailable")


def _known(room: Room, name: str) -> str:
    if name not in room.upses:
        raise NutRefusal("UNKNOWN-UPS")
    return name


def _list(room: Room, t: float, words: list[str]) -> list[str]:
    what = words[0].upper() if words else ""
    if what == "UPS" and len(words) == 1:
        body = [f"UPS {name} {_description(room, name)}" for name in room.upses]
        return ["BEGIN LIST UPS", *body, "END LIST UPS"]
    if len(words) != 2 or what not in ("VAR", "CMD", "RW", "CLIENT"):
        raise NutRefusal("INVALID-ARGUMENT")
    name = _known(room, words[1])
    body = []
    if what == "VAR":
        body = [f"VAR {name} {variable} {quoted(value)}" for variable, value in room.nut_variables(name, t)]
    return [f"BEGIN LIST {what} {name}", *body, f"END LIST {what} {name}"]


def _get(room: Room, t: float, words: list[str]) -> list[str]:
    what = words[0].upper() if words else ""
    if what == "VAR" and len(words) == 3:
        name, variable = _known(room, words[1]), words[2]
        value = dict(room.nut_variables(name, t)).get(variable)
        if value is None:
            raise NutRefusal("VAR-NOT-SUPPORTED")
        return [f"VAR {name} {variable} {quoted(value)}"]
    if what == "UPSDESC" and len(words) == 2:
        name = _known(room, words[1])
        return [f"UPSDESC {name} {_description(room, name)}"]
    if what == "NUMLOGINS" and len(words) == 2:
        return [f"NUMLOGINS {_known(room, words[1])} 0"]
    raise NutRefusal("INVALID-ARGUMENT")


async def start_nut_server(room: Room, age: Callable[[], float]) -> tuple[asyncio.Server, int]:
    """The listening server and its free loopback port; `age` gives the room's `t`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _converse(room, age, reader, writer)
        except (ConnectionError, ValueError):
            # The client is gone, or sent a line beyond the limit; upsd drops such a client without a word.
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, LOOPBACK, 0, limit=_LONGEST_LINE)
    return server, server.sockets[0].getsockname()[1]


async def _converse(
    room: Room, age: Callable[[], float], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    while line := await reader.readline():
        request = line.decode("utf-8", "replace").strip()
        reply = answer(room, age(), request)
        writer.write(("\n".join(reply) + "\n").encode())
        await writer.drain()
        if request.upper() == "LOGOUT":
            return
