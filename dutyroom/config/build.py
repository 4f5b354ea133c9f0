"""From the filled form to the frozen Site: what one key cannot tell by itself is checked here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from platformdirs import user_data_path

from dutyroom.config import devices, duty
from dutyroom.config.notify_form import notify_rules, recipients
from dutyroom.config.register_form import address_rules, registrations
from dutyroom.config.sections import SiteForm
from dutyroom.config.values import absolute, language_of, live_of, zone_of
from dutyroom.errors import ProfileError
from dutyroom.model.devices import Load
from dutyroom.model.hold import HoldRules
from dutyroom.model.profile import Profile
from dutyroom.model.site import (
    BackupRules,
    Contact,
    Credential,
    LimitProfile,
    PasswordRules,
    PollIntervals,
    ScreenRules,
    SessionRules,
    Site,
)
from dutyroom.profiles import load_folder
from dutyroom.rules.live_variables import is_known, names_of
from dutyroom.rules.sources import kind_of
from dutyroom.tomlform import FormError, place, with_guess
from dutyroom.tomlvalues import local_time, seconds, seconds_or_never
from dutyroom.words import _

DEVICE_SECTIONS = ("ups", "network", "server", "ac", "system", "line", "backup")


def default_store_url() -> str:
    """The database in the user data directory."""
    return f"sqlite:///{user_data_path('dutyroom') / 'dutyroom.db'}"


def build(form: SiteForm, folder: Path, fingerprint: str) -> tuple[Site, tuple[str, ...]]:
    """The site, and warnings. Relative paths are seen from `folder`. Raises FormError."""
    _names_are_unique(form)
    reader = devices.Reader(folder, seconds(form.site.hold_time), _own_profiles(folder, form.profiles.folder))
    url = form.store.url
    told, warnings = recipients(form.recipient, folder)
    site = Site(
        language=language_of(form.language),
        timezone=zone_of(form.timezone),
        name=form.site.name,
        room=form.site.room,
        hold_time_s=reader.hold_time_s,
        limit_profile=LimitProfile(form.site.limit_profile),
        zero_report_at=local_time(form.site.zero_report_at),
        zero_report_grace_s=seconds(form.site.zero_report_grace),
        store_url=f"sqlite:///{absolute(str(folder), url.removeprefix('sqlite:///'))}" if url else default_store_url(),
        fingerprint=fingerprint,
        poll=PollIntervals(
            ups_s=seconds(form.poll.ups),
            ups_on_battery_s=seconds(form.poll.ups_on_battery),
            network_s=seconds(form.poll.network),
            server_s=seconds(form.poll.server),
            check_s=seconds(form.poll.check),
            backup_s=seconds(form.poll.backup),
        ),
        ups=tuple(reader.ups(ups, place(("ups", at))) for at, ups in enumerate(form.ups)),
        network=tuple(reader.network(device, place(("network", at))) for at, device in enumerate(form.network)),
        servers=tuple(reader.server(server, place(("server", at))) for at, server in enumerate(form.server)),
        loads=_loads(form),
        air_conditioners=tuple(reader.air_conditioner(ac, place(("ac", at))) for at, ac in enumerate(form.ac)),
        systems=tuple(devices.system(system) for system in form.system),
        lines=tuple(devices.line(line) for line in form.line),
        backups=tuple(reader.backup(backup) for backup in form.backup),
        credentials=_credentials(form),
        contacts=tuple(Contact(one.role, one.name, one.phone, one.order) for one in form.contact),
        shifts=duty.shifts(form.shift),
        tools=duty.tools(form.tool),
        notify=notify_rules(form.notify),
        recipients=told,
        register=registrations(form.known_address),
        session=SessionRules(seconds_or_never(form.lock.after), seconds_or_never(form.lock.longest)),
        passwords=PasswordRules(
            shortest=form.passwords.shortest,
            kinds=3 if form.passwords.complexity else 1,
            every_s=seconds_or_never(form.passwords.every),
        ),
        backup=BackupRules(
            at=local_time(form.store.backup_at),
            folder=_folder(folder, form.store.backup_folder),
            second=_folder(folder, form.store.second_folder),
        ),
        limits=duty.limit_changes(form.limits),
        checklists=duty.checklist_rules(form.checklists, folder, _folder(folder, form.checklists.folder)),
        addresses=address_rules(form.addresses),
        screen=ScreenRules(form.screen.theme, form.screen.mouse),
        keys=tuple(form.keys.items()),
        own_profiles=reader.profiles,
        hold=HoldRules(seconds(form.hold.old_after), form.hold.derate_per_year),
    )
    return replace(site, live=_live(form, site)), (*reader.warnings, *warnings)


def _folder(seen_from: Path, text: str | None) -> Path | None:
    return None if text is None else Path(absolute(str(seen_from), text))


def _own_profiles(seen_from: Path, text: str | None) -> tuple[Profile, ...]:
    beside = seen_from / "profiles"
    folder = _folder(seen_from, text) or (beside if beside.is_dir() else None)
    try:
        return load_folder(folder) if folder is not None else ()
    except ProfileError as error:
        raise FormError(str(error), ("profiles", "folder")) from None


def _once(section: str, names: Sequence[str]) -> None:
    for at, name in enumerate(names):
        if name in names[:at]:
            raise FormError(
                _("{place}: {name} is already the name of {other}; give it another").format(
                    place=place((section, at, "name")), name=name, other=place((section, names.index(name)))
                )
            )


def _names_are_unique(form: SiteForm) -> None:
    """One name, one thing: entries of a round, samples and findings are stored under it."""
    seen: dict[str, str] = {}
    for section in DEVICE_SECTIONS:
        for at, device in enumerate(getattr(form, section)):
            if device.name in seen:
                raise FormError(
                    _("{place}: {name} is already the name of {other}; give it another").format(
                        place=place((section, at, "name")), name=device.name, other=seen[device.name]
                    )
                )
            seen[device.name] = place((section, at))


def _loads(form: SiteForm) -> tuple[Load, ...]:
    _once("load", [load.name for load in form.load])
    known = [ups.name for ups in form.ups]
    made: list[Load] = []
    for at, load in enumerate(form.load):
        where = place(("load", at, "fed_by"))
        for ups in load.fed_by:
            if ups not in known:
                sentence = _("{place}: {name} is not the name of a [[ups]]").format(place=where, name=ups)
                raise FormError(with_guess(sentence, ups, known))
        if len(set(load.fed_by)) != len(load.fed_by):
            raise FormError(_("{place} names a UPS twice; name each once").format(place=where))
        if load.needs > len(load.fed_by):
            raise FormError(
                _("{place}: {needs} supplies are needed but fed_by names {count}; correct one of them").format(
                    place=place(("load", at, "needs")), needs=load.needs, count=len(load.fed_by)
                )
            )
        made.append(
            Load(
                name=load.name,
                label=load.label or load.name,
                fed_by=tuple(load.fed_by),
                needs=load.needs,
                watts=load.watts,
                shed_group=load.shed_group,
                restart_order=load.restart_order,
                owner=load.owner,
                phone=load.phone,
                how=load.how,
            )
        )
    return tuple(made)


def _credentials(form: SiteForm) -> tuple[Credential, ...]:
    _once("credential", [one.name for one in form.credential])
    return tuple(
        Credential(one.name, one.label or one.name, one.rotated, seconds(one.every)) for one in form.credential
    )


def _live(form: SiteForm, site: Site) -> tuple[tuple[str, tuple[str, str]], ...]:
    known = {device.name: kind_of(device) for device in site.devices()}
    made: list[tuple[str, tuple[str, str]]] = []
    for item, value in form.live.items():
        source, variable = live_of(value)
        if source not in known:
            sentence = _("{place}: {name} is not the name of anything that is asked").format(
                place=place(("live", item)), name=source
            )
            raise FormError(with_guess(sentence, source, known))
        if not is_known(known[source], variable):
            sentence = _("{place}: {name} has no {variable}").format(
                place=place(("live", item)), name=source, variable=variable
            )
            raise FormError(with_guess(sentence, variable, names_of(known[source])))
        made.append((item, (source, variable)))
    return tuple(made)
