"""The form of the site file: its sections and keys as they are written, before they become a `Site`.

The text under a key is its description in the JSON Schema that editors use.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from dutyroom.config.snmp_form import SnmpForm
from dutyroom.config.values import (
    Check,
    Host,
    HostPort,
    Ip,
    LanguageName,
    LiveValue,
    Mac,
    Name,
    NutName,
    Port,
    SqliteUrl,
    ZoneName,
)
from dutyroom.tomlform import Form
from dutyroom.tomlvalues import Duration, DurationOrNever, FilledText, ItemId, LocalTime, Text, listed, one_of

PROFILES = ("gb50174", "strict", "house")
KINDS = ("switch", "router", "firewall", "other")
THEMES = ("dark", "light", "contrast", "terminal")

ProfileName = Annotated[str, one_of(*PROFILES), listed(*PROFILES)]
NetworkKind = Annotated[str, one_of(*KINDS), listed(*KINDS)]
ThemeName = Annotated[str, one_of(*THEMES), listed(*THEMES)]
ServerSource = Annotated[str, one_of("local", "snmp"), listed("local", "snmp")]


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


class DeviceForm(Form):
    """What every configured thing has."""

    name: Name = Field(examples=['"ups-a"'])
    """Unique over all kinds; letters A-Z, digits, - _ and ."""
    label: Text = ""
    """What people call it, in any language; default: its name."""


class UpsForm(DeviceForm):
    """A UPS on a NUT server (server, ups), or with an SNMP card (address, snmp)."""

    server: HostPort | None = None
    """The NUT server, host:port."""
    ups: NutName | None = None
    """Its name on the NUT server."""
    address: Host | None = None
    """The SNMP card."""
    port: Port = 161
    """The SNMP card's UDP port."""
    snmp: SnmpForm | None = None
    hold_time: Duration | None = None
    """How long it must last; default: that of [site]."""
    rated_w: Annotated[float, Field(gt=0, le=10_000_000)] | None = None
    """Rated power in watts: gives the load in watts."""
    battery_installed: date | None = None
    """When its battery was put in."""


class NetworkForm(DeviceForm):
    """A switch, router or firewall, asked over SNMP."""

    address: Host = Field(examples=['"10.0.0.1"'])
    """Host or address."""
    port: Port = 161
    """UDP port."""
    kind: NetworkKind = "switch"
    """What it is."""
    snmp: SnmpForm = Field(examples=['{ version = "2c", community_file = "core-1.community" }'])
    watch_ports: list[FilledText] = []
    """Ports to watch, by ifName, ifDescr or ifAlias (* and ? stand for others); default: all that were ever up."""
    arp: bool = False
    """Whether its ARP and FDB tables are used to find unknown addresses."""
    also_from: list[Ip] = []
    """Other addresses it may answer from (VRRP)."""


class ServerForm(DeviceForm):
    """A server: this machine, or one asked over SNMP."""

    source: ServerSource = Field(examples=['"local"'])
    """local (psutil on this machine) or snmp."""
    address: Host | None = None
    """Host or address, for snmp."""
    port: Port = 161
    """UDP port, for snmp."""
    snmp: SnmpForm | None = None
    also_from: list[Ip] = []
    """Other addresses it may answer from."""


class LoadForm(Form):
    """What hangs on the UPSes, in shedding order."""

    name: Name = Field(examples=['"his-db-1"'])
    """Its name; a server's name where it is one."""
    label: Text = ""
    """What people call it; default: its name."""
    fed_by: Annotated[list[Name], Field(min_length=1)] = Field(examples=['["ups-a"]'])
    """The UPSes that feed it."""
    needs: Annotated[int, Field(ge=1, le=64)] = 1
    """How many of them it needs."""
    watts: Annotated[float, Field(ge=0, le=10_000_000)] | None = None
    """What it draws."""
    shed_group: Annotated[int, Field(ge=1, le=99)] | None = None
    """1 is switched off first."""
    restart_order: Annotated[int, Field(ge=1, le=999)] | None = None
    """1 is started first."""
    owner: Text = ""
    """Who decides."""
    phone: Text = ""
    """Their telephone."""
    how: Text = ""
    """How it is shut down, in words."""


class AcForm(DeviceForm):
    """An air conditioner; SNMP optional."""

    address: Host | None = None
    """Host or address."""
    port: Port = 161
    """UDP port."""
    snmp: SnmpForm | None = None


class CheckedForm(DeviceForm):
    """A system (HIS, LIS, PACS, a database) or an outside line."""

    check: Check | None = None
    """tcp://host:port or ping://host."""


class BackupForm(DeviceForm):
    """A backup that must be there every day."""

    path: FilledText | None = None
    """Its files; * and ? stand for others."""
    max_age: Duration | None = None
    """How old the newest may be."""


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


class RegisterForm(Form):
    """An address that may be in the network."""

    ip: Ip | None = None
    """IP address."""
    mac: Mac | None = None
    """MAC address."""
    name: FilledText = Field(examples=['"his-db-1"'])
    """Whose it is."""


class SiteForm(Form):
    """The dutyroom site file."""

    language: LanguageName = "en"
    """en or zh_CN."""
    timezone: ZoneName = Field(examples=['"Asia/Shanghai"'])
    """IANA name of the time zone."""
    site: SiteSection
    store: StoreSection = StoreSection()
    poll: PollSection = PollSection()
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
    keys: dict[FilledText, FilledText] = {}
    """Other keys for actions: "round.sign" = "ctrl+g"; several are separated by commas."""
    contact: list[ContactForm] = []
    known_address: list[RegisterForm] = Field(default=[], alias="register")
