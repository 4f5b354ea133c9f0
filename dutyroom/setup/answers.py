"""The answers file of `dutyroom init --answers`: what a person would be asked, for a script.

It is TOML with the site file's own names; secrets stand in files of their own (`*_file`). Relative paths are seen from
the folder of the answers file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field

from dutyroom.config.device_forms import NetworkForm, ServerForm, UpsForm
from dutyroom.config.values import HostPort, LanguageName, Name, NutName, ZoneName
from dutyroom.errors import SiteFileError
from dutyroom.inert import inert
from dutyroom.tomlform import Form, FormError, fill, parse_toml
from dutyroom.tomlvalues import Duration, FilledText, Text
from dutyroom.words import _

LARGEST = 1024 * 1024


class SiteAnswers(Form):
    """The hospital and the room."""

    name: FilledText = Field(examples=['"County Hospital"'])
    """The hospital or campus."""
    room: Text = ""
    """The machine room."""
    hold_time: Duration = "3h"
    """How long every UPS must last that says nothing else."""


class NutAnswers(Form):
    """A NUT server; every UPS it lists is taken unless `only` names some."""

    server: HostPort = Field(examples=['"127.0.0.1:3493"'])
    """host:port."""
    only: list[NutName] = []
    """The UPSes to take, by their names there."""
    label: dict[NutName, Text] = {}
    """What people call them: ups-a = "UPS A"."""
    hold_time: dict[NutName, Duration] = {}
    """How long each must last, where that is not the room's."""
    unverified: bool = False
    """Take the UPSes in `only` although the server does not answer now."""


class NetworkAnswers(NetworkForm):
    """A switch, router or firewall as in the site file."""

    unverified: bool = False
    """Keep it although it does not answer now."""


class ServerAnswers(ServerForm):
    """A server asked over SNMP as in the site file."""

    unverified: bool = False
    """Keep it although it does not answer now."""


class ThisMachine(Form):
    """This machine as one of the servers."""

    watch: bool = True
    """Whether it is watched."""
    name: Name = "duty-pc"
    """Its name in the site file."""
    label: Text = ""
    """What people call it."""


class AdminAnswers(Form):
    """The first operator, who adds the others."""

    name: FilledText = Field(examples=['"admin"'])
    """The login: small letters, digits, dot, dash."""
    label: Text = ""
    """The name people read."""
    secret_file: FilledText | None = None
    """Where the one-time secret is written (0600); without it, it is printed once."""


class AnswersForm(Form):
    """The whole answers file."""

    language: LanguageName = "en"
    """en or zh_CN."""
    timezone: ZoneName = Field(examples=['"Asia/Shanghai"'])
    """IANA name of the time zone."""
    site_file: FilledText | None = None
    """Where the site file is written; --config says the same."""
    second_folder: FilledText | None = None
    """A folder on another disk or machine that gets a copy of every backup."""
    site: SiteAnswers
    nut: list[NutAnswers] = []
    ups: list[UpsForm] = []
    network: list[NetworkAnswers] = []
    server: list[ServerAnswers] = []
    this_machine: ThisMachine = ThisMachine()
    admin: Annotated[AdminAnswers | None, Field()] = None


def read_answers(path: Path) -> AnswersForm:
    """The answers, checked. Raises SiteFileError with one sentence: file, key, what to do."""
    shown = inert(str(path), 300)
    try:
        with path.open("rb") as opened:
            raw = opened.read(LARGEST)
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise SiteFileError(_("{path} is not UTF-8; save the file as UTF-8").format(path=shown)) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or _("not a path")
        sentence = _("{path}: cannot be read ({reason}); check its owner and mode").format(path=shown, reason=reason)
        raise SiteFileError(sentence) from None
    try:
        return fill(AnswersForm, parse_toml(text))
    except FormError as error:
        raise SiteFileError(f"{shown}: {error}") from None
