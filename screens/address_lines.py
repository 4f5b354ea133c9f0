"""Addresses as lines of text: what is wrong first, in one line where there is room and in two where there is not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dutyroom import address_words, show
from dutyroom.duty.address_book import AddressBook
from dutyroom.model.addresses import Host, Mismatch, Registration, Seen
from dutyroom.model.site import Site
from dutyroom.rules.macs import is_random
from dutyroom.words import _
from screens import device_lines
from screens.device_lines import cut
from screens.flow import flowing
from screens.widgets.lines import Line, Run, pad

# From so many cells on everything about an address stands in one line.
WIDE = 150
ALARMS = frozenset(Mismatch) - {Mismatch.EXPIRED, Mismatch.UNSEEN}


def head_lines(book: AddressBook, site: Site, now: datetime, width: int) -> list[Line]:
    """How many of each kind, when the tables were read last, and until when nothing is an alarm."""
    if book.now.last_sweep_at is None:
        return flowing(_("The ARP and FDB tables were not read yet."), width, "unknown")
    told = [_("{n} {what}").format(n=n, what=address_words.kind(code)) for code, n in book.now.counts]
    role = "dim" if book.is_learning else "attention" if book.now.count(*ALARMS) else ""
    lines = flowing(" · ".join(told) if told else _("Everything that was seen is registered."), width, role, most=2)
    ago = show.ago((now - book.now.last_sweep_at).total_seconds())
    read = _("{n} seen, tables read {ago}").format(n=len([one for one in book.hosts if one.first_s]), ago=ago)
    lines += flowing(read, width, "dim", most=1)
    if book.is_learning and book.learning_until is not None:
        until = show.moment(book.learning_until, site.timezone)
        lines += flowing(_("Learning until {until}: collected, and no alarm yet.").format(until=until), width, "key")
    for one in book.now.asked:
        if not one.state.knows or one.detail:
            text = f"{one.name}: {show.state(one.state)}"
            if one.state.knows:
                text += f" ({one.detail})"
            lines += flowing(text, width, "attention", most=1)
    return lines


def row_lines(host: Host, zone: ZoneInfo, width: int, *, quiet: bool, chosen: bool) -> list[Line]:
    """One address. `quiet`: nothing is an alarm (the learning week)."""
    mark: Run = ("▸" if chosen else " ", "key")
    role = _role(host, quiet=quiet)
    address = host.ip or (host.mac if width < WIDE else "")
    strong = "cursor" if chosen else "strong"
    what = "; ".join(address_words.sentence(one) for one in host.findings)
    whose = host.registered.whose if host.registered is not None else ""
    place = f"{host.switch} {host.port}".strip() or f"{host.router} {host.interface}".strip()
    sign: Run = (_sign(host), role)
    if width >= WIDE:
        cells = (
            *(pad(address, 16), pad(_mac(host), 19), pad(place, 26)),
            *(pad(_moment(host.first_s, zone), 12), pad(_moment(host.last_s, zone), 12), pad(whose, 18)),
        )
        return [cut((mark, sign, (cells[0], strong), (" ".join(cells[1:]) + " ", ""), (what, role)), width)]
    shown = what or whose or _("not registered, not judged")
    first: Line = (mark, sign, (pad(address, 18), strong), (shown, role if what else "dim" if not whose else ""))
    when = f"{_moment(host.first_s, zone)[:5]} – {_moment(host.last_s, zone)}" if host.first_s else ""
    below = "  ".join(filter(None, (_mac(host) if host.ip else "", place, when)))
    if what and whose:
        below += f"  {whose}"
    return [cut(first, width), cut(((f"   {below}", "dim"),), width)]


def detail_lines(host: Host, book: AddressBook, site: Site, width: int) -> list[Line]:
    """All that is known about one address."""
    zone = site.timezone
    title = " ".join(filter(None, (host.ip, host.mac))) or f"{host.switch} {host.port}"
    lines: list[Line] = [cut(((title, "strong"),), width)]
    for one in host.findings:
        lines += flowing(address_words.sentence(one), width, _role(host, quiet=book.is_learning), indent=2)
        since = _("since {at}").format(at=show.moment(one.since, zone))
        lines += flowing(since, width, "dim", indent=4)
    if host.mac and is_random(host.mac):
        lines += flowing(address_words.random_mac(host.mac), width, "dim", indent=2)
    if host.first_s:
        rows: list[tuple[str, Line]] = [
            (_("First seen"), ((_moment(host.first_s, zone, year=True), ""),)),
            (_("Last seen"), ((_moment(host.last_s, zone, year=True), ""),)),
            (_("Gateway"), ((f"{site.label_of(host.router)} {host.interface}".strip() or show.NOTHING, ""),)),
            (_("Port"), ((_port(host, site), ""),)),
        ]
        lines += [(), *device_lines.facts(rows, width)]
    if host.also:
        lines += flowing(_("Also: {addresses}").format(addresses=", ".join(host.also)), width, "", indent=2, most=6)
    lines += [(), *_registered(host.registered, width)]
    lines += _sightings(book.sightings.get(host.mac, ()), host, site, width)
    return lines


def searched(host: Host) -> str:
    """Everything by which an address is found, in small letters."""
    one = host.registered or Registration()
    texts = (
        *(host.ip, host.mac, host.mac.replace(":", ""), host.switch, host.port, host.router, host.interface),
        *(one.name, one.owner, one.user, one.department, one.location, one.note, *host.also),
        *(address_words.sentence(finding) for finding in host.findings),
    )
    return " ".join(texts).casefold()


def plain_text(host: Host, zone: ZoneInfo) -> str:
    """One address as a line to be copied."""
    whose = host.registered.whose if host.registered is not None else ""
    parts = (
        *(host.ip, host.mac, f"{host.switch} {host.port}".strip(), _moment(host.last_s, zone, year=True), whose),
        *(address_words.sentence(finding) for finding in host.findings),
    )
    return " | ".join(part for part in parts if part)


def _role(host: Host, *, quiet: bool) -> str:
    if not host.findings:
        return ""
    return "dim" if quiet else "attention"


def _sign(host: Host) -> str:
    if host.findings:
        return "! "
    return "✓ " if host.registered is not None else "· "


def _mac(host: Host) -> str:
    return f"{host.mac}*" if host.mac and is_random(host.mac) else host.mac


def _moment(at_s: int, zone: ZoneInfo, *, year: bool = False) -> str:
    if not at_s:
        return ""
    text = show.moment(datetime.fromtimestamp(at_s, UTC), zone)
    return text if year else text[5:]


def _port(host: Host, site: Site) -> str:
    if not host.switch:
        return _("not on an edge port that was read")
    vlan = f" VLAN {host.vlan}" if host.vlan is not None else ""
    return f"{site.label_of(host.switch)} {host.port}{vlan}"


def _registered(one: Registration | None, width: int) -> list[Line]:
    if one is None:
        return flowing(_("Not registered. → dutyroom register add"), width, "unknown")
    told = (
        *(
            (_("IP address"), one.ip),
            (_("MAC address"), one.mac),
            (_("Device name"), one.name),
            (_("Owner"), one.owner),
        ),
        *((_("User"), one.user), (_("Department"), one.department), (_("Location"), one.location)),
        *((_("Switch"), one.switch), (_("Port"), one.port), (_("Note"), one.note)),
        (_("Valid until"), one.valid_until.isoformat() if one.valid_until is not None else ""),
    )
    rows: Sequence[tuple[str, Line]] = [(name, ((text, ""),)) for name, text in told if text]
    return [device_lines.section(_("Registered"), width), *device_lines.facts(rows, width)]


def _sightings(rows: Sequence[Seen], host: Host, site: Site, width: int) -> list[Line]:
    """Where this MAC was, newest first."""
    if not rows:
        return []
    lines: list[Line] = [(), device_lines.section(_("Where this MAC was seen"), width)]
    for row in sorted(rows, key=lambda one: one.last_s, reverse=True)[:30]:
        place = f"{site.label_of(row.device)} {row.place}" + (f" {row.ip}" if row.ip != host.ip else "")
        when = f"{_moment(row.first_s, site.timezone)} – {_moment(row.last_s, site.timezone)}"
        lines.append(cut(((f"  {when}  ", "dim"), (place, "")), width))
    return lines
