"""What is to be set up: a site file being filled in, the secrets that go beside it, and the first admin."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from dutyroom.config.device_forms import NetworkForm, ServerForm, UpsForm
from dutyroom.config.sections import SiteForm, SiteSection, StoreSection
from dutyroom.config.snmp_form import SnmpForm
from dutyroom.model.devices import Secret, SnmpAccess

SECRETS = "secrets"
# Where a service keeps its records (file-hierarchy(7)); a user's own room keeps them in the user data directory.
SYSTEM_FOLDER = Path("/etc/dutyroom")
SYSTEM_STORE = "sqlite:////var/lib/dutyroom/dutyroom.db"


@dataclass(frozen=True, slots=True)
class Admin:
    """The first operator. `secret_file` is where the one-time secret is written; None: it is shown once."""

    name: str
    label: str = ""
    secret_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that will be written. `secrets` are file names seen from the folder of the site file."""

    path: Path
    form: SiteForm
    secrets: tuple[tuple[str, Secret], ...] = ()
    admin: Admin | None = None


@dataclass(slots=True)
class Draft:
    """A plan that is still being made. `before` is the site file it starts from; its other sections are kept."""

    path: Path
    before: SiteForm | None = None
    language: str = "en"
    timezone: str = ""
    name: str = ""
    room: str = ""
    hold_time: str = "3h"
    second_folder: str = ""
    ups: dict[str, UpsForm] = field(default_factory=dict)
    network: dict[str, NetworkForm] = field(default_factory=dict)
    servers: dict[str, ServerForm] = field(default_factory=dict)
    secrets: dict[str, Secret] = field(default_factory=dict)
    admin: Admin | None = None

    @classmethod
    def of(cls, path: Path, before: SiteForm | None) -> Draft:
        """A draft that starts from a site file, or from nothing."""
        if before is None:
            return cls(path)
        return cls(
            path=path,
            before=before,
            language=before.language,
            timezone=before.timezone,
            name=before.site.name,
            room=before.site.room,
            hold_time=before.site.hold_time,
            second_folder=before.store.second_folder or "",
            ups={one.name: one for one in before.ups},
            network={one.name: one for one in before.network},
            servers={one.name: one for one in before.server},
        )

    def names(self) -> set[str]:
        """Every name that is taken: one name, one thing."""
        before = self.before
        others = (*before.ac, *before.system, *before.line, *before.backup) if before is not None else ()
        return {*self.ups, *self.network, *self.servers, *(one.name for one in others)}

    def keep_secrets(self, device: str, access: SnmpAccess) -> SnmpForm:
        """How the site file names this access; its secrets go into files of their own, beside it."""
        files: dict[str, str] = {}
        for key, ending, secret in (
            ("community_file", "community", access.community),
            ("auth_password_file", "auth", access.auth_password),
            ("priv_password_file", "priv", access.priv_password),
        ):
            if secret is not None:
                files[key] = f"{SECRETS}/{device}.{ending}"
                self.secrets[files[key]] = secret
        told = {"user": access.user, "auth": access.auth, "priv": access.priv}
        return SnmpForm.model_validate(
            {"version": access.version, **{key: value for key, value in told.items() if value is not None}, **files}
        )

    def forget(self, device: str) -> None:
        """Takes a device out, and what was to be written for it."""
        for devices in (self.ups, self.network, self.servers):
            devices.pop(device, None)
        for name in [name for name in self.secrets if name.startswith(f"{SECRETS}/{device}.")]:
            del self.secrets[name]

    def plan(self) -> Plan:
        """The plan as it stands. What was not asked about stays as the site file had it."""
        site = {"name": self.name, "room": self.room, "hold_time": self.hold_time}
        store = {"second_folder": self.second_folder} if self.second_folder else {}
        if self.before is None and self.path.parent == SYSTEM_FOLDER:
            store["url"] = SYSTEM_STORE
        base = self.before
        told = {
            "language": self.language,
            "timezone": self.timezone,
            "site": base.site.model_copy(update=site) if base is not None else SiteSection.model_validate(site),
            "ups": list(self.ups.values()),
            "network": list(self.network.values()),
            "server": list(self.servers.values()),
        }
        if base is not None:
            if self.second_folder != (base.store.second_folder or ""):
                told["store"] = base.store.model_copy(update={"second_folder": self.second_folder or None})
        elif store:
            told["store"] = StoreSection.model_validate(store)
        form = base.model_copy(update=told) if base is not None else SiteForm.model_validate(told)
        return Plan(self.path, form, tuple(self.secrets.items()), self.admin)


def name_for(text: str, taken: Iterable[str], otherwise: str) -> str:
    """A name the site file takes, made from any text; numbered when it is taken."""
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", text).strip("-._")[:60].lower() or otherwise
    names = set(taken)
    if plain not in names:
        return plain
    return next(name for number in range(2, len(names) + 3) if (name := f"{plain}-{number}") not in names)
