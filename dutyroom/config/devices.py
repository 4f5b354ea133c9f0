"""The devices of the site file: which keys go together, and what each becomes."""

from __future__ import annotations

from pathlib import Path

from dutyroom.config.device_forms import AcForm, BackupForm, CheckedForm, NetworkForm, ServerForm, UpsForm
from dutyroom.config.secrets import secret_of
from dutyroom.config.snmp_form import SnmpForm
from dutyroom.config.values import absolute, host_and_port, host_of, ip_of
from dutyroom.model.devices import (
    AirConditioner,
    BackupJob,
    NetworkDevice,
    OutsideLine,
    Secret,
    Server,
    SnmpAccess,
    System,
    Ups,
)
from dutyroom.model.profile import Profile
from dutyroom.tomlform import FormError
from dutyroom.tomlvalues import seconds
from dutyroom.words import _

NUT_PORT = 3493
SHORTEST_USM_PASSWORD = 8


def system(form: CheckedForm) -> System:
    """A system answered on a TCP port."""
    return System(form.name, form.label or form.name, form.check)


def line(form: CheckedForm) -> OutsideLine:
    """An outside line."""
    return OutsideLine(form.name, form.label or form.name, form.check)


class Reader:
    """Makes devices of their forms; gathers warnings.

    `hold_time_s` is that of a UPS that says nothing else, `profiles` are the site's own.
    """

    def __init__(self, folder: Path, hold_time_s: float, profiles: tuple[Profile, ...] = ()) -> None:
        self.folder = folder
        self.profiles = profiles
        self.hold_time_s = hold_time_s
        self.warnings: list[str] = []

    def ups(self, form: UpsForm, place: str) -> Ups:
        """A UPS by NUT or by SNMP. Raises FormError when it is neither or both."""
        by_nut = form.server is not None or form.ups is not None
        by_snmp = form.address is not None or form.snmp is not None
        if by_nut and by_snmp:
            raise FormError(
                _("{place} has keys of both kinds; keep server and ups (NUT), or address and snmp").format(place=place)
            )
        host, port = host_and_port(form.server, NUT_PORT) if form.server is not None else (None, NUT_PORT)
        if by_nut and form.ups is None:
            raise FormError(_("{place} ups is missing; add its name on the NUT server").format(place=place))
        if by_nut and host is None:
            raise FormError(
                _('{place} server is missing; add the NUT server, such as server = "127.0.0.1:3493"').format(
                    place=place
                )
            )
        if not by_nut and not by_snmp:
            raise FormError(
                _("{place} does not say how it is asked; add server and ups (NUT), or address and snmp").format(
                    place=place
                )
            )
        address, snmp = self._asked(form, place)
        return Ups(
            name=form.name,
            label=form.label or form.name,
            hold_time_s=seconds(form.hold_time) if form.hold_time is not None else self.hold_time_s,
            server_host=host,
            server_port=port,
            ups=form.ups,
            address=address,
            port=form.port,
            snmp=snmp,
            rated_w=form.rated_w,
            battery_installed=form.battery_installed,
            low_charge_percent=form.low_charge,
            low_runtime_s=seconds(form.low_runtime) if form.low_runtime is not None else None,
        )

    def network(self, form: NetworkForm, place: str) -> NetworkDevice:
        """A switch, router or firewall."""
        return NetworkDevice(
            name=form.name,
            label=form.label or form.name,
            address=host_of(form.address),
            snmp=self._access(form.snmp, form.name, place),
            port=form.port,
            kind=form.kind,
            watch_ports=tuple(form.watch_ports),
            arp=form.arp,
            fdb=form.fdb,
            also_from=tuple(ip_of(ip) for ip in form.also_from),
            profiles=self.profiles,
        )

    def server(self, form: ServerForm, place: str) -> Server:
        """A server. Raises FormError when its keys do not fit its source."""
        if form.source == "local" and (form.address is not None or form.snmp is not None):
            raise FormError(
                _(
                    '{place} is this machine (source = "local"); remove address and snmp, or write source = "snmp"'
                ).format(place=place)
            )
        address, snmp = self._asked(form, place)
        if form.source == "snmp" and snmp is None:
            raise FormError(
                _("{place} address is missing; a server asked over SNMP needs address and snmp").format(place=place)
            )
        return Server(
            name=form.name,
            label=form.label or form.name,
            source=form.source,
            address=address,
            port=form.port,
            snmp=snmp,
            also_from=tuple(ip_of(ip) for ip in form.also_from),
        )

    def air_conditioner(self, form: AcForm, place: str) -> AirConditioner:
        """An air conditioner."""
        address, snmp = self._asked(form, place)
        return AirConditioner(form.name, form.label or form.name, address, form.port, snmp)

    def backup(self, form: BackupForm) -> BackupJob:
        """A backup; its path is seen from the folder of the site file."""
        path = absolute(str(self.folder), form.path) if form.path is not None else None
        age = seconds(form.max_age) if form.max_age is not None else None
        return BackupJob(form.name, form.label or form.name, path, age)

    def _asked(self, form: UpsForm | ServerForm | AcForm, place: str) -> tuple[str | None, SnmpAccess | None]:
        if form.address is None and form.snmp is None:
            return None, None
        if form.address is None:
            raise FormError(_("{place} address is missing; snmp needs to know where to ask").format(place=place))
        if form.snmp is None:
            raise FormError(
                _("{place} snmp is missing; say how {address} is asked").format(place=place, address=form.address)
            )
        return host_of(form.address), self._access(form.snmp, form.name, place)

    def _secret(self, form: SnmpForm, key: str, device: str, place: str) -> Secret | None:
        secret, warning = secret_of(form, key, device, place, self.folder)
        if warning:
            self.warnings.append(warning)
        return secret

    def _access(self, form: SnmpForm, device: str, place: str) -> SnmpAccess:
        where = f"{place} snmp"
        foreign = ("user", "auth", "priv") if form.version == "2c" else ("community",)
        for key in sorted(form.model_fields_set):
            if key.startswith(foreign):
                raise FormError(
                    _("{place}.{key} has no meaning in version {version}; remove it or change version").format(
                        place=where, key=key, version=form.version
                    )
                )
        if form.version == "3":
            return self._user_security(form, device, where)
        community = self._secret(form, "community", device, where)
        if community is None:
            raise FormError(_("{place}.community_file is missing; version 2c needs a community").format(place=where))
        return SnmpAccess(version="2c", community=community)

    def _user_security(self, form: SnmpForm, device: str, where: str) -> SnmpAccess:
        """RFC 3414: a user always, no privacy without authentication, passwords of eight characters or more."""
        if form.user is None:
            raise FormError(_("{place}.user is missing; version 3 needs a user").format(place=where))
        if form.priv is not None and form.auth is None:
            raise FormError(
                _('{place}.auth is missing; there is no privacy without authentication, add auth = "SHA-256"').format(
                    place=where
                )
            )
        found: dict[str, Secret | None] = {}
        for protocol, key in (("auth", "auth_password"), ("priv", "priv_password")):
            chosen = getattr(form, protocol) is not None
            secret = self._secret(form, key, device, where)
            if chosen and secret is None:
                raise FormError(
                    _("{place}.{key}_file is missing; {protocol} needs a password").format(
                        place=where, key=key, protocol=protocol
                    )
                )
            if secret is not None and not chosen:
                raise FormError(
                    _("{place}.{protocol} is missing; a password is there but no protocol").format(
                        place=where, protocol=protocol
                    )
                )
            if secret is not None and len(secret.reveal().encode()) < SHORTEST_USM_PASSWORD:
                raise FormError(
                    _(
                        "{place}.{key}: the password is shorter than {count} characters, which SNMPv3 does not allow"
                    ).format(place=where, key=key, count=SHORTEST_USM_PASSWORD)
                )
            found[key] = secret
        return SnmpAccess(
            version="3",
            user=form.user,
            auth=form.auth,
            auth_password=found["auth_password"],
            priv=form.priv,
            priv_password=found["priv_password"],
        )
