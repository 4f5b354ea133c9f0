"""The forms of addresses in the site file: who an address belongs to, and how the tables of the network are asked."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from dutyroom.config.values import Mac, mac_of
from dutyroom.model.addresses import AddressRules, Registration
from dutyroom.rules.register import range_of
from dutyroom.tomlform import Form, FormError, place
from dutyroom.tomlvalues import Duration, FilledText, Text, quoted, says, seconds
from dutyroom.words import _


def ips_of(text: str) -> tuple[str, str]:
    """First and last address. Raises ValueError with a sentence."""
    try:
        return range_of(text)
    except ValueError:
        raise ValueError(
            _('{text} is not an IP address, a range such as "10.0.0.10-10.0.0.50", or a network').format(
                text=quoted(text)
            )
        ) from None


def _device_port(text: str) -> str:
    device, colon, port = text.partition(":")
    if not (device.strip() and colon and port.strip()):
        raise ValueError(
            _('{text} must name a device and its port: "access-1:GigabitEthernet0/0/24"').format(text=quoted(text))
        )
    return text


Ips = Annotated[str, says(ips_of)]
DevicePort = Annotated[str, says(_device_port)]


class RegisterForm(Form):
    """An address that belongs here. More come from dutyroom register import."""

    ip: Ips | None = None
    """IP address, a range (10.0.0.10-10.0.0.50) or a network (10.0.0.0/24)."""
    mac: Mac | None = None
    """MAC address."""
    name: FilledText = Field(examples=['"his-db-1"'])
    """What it is."""
    owner: Text = ""
    """Who is responsible for it."""
    user: Text = ""
    """Who uses it."""
    department: Text = ""
    """The department."""
    location: Text = ""
    """Where it stands."""
    switch: Text = ""
    """The switch it is connected to, by its name in [[network]]."""
    port: Text = ""
    """The port there."""
    valid_until: date | None = None
    """The last day it is valid."""
    note: Text = ""
    """Anything else."""


class AddressSection(Form):
    """How unregistered addresses are found."""

    every: Duration = "10m"
    """How long to wait between two readings of the ARP and FDB tables."""
    learn: Duration = "7d"
    """How long after the first reading nothing is an alarm."""
    unseen: Duration = "30d"
    """After so long without being seen a registered address is told."""
    uplinks: list[DevicePort] = []
    """Ports that lead to other switches, "device:port" (* and ? stand for others); LLDP and CDP tell most of them."""
    shared_ports: list[DevicePort] = []
    """Ports at which several devices are in order, "device:port"."""


def address_rules(form: AddressSection) -> AddressRules:
    """The rules of the section."""
    return AddressRules(
        every_s=seconds(form.every),
        learn_s=seconds(form.learn),
        unseen_s=seconds(form.unseen),
        uplinks=tuple(form.uplinks),
        shared=tuple(form.shared_ports),
    )


def registrations(forms: list[RegisterForm]) -> tuple[Registration, ...]:
    """What the site file registers. Raises FormError for an entry without address, and for one written twice."""
    made: list[Registration] = []
    for at, one in enumerate(forms):
        if one.ip is None and one.mac is None:
            raise FormError(_("{place} needs an ip or a mac").format(place=place(("register", at))))
        first, last = ips_of(one.ip) if one.ip is not None else ("", "")
        mac = mac_of(one.mac) if one.mac is not None else ""
        if first and any((first, last, mac) == (known.first, known.last, known.mac) for known in made):
            raise FormError(
                _("{place}: {ip} is registered twice; keep one of them").format(
                    place=place(("register", at, "ip")), ip=one.ip
                )
            )
        made.append(
            Registration(
                first=first,
                last=last,
                mac=mac,
                name=one.name,
                owner=one.owner,
                user=one.user,
                department=one.department,
                location=one.location,
                switch=one.switch,
                port=one.port,
                valid_until=one.valid_until,
                note=one.note,
            )
        )
    return tuple(made)
