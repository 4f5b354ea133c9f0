"""The UPSes: a NUT server is asked what it has, and each that is taken gets its label and hold time."""

from __future__ import annotations

from dutyroom.config.device_forms import UpsForm
from dutyroom.config.devices import NUT_PORT
from dutyroom.config.values import host_and_port
from dutyroom.inert import inert
from dutyroom.model.reading import State
from dutyroom.setup import tried
from dutyroom.setup.finding import Finder, Offered
from dutyroom.setup.listing import change_list
from dutyroom.setup.plan import Draft, name_for
from dutyroom.setup.talk import EDIT, NONE, RETRY, SKIP, Talk, after_failure, ask, pick, walk
from dutyroom.tomlvalues import seconds
from dutyroom.words import _

LOCAL = f"127.0.0.1:{NUT_PORT}"


def ask_upses(talk: Talk, draft: Draft, finder: Finder) -> None:
    """Lists, changes and adds UPSes until the person goes on."""
    if not draft.ups:
        _add(talk, draft, finder)
    change_list(
        talk,
        rows=lambda: [(one.name, _row(one, draft)) for one in draft.ups.values()],
        add=lambda: _add(talk, draft, finder),
        change=lambda name: _change(talk, draft, draft.ups[name]),
        forget=draft.forget,
        what=_("ask another NUT server"),
    )


def _row(ups: UpsForm, draft: Draft) -> str:
    hold = _("must last {time}").format(time=ups.hold_time or draft.hold_time)
    where = f"{ups.ups}@{ups.server}" if ups.server is not None else f"SNMP {ups.address}"
    return f"{ups.label or ups.name}  ({where}, {hold})"


def _add(talk: Talk, draft: Draft, finder: Finder) -> None:
    server = LOCAL

    def which() -> None:
        nonlocal server
        server = ask(
            talk,
            _("NUT server (host:port, none to leave it out)"),
            server,
            explain=_(
                "The machine on which the NUT program upsd runs and the UPSes are connected. It listens on TCP port "
                "3493. UPSes without NUT can be added to the site file later."
            ),
            check=lambda text: None if text.casefold() in NONE else host_and_port(text, NUT_PORT),
        )

    def try_it() -> None:
        nonlocal server
        while server.casefold() not in NONE:
            talk.say(_("  asking {server} ...").format(server=inert(server, 100)))
            found = finder.upses(*host_and_port(server, NUT_PORT))
            if found.state is State.OK and found.offered:
                _take(talk, draft, server, found.offered)
                return
            if found.state is State.OK:
                talk.say(_("  It answers and has no UPS: are the drivers started (upsdrvctl start)?"))
            for line in tried.nut_advice(found, server) if found.state is not State.OK else ():
                talk.say(f"  {line}")
            wish = after_failure(talk, RETRY + EDIT + SKIP)
            if wish == SKIP:
                return
            if wish == EDIT:
                which()

    walk(talk, (which, try_it))


def _take(talk: Talk, draft: Draft, server: str, offered: tuple[Offered, ...]) -> None:
    for number, one in enumerate(offered, 1):
        talk.say(f"  {number} {tried.ups_line(one)}")
    chosen: list[int] = []

    def which() -> None:
        nonlocal chosen
        explain = _("Numbers such as 1 3-5; all takes every one, none takes none.")
        chosen = pick(talk, _("Which of them are watched"), len(offered), "all", explain=explain)

    def each() -> None:
        taken = [_form(draft, server, offered[number - 1]) for number in chosen]
        for form in taken:
            draft.ups[form.name] = form
        walk(talk, [lambda form=form: _change(talk, draft, form) for form in taken])  # type: ignore[misc]

    walk(talk, (which, each))


def _form(draft: Draft, server: str, offered: Offered) -> UpsForm:
    same = next((one for one in draft.ups.values() if (one.server, one.ups) == (server, offered.name)), None)
    if same is not None:
        return same
    name = name_for(offered.name, draft.names(), "ups")
    return UpsForm.model_validate({"name": name, "server": server, "ups": offered.name})


def _change(talk: Talk, draft: Draft, form: UpsForm) -> None:
    def label() -> None:
        told = ask(
            talk,
            _("{name}: what people call it").format(name=form.name),
            draft.ups[form.name].label or form.name,
            explain=_("The name on the board, in the round and in the workbook, in any language."),
            words=True,
        )
        draft.ups[form.name] = draft.ups[form.name].model_copy(update={"label": told})

    def hold() -> None:
        told = ask(
            talk,
            _("{name}: hold time").format(name=form.name),
            draft.ups[form.name].hold_time or draft.hold_time,
            explain=hold_times(),
            check=seconds,
        )
        update = {"hold_time": told if told != draft.hold_time else None}
        draft.ups[form.name] = draft.ups[form.name].model_copy(update=update)

    walk(talk, (label, hold))


def hold_times() -> str:
    """What a hold time is, for `?`."""
    return _(
        "How long the battery must carry the load when the mains fail. Inspections ask for 3h, 6h or 8h by the class "
        "of the room. The board tells for every UPS whether its runtime meets this."
    )
