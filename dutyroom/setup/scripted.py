"""From an answers file to a plan: the same tries as in the conversation, without one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dutyroom.config.device_forms import NetworkForm, ServerForm, UpsForm
from dutyroom.config.devices import NUT_PORT, Reader
from dutyroom.config.values import absolute, host_and_port
from dutyroom.errors import SiteFileError, SourceError
from dutyroom.model.devices import NetworkDevice, Server
from dutyroom.model.reading import State
from dutyroom.setup import tried
from dutyroom.setup.answers import AnswersForm, NutAnswers
from dutyroom.setup.finding import Finder
from dutyroom.setup.plan import Admin, Draft, Plan, name_for
from dutyroom.tomlform import FormError, place, with_guess
from dutyroom.tomlvalues import seconds
from dutyroom.words import _


def plan_of(answers: AnswersForm, file: Path, draft: Draft, finder: Finder, say: Callable[[str], None]) -> Plan:
    """The plan these answers make; `draft` starts from the site file there is, `say` tells what each try brought.

    Raises SiteFileError for an answer that cannot be, SourceError when a device does not answer and is not marked
    `unverified`.
    """
    draft.language, draft.timezone = answers.language, answers.timezone
    draft.name, draft.room, draft.hold_time = answers.site.name, answers.site.room, answers.site.hold_time
    folder = file.absolute().parent
    if answers.second_folder is not None:
        draft.second_folder = absolute(str(folder), answers.second_folder)
    try:
        for nut in answers.nut:
            _take_upses(nut, draft, finder, say)
        for ups in answers.ups:
            draft.ups[ups.name] = ups
        reader = Reader(folder, seconds(draft.hold_time))
        for at, network in enumerate(answers.network):
            device = reader.network(network, place(("network", at)))
            _try(device, network.unverified, finder, say)
            values = _said(network) | {"snmp": draft.keep_secrets(device.name, device.snmp)}
            draft.network[device.name] = NetworkForm.model_validate(values)
        for at, one in enumerate(answers.server):
            server = reader.server(one, place(("server", at)))
            values = _said(one)
            if server.snmp is not None:
                _try(server, one.unverified, finder, say)
                values["snmp"] = draft.keep_secrets(server.name, server.snmp)
            draft.servers[server.name] = ServerForm.model_validate(values)
    except FormError as error:
        raise SiteFileError(f"{file}: {error}") from None
    _this_machine(answers, draft)
    if answers.admin is not None:
        secret = answers.admin.secret_file
        path = Path(absolute(str(folder), secret)) if secret is not None else None
        draft.admin = Admin(answers.admin.name, answers.admin.label, path)
    return draft.plan()


def _said(form: NetworkForm | ServerForm) -> dict[str, object]:
    """What the answers say of a device, without what only answers have."""
    return {key: getattr(form, key) for key in form.model_fields_set if key != "unverified"}


def _try(device: NetworkDevice | Server, unverified: bool, finder: Finder, say: Callable[[str], None]) -> None:
    sample = finder.device(device)
    for line in tried.device_lines(device.name, sample):
        say(line)
    if not sample.state.knows and not unverified:
        sentence = _(
            "{name} ({address}) does not answer as configured; correct it, or write unverified = true to keep it"
        )
        raise SourceError(sentence.format(name=device.name, address=device.address), code=sample.state.value)


def _take_upses(nut: NutAnswers, draft: Draft, finder: Finder, say: Callable[[str], None]) -> None:
    host, port = host_and_port(nut.server, NUT_PORT)
    found = finder.upses(host, port)
    if found.state is not State.OK:
        for line in tried.nut_advice(found, nut.server):
            say(line)
        if not (nut.unverified and nut.only):
            sentence = _(
                "The NUT server {server} does not answer; correct it, or name its UPSes in only and write "
                "unverified = true to keep them"
            )
            raise SourceError(sentence.format(server=nut.server), code=found.state.value)
    offered = {one.name: one for one in found.offered}
    for name in nut.only:
        if found.state is State.OK and name not in offered:
            sentence = _("the NUT server {server} has no UPS named {name}").format(server=nut.server, name=name)
            raise FormError(with_guess(sentence, name, offered))
    for name in nut.only or offered:
        if name in offered:
            say(tried.ups_line(offered[name]))
        same = next((one for one in draft.ups.values() if (one.server, one.ups) == (nut.server, name)), None)
        values: dict[str, object] = _kept(same) | {
            "name": same.name if same is not None else name_for(name, draft.names(), "ups"),
            "server": nut.server,
            "ups": name,
        }
        values |= {
            key: told[name] for key, told in (("label", nut.label), ("hold_time", nut.hold_time)) if name in told
        }
        ups = UpsForm.model_validate(values)
        draft.ups[ups.name] = ups


def _kept(same: UpsForm | None) -> dict[str, object]:
    return {key: getattr(same, key) for key in same.model_fields_set} if same is not None else {}


def _this_machine(answers: AnswersForm, draft: Draft) -> None:
    wanted = answers.this_machine
    there = any(one.source == "local" for one in draft.servers.values())
    if wanted.watch and not there:
        label = {"label": wanted.label} if wanted.label else {}
        draft.servers[wanted.name] = ServerForm.model_validate({"name": wanted.name, "source": "local", **label})
