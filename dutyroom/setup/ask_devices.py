"""Switches, routers, firewalls and servers: each is tried live before it is taken."""

from __future__ import annotations

from pathlib import Path

from dutyroom.config.device_forms import NetworkForm, ServerForm
from dutyroom.config.devices import Reader
from dutyroom.config.values import host_and_port
from dutyroom.inert import inert
from dutyroom.model.devices import NetworkDevice, Server, SnmpAccess
from dutyroom.model.facts import Interface
from dutyroom.model.reading import Sample
from dutyroom.setup import tried
from dutyroom.setup.ask_access import ask_access
from dutyroom.setup.finding import Finder
from dutyroom.setup.listing import change_list
from dutyroom.setup.plan import Draft, name_for
from dutyroom.setup.talk import EDIT, KEEP, RETRY, SKIP, Talk, after_failure, ask, choose, pick, walk
from dutyroom.tomlform import FormError
from dutyroom.words import N_, _

SNMP_PORT = 161
PORTS_SHOWN = 64
_KINDS = (
    ("switch", N_("switch")),
    ("router", N_("router")),
    ("firewall", N_("firewall")),
    ("other", N_("another network device")),
    ("server", N_("a server")),
)
# ifType 6 is ethernetCsmacd, 117 gigabitEthernet (IANAifType-MIB); loopbacks and tunnels are nobody's cable.
_CABLES = (6, 117, None)


def ask_devices(talk: Talk, draft: Draft, finder: Finder) -> None:
    """Lists, changes and adds devices until the person goes on."""
    change_list(
        talk,
        rows=lambda: _rows(draft),
        add=lambda: _Device(talk, draft, finder).ask(),
        change=lambda name: _Device(talk, draft, finder, name).ask(),
        forget=draft.forget,
        what=_("add a device asked over SNMP"),
    )


def _rows(draft: Draft) -> list[tuple[str, str]]:
    devices: list[NetworkForm | ServerForm] = [
        *draft.network.values(),
        *(one for one in draft.servers.values() if one.source == "snmp"),
    ]
    return [(one.name, f"{one.label or one.name}  ({one.address}, SNMP)") for one in devices]


