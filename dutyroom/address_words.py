"""Words for addresses: what does not agree, in a few words and in a sentence. Never "intruder": unregistered."""

from __future__ import annotations

from collections.abc import Mapping

from dutyroom import show
from dutyroom.model.addresses import AddressFinding, Mismatch
from dutyroom.model.events import Event
from dutyroom.rules.macs import is_random
from dutyroom.words import N_, _

KINDS = {
    Mismatch.IP_UNREGISTERED: N_("unregistered"),
    Mismatch.IP_OTHER_MAC: N_("other MAC than registered"),
    Mismatch.MAC_OTHER_IP: N_("other IP than registered"),
    Mismatch.IP_TWO_MACS: N_("two MACs for one IP"),
    Mismatch.PORT_UNEXPECTED: N_("on another port"),
    Mismatch.PORT_MANY_MACS: N_("several devices on one port"),
    Mismatch.EXPIRED: N_("registration out of date"),
    Mismatch.UNSEEN: N_("registered, not seen"),
}
_DETAILS = {
    Mismatch.IP_OTHER_MAC: N_("registered with {registered_mac} ({whose})"),
    Mismatch.MAC_OTHER_IP: N_("registered on {registered_ip} ({whose})"),
    Mismatch.IP_TWO_MACS: N_("{other_mac} answered too, within an hour"),
    Mismatch.PORT_UNEXPECTED: N_("registered on {expected} ({whose})"),
    Mismatch.PORT_MANY_MACS: N_("{count} MACs on this port"),
    Mismatch.EXPIRED: N_("valid until {until} ({whose})"),
    Mismatch.UNSEEN: N_("last seen {last} ({whose})"),
}


def kind(code: Mismatch) -> str:
    """A mismatch in a few words."""
    return _(KINDS[code])


def detail(finding: AddressFinding) -> str:
    """What was expected, or what else is to be known; empty where the kind says all."""
    params = dict(finding.params)
    if finding.code is Mismatch.IP_UNREGISTERED:
        if "count" in params:
            return _("one device with {count} addresses: a router, proxy or NAT").format(count=params["count"])
        return random_mac(finding.mac)
    if finding.code is Mismatch.UNSEEN:
        params["last"] = params.get("last", "")[:10] or _("never")
    return _(_DETAILS[finding.code]).format_map(show.Params(params)).removesuffix(" ()")


def sentence(finding: AddressFinding) -> str:
    """The kind, and what was expected where there is something."""
    more = detail(finding)
    return _("{what}: {detail}").format(what=kind(finding.code), detail=more) if more else kind(finding.code)


def random_mac(mac: str) -> str:
    """That a MAC is made up by the device itself; empty for one that is not."""
    return _("random MAC, made up by the device") if mac and is_random(mac) else ""


def subject(params: Mapping[str, str]) -> str:
    """What a finding is about, for a line among others."""
    ip, mac = params.get("ip", ""), params.get("mac", "")
    return " ".join(filter(None, (ip, mac))) or params.get("subject", "")


def event(value: Event) -> str:
    """An event about addresses in a few words, without its time and source."""
    params = dict(value.params)
    what = _(KINDS[Mismatch(params["what"])]) if params.get("what") in set(Mismatch) else params.get("what", "")
    match value.code:
        case "address-began":
            port = params.get("port", "")
            return " ".join(filter(None, (subject(params), _("on {port}").format(port=port) if port else "", what)))
        case "address-ended":
            return _("{subject} no longer {what}").format(subject=subject(params), what=what)
        case "addresses-ended":
            return _("{count} addresses no longer {what}").format(count=params.get("count", "?"), what=what)
        case _:
            return _("{count} addresses {what}").format(count=params.get("count", "?"), what=what)


def is_ours(value: Event) -> bool:
    """True for an event about addresses."""
    return value.code.startswith("address")
