"""The form of the site file: its sections and keys as they are written, before they become a `Site`.

The text under a key is its description in the JSON Schema that editors use.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from dutyroom.checklist_form import LimitForm
from dutyroom.config.device_forms import AcForm, BackupForm, CheckedForm, LoadForm, NetworkForm, ServerForm, UpsForm
from dutyroom.config.notify_form import NotifySection, RecipientForm
from dutyroom.config.register_form import AddressSection, RegisterForm
from dutyroom.config.values import (
    LanguageName,
    LiveValue,
    Name,
    SqliteUrl,
    ZoneName,
)
from dutyroom.tomlform import Form
from dutyroom.tomlvalues import Duration, DurationOrNever, FilledText, ItemId, LocalTime, Text, listed, one_of

PROFILES = ("gb50174", "strict", "house")
THEMES = ("dark", "light", "contrast", "terminal")

ProfileName = Annotated[str, one_of(*PROFILES), listed(*PROFILES)]
ThemeName = Annotated[str, one_of(*THEMES), listed(*THEMES)]


class SiteSection(Form):
    """The hospital, the room, and the rules of the house."""

    name: FilledText = Field(examples=['"County Hospital"'])
    """The hospital or campus."""
    room: Text = ""
    """The machine room."""
    hold_time: Duration = "3h"
    """How long every UPS must last that says nothing else."""
    limit_profile: ProfileName = "gb50174"
    """Environment limits: gb50174 (18-27 °C), strict (20-25 °C, 40-60 %), house (15-30 °C, 20-80 %)."""
    zero_report_at: LocalTime = "15:00"
    """When the zero report is due and the duty day ends."""
    zero_report_grace: Duration = "30m"
    """How long after that a zero report is still on time; then its day is missing until it is signed, late."""


class StoreSection(Form):
    """Where the records are kept."""

    url: SqliteUrl | None = None
    """A SQLite file: sqlite:////var/lib/dutyroom/dutyroom.db. Default: the user data directory."""
    backup_at: LocalTime = "02:30"
    """When the records are backed up every day."""
    backup_folder: FilledText | None = None
    """Where backups are kept; default: the folder backups beside the database."""
    second_folder: FilledText | None = None
    """A folder on another disk or machine that gets a copy of every backup."""


class PollSection(Form):
    """How long to wait between the end of one poll and the start of the next."""

    ups: Duration = "5s"
    """Every UPS while all are on mains."""
    ups_on_battery: Duration = "2s"
    """Every UPS while any is on battery."""
    network: Duration = "30s"
    """Switches, routers and firewalls."""
    server: Duration = "10s"
    """Servers."""
    check: Duration = "30s"
    """Systems and outside lines."""
    backup: Duration = "10m"
    """The folders of backups."""


class HoldSection(Form):
    """How long a recorded discharge of a battery is evidence that it lasts."""

    old_after: Duration = "365d"
    """After so long an outage or discharge test is too old to count."""
    derate_per_year: Annotated[float, Field(ge=0, le=1)] = 0.2
    """What a battery loses in a year: 0.2 takes a fifth off the time it held a year ago."""


class CredentialForm(Form):
    """A password with a rotation period; only the date is kept."""

    name: Name = Field(examples=['"his-db"'])
    """Its name."""
    label: Text = ""
    """What people call it; default: its name."""
    rotated: date = Field(examples=["2026-08-01"])
    """When it was last changed."""
    every: Duration = Field(examples=['"180d"'])
    """How often it must be changed."""


class LockSection(Form):
    """How long somebody stays signed in."""

    after: DurationOrNever = "5m"
    """Locks after so long without a key; never: only by key and at the change of shift."""
    longest: DurationOrNever = "12h"
    """Signs out after so long, whatever is done."""