class _Device:
    """One device while it is being asked about; it enters the draft when its last question was answered."""

    def __init__(self, talk: Talk, draft: Draft, finder: Finder, name: str = "") -> None:
        self._talk, self._draft, self._finder, self._before = talk, draft, finder, name
        self._place, self._kind, self._label = "", "switch", ""
        self._name = name
        self._ports: list[str] = []
        self._access: SnmpAccess | None = None
        self._sample: Sample | None = None
        if name:
            self._start_from(name)

    def _start_from(self, name: str) -> None:
        draft = self._draft
        network = draft.network.get(name)
        form: NetworkForm | ServerForm = network if network is not None else draft.servers[name]
        self._place = form.address or ""
        if form.port != SNMP_PORT:
            self._place = f"[{self._place}]:{form.port}" if ":" in self._place else f"{self._place}:{form.port}"
        self._label = form.label
        if isinstance(form, NetworkForm):
            self._kind, self._ports = form.kind, list(form.watch_ports)
        else:
            self._kind = "server"
        self._access = known_access(draft, form)

    def ask(self) -> None:
        """Every question, with the try among them. Raises Back from the first."""
        asked = (self._ask_place, self._ask_kind, self._ask_access, self._try, self._ask_label, self._ask_ports)
        try:
            walk(self._talk, asked)
        except _LeftOut:
            return
        self._keep()

    def _ask_place(self) -> None:
        self._place = ask(
            self._talk,
            _("Address (host, or host:port)"),
            self._place,
            explain=_("The management address of the device, as this machine reaches it. SNMP uses UDP port 161."),
            check=lambda text: host_and_port(text, SNMP_PORT),
        )

    def _ask_kind(self) -> None:
        self._kind = choose(self._talk, _("What is it"), _KINDS, self._kind)

    def _ask_access(self) -> None:
        self._access = ask_access(self._talk, self._access)

    def _try(self) -> None:
        """Asks the device; in the end it answered, is kept unverified, or is left out."""
        while True:
            self._talk.say(_("  asking {server} ...").format(server=inert(self._place, 100)))
            self._sample = self._finder.device(self._device())
            for line in tried.device_lines(self._place, self._sample):
                self._talk.say(f"  {line}")
            if self._sample.state.knows:
                return
            wish = after_failure(self._talk, EDIT + RETRY + KEEP + SKIP)
            if wish == KEEP:
                return
            if wish == SKIP:
                raise _LeftOut
            if wish == EDIT:
                walk(self._talk, (self._ask_place, self._ask_kind, self._ask_access))

    def _device(self) -> NetworkDevice | Server:
        host, port = host_and_port(self._place, SNMP_PORT)
        access = self._access or SnmpAccess("2c")
        if self._kind == "server":
            return Server(self._name or "new", "new", "snmp", host, port, access)
        return NetworkDevice(self._name or "new", "new", host, access, port, self._kind)

    def _ask_label(self) -> None:
        facts = self._sample.device if self._sample is not None else None
        told = facts.sys_name if facts is not None and facts.sys_name else ""
        self._label = ask(
            self._talk,
            _("What people call it"),
            self._label or inert(told, 60) or self._place,
            explain=_("The name on the board, in the round and in the workbook, in any language."),
            words=True,
        )
        if not self._name:
            otherwise = "server" if self._kind == "server" else self._kind
            self._name = name_for(told or self._label, self._draft.names(), f"{otherwise}-1")

    def _ask_ports(self) -> None:
        facts = self._sample.device if self._sample is not None else None
        if self._kind == "server" or facts is None:
            return
        ports = [one for one in facts.interfaces if one.is_up and one.type in _CABLES][:PORTS_SHOWN]
        if not ports:
            return
        self._talk.say(_("  Ports that are up now:"))
        for number, port in enumerate(ports, 1):
            self._talk.say(f"  {number:2} {_port(port)}")
        kept = [str(number) for number, port in enumerate(ports, 1) if port.name in self._ports]
        chosen = pick(
            self._talk,
            _("Which must stay up (all: every port that is ever seen up)"),
            len(ports),
            " ".join(kept) or "all",
            explain=_(
                "A watched port that goes down is a fault on the board. all watches every port from the moment it is "
                "first seen up; numbers such as 1 3-5 watch these alone; patterns go into the site file later."
            ),
        )
        self._ports = [ports[number - 1].name for number in chosen] if len(chosen) < len(ports) else []

    def _keep(self) -> None:
        draft, access = self._draft, self._access or SnmpAccess("2c")
        host, port = host_and_port(self._place, SNMP_PORT)
        old = draft.network.get(self._before) or draft.servers.get(self._before)
        unchanged = old is not None and access == known_access(draft, old)
        snmp = old.snmp if old is not None and unchanged else draft.keep_secrets(self._name, access)
        values: dict[str, object] = {"name": self._name, "label": self._label, "address": host, "snmp": snmp}
        if port != SNMP_PORT:
            values["port"] = port
        if isinstance(old, NetworkForm | ServerForm):
            values["also_from"] = old.also_from
        # A device that stays what it was keeps its place in the list.
        (draft.network if self._kind == "server" else draft.servers).pop(self._before, None)
        if self._kind == "server":
            draft.servers[self._name] = ServerForm.model_validate({**values, "source": "snmp"})
            return
        if isinstance(old, NetworkForm):
            values["arp"] = old.arp
        if self._ports:
            values["watch_ports"] = self._ports
        draft.network[self._name] = NetworkForm.model_validate({**values, "kind": self._kind})


class _LeftOut(Exception):
    """The device is left out: back to the list."""


def known_access(draft: Draft, form: NetworkForm | ServerForm) -> SnmpAccess | None:
    """The access with its secrets as typed before or as its files hold them; None when they cannot be read."""
    if form.snmp is None:
        return None
    snmp = form.snmp
    typed = {
        key: draft.secrets.get(getattr(snmp, f"{key}_file") or "")
        for key in ("community", "auth_password", "priv_password")
    }
    if any(typed.values()):
        return SnmpAccess(snmp.version, user=snmp.user, auth=snmp.auth, priv=snmp.priv, **typed)
    reader = Reader(Path(draft.path).absolute().parent, 1.0)
    try:
        device = reader.network(form, "") if isinstance(form, NetworkForm) else reader.server(form, "")
    except FormError:
        return None
    return device.snmp


def _port(port: Interface) -> str:
    speed = f"{port.speed_bps / 1e9:g} Gbit/s" if port.speed_bps and port.speed_bps >= 1e9 else ""
    if port.speed_bps and not speed:
        speed = f"{port.speed_bps / 1e6:g} Mbit/s"
    return "  ".join(part for part in (inert(port.name, 40), speed, inert(port.alias, 40)) if part)
