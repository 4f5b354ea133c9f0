"""The forms of devices in the site file, before they become devices. The text under a key describes it to editors."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from dutyroom.config.snmp_form import SnmpForm
from dutyroom.config.values import Check, Host, HostPort, Ip, Name, NutName, Port
from dutyroom.tomlform import Form
from dutyroom.tomlvalues import Duration, FilledText, Text, listed, one_of

KINDS = ("switch", "router", "firewall", "other")


NetworkKind = Annotated[str, one_of(*KINDS), listed(*KINDS)]


ServerSource = Annotated[str, one_of("local", "snmp"), listed("local", "snmp")]


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
    low_charge: Annotated[float, Field(gt=0, le=80)] | None = None
    """Percent of charge from which on it counts as low, where its own threshold is lower or missing."""
    low_runtime: Duration | None = None
    """Time left from which on it counts as low, where its own threshold is lower or missing."""


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
    """Whether its ARP table tells which addresses are in use: true for the gateway or core switch."""
    fdb: bool = True
    """Whether its forwarding table (FDB) tells on which port each MAC address is."""
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