class PasswordSection(Form):
    """What passwords must be; GB/T 22239-2019 level 2 asks for complexity and periodic change."""

    shortest: Annotated[int, Field(ge=8, le=64)] = 8
    """The fewest characters."""
    complexity: bool = True
    """Whether three of four kinds of characters are needed: small letters, capitals, digits, others."""
    every: DurationOrNever = "180d"
    """How old a password may get; never: it need not be changed."""


class ProfilesSection(Form):
    """How kinds of devices are asked for CPU, memory, temperature, fans and power supplies."""

    folder: FilledText | None = None
    """A folder with profiles of your own; default: the folder profiles beside this file, where there is one."""


class ChecklistSection(Form):
    """The checklists; without it those that come with dutyroom and those in the folder checklists beside this file."""

    folder: FilledText | None = None
    """The folder of your own checklist files: one of the same name replaces a shipped one, another one is added."""
    off: list[FilledText] = []
    """Names of checklists that are not walked here."""


class ScreenSection(Form):
    """How the screens look."""

    theme: ThemeName = "dark"
    """dark, light, contrast, or terminal (the terminal's own colours)."""
    mouse: bool = True
    """Whether the mouse works; without it the terminal selects and copies as it always does."""


class ContactForm(Form):
    """Somebody to call, in order."""

    role: FilledText = Field(examples=['"commander"'])
    """What they do in an emergency."""
    name: FilledText = Field(examples=['"Zhang Wei"'])
    """Their name."""
    phone: FilledText = Field(examples=['"0000-0000"'])
    """Their telephone."""
    order: Annotated[int, Field(ge=0, le=999)] = 0
    """1 is called first."""


class ShiftForm(Form):
    """A shift of the desk. Without any there is one of 24 hours that ends with the duty day."""

    name: Name = Field(examples=['"day"'])
    """Its name in the roster and in the records."""
    label: Text = ""
    """What people call it; default: its name."""
    begins: LocalTime = Field(examples=['"08:00"'])
    """When it begins."""
    ends: LocalTime = Field(examples=['"20:00"'])
    """When it ends; not later than it begins: on the next day."""


class ToolForm(Form):
    """Keys, tools and spare parts that are counted at every handover."""

    name: FilledText = Field(examples=['"keys of the room"'])
    """What is counted."""
    count: Annotated[int, Field(ge=0, le=9999)] | None = None
    """How many there should be."""


class SiteForm(Form):
    """The dutyroom site file."""

    language: LanguageName = "en"
    """en or zh_CN."""
    timezone: ZoneName = Field(examples=['"Asia/Shanghai"'])
    """IANA name of the time zone."""
    site: SiteSection
    store: StoreSection = StoreSection()
    poll: PollSection = PollSection()
    hold: HoldSection = HoldSection()
    ups: list[UpsForm] = []
    network: list[NetworkForm] = []
    server: list[ServerForm] = []
    load: list[LoadForm] = []
    ac: list[AcForm] = []
    system: list[CheckedForm] = []
    line: list[CheckedForm] = []
    backup: list[BackupForm] = []
    credential: list[CredentialForm] = []
    live: dict[ItemId, LiveValue] = {}
    """Which reading feeds which item: "env.rh" = "ups-a:ambient.humidity"."""
    lock: LockSection = LockSection()
    passwords: PasswordSection = PasswordSection()
    screen: ScreenSection = ScreenSection()
    profiles: ProfilesSection = ProfilesSection()
    checklists: ChecklistSection = ChecklistSection()
    limits: dict[ItemId, LimitForm] = {}
    """Your own limits of an item: "env.rh" = { normal = [35, 65] }."""
    keys: dict[FilledText, FilledText] = {}
    """Other keys for actions: "round.sign" = "ctrl+g"; several are separated by commas."""
    contact: list[ContactForm] = []
    shift: list[ShiftForm] = []
    tool: list[ToolForm] = []
    notify: NotifySection = NotifySection()
    recipient: list[RecipientForm] = []
    addresses: AddressSection = AddressSection()
    known_address: list[RegisterForm] = Field(default=[], alias="register")
