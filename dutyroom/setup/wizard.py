"""The conversation of `dutyroom init`: from the language to the summary. Nothing is written by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dutyroom import words
from dutyroom.config.device_forms import ServerForm
from dutyroom.config.values import zone_of
from dutyroom.duty.operators import is_login
from dutyroom.inert import inert
from dutyroom.setup.ask_devices import ask_devices
from dutyroom.setup.ask_upses import ask_upses, hold_times
from dutyroom.setup.finding import Finder
from dutyroom.setup.plan import Admin, Draft, Plan, name_for
from dutyroom.setup.talk import NONE, Back, Talk, agrees, ask, choose, walk
from dutyroom.tomlvalues import seconds
from dutyroom.words import _

PARTS = 6


@dataclass(frozen=True, slots=True)
class Around:
    """What the conversation needs of the machine it runs on."""

    finder: Finder
    draft_at: Callable[[Path], Draft]
    """The draft that starts from the site file there, or from nothing. Raises SiteFileError for a broken one."""
    operators: Callable[[Plan], tuple[str, ...]]
    """Who may sign in already; nobody where there are no records yet."""
    zone: str
    """The IANA name of this machine's time zone."""
    host: str
    """This machine's name."""


class Declined(Exception):
    """The person said no to the summary."""


def converse(talk: Talk, around: Around, path: Path, language: str | None) -> Plan:
    """The plan a person agreed to. `language` None: it is asked first.

    Raises Declined, EOFError or KeyboardInterrupt when there is none; SiteFileError for a broken file at the place.
    """
    return _Conversation(talk, around, path, language).hold()


def ask_language(talk: Talk, default: str) -> str:
    """The language, asked in both; it is spoken from here on."""
    talk.say("Language / 语言")
    language = choose(talk, "1 / 2", (("en", "English"), ("zh_CN", "简体中文")), default)
    words.install(language)
    return language


class _Conversation:
    def __init__(self, talk: Talk, around: Around, path: Path, language: str | None) -> None:
        self._talk, self._around, self._path, self._language = talk, around, path, language
        self._draft = Draft(path)

    def hold(self) -> Plan:
        """The parts in their order; going back from the first leads to the language again."""
        steps = (
            self._ask_language,
            self._ask_path,
            self._ask_site,
            self._part(2, lambda: _("UPSes"), lambda: ask_upses(self._talk, self._draft, self._around.finder)),
            self._part(
                3,
                lambda: _("Switches, routers, firewalls, servers"),
                lambda: ask_devices(self._talk, self._draft, self._around.finder),
            ),
            self._part(4, lambda: _("This machine"), self._ask_this_machine),
            self._part(5, lambda: _("Backups of the records"), self._ask_backups),
            self._part(6, lambda: _("The first admin"), self._ask_admin),
            self._summary,
        )
        while True:
            try:
                walk(self._talk, steps)
            except Back:
                continue
            return self._draft.plan()

    def _part(self, number: int, title: Callable[[], str], ask_it: Callable[[], None]) -> Callable[[], None]:
        def part() -> None:
            self._talk.say(f"\n[{number}/{PARTS}] {title()}")
            ask_it()

        return part

    def _ask_language(self) -> None:
        if self._language is None:
            ask_language(self._talk, words.language())
        self._talk.say(
            _(
                "This sets up a room: its site file, its secrets and its first admin. Nothing is written before you "
                "agree at the end. ? explains a question, b goes back, ctrl+c leaves."
            )
        )

    def _ask_path(self) -> None:
        self._path = Path(
            ask(
                self._talk,
                _("Site file"),
                str(self._path),
                explain=_(
                    "The one file that describes the room. In your own folder the room is yours alone; as "
                    "/etc/dutyroom/site.toml it is the machine's, for a service and an account of its own."
                ),
                words=True,
            )
        ).expanduser()
        if self._draft.before is None or self._draft.path != self._path:
            self._draft = self._around.draft_at(self._path)
        if self._draft.before is not None:
            self._talk.say(
                _(
                    "There is a site file already: the answers start from it. It is written anew from what it says; "
                    "what is not asked here stays, comments of your own do not. The old file is kept beside it."
                )
            )
        self._draft.language = words.language()
        self._draft.timezone = self._draft.timezone or self._around.zone

    def _ask_site(self) -> None:
        draft = self._draft
        self._talk.say(f"\n[1/{PARTS}] " + _("The hospital and the room"))

        def name() -> None:
            explain = _("The hospital or campus, as it stands on the board and on every workbook.")
            draft.name = ask(self._talk, _("Hospital"), draft.name, explain=explain, words=True)

        def room() -> None:
            explain = _("The machine room, such as HIS room. One site file is one room.")
            draft.room = ask(self._talk, _("Room"), draft.room or _("Machine room"), explain=explain, words=True)

        def zone() -> None:
            explain = _("The IANA name of the time zone, such as Asia/Shanghai. Due times and workbooks follow it.")
            draft.timezone = ask(self._talk, _("Time zone"), draft.timezone, explain=explain, check=zone_of)

        def hold() -> None:
            draft.hold_time = ask(
                self._talk, _("Hold time of the UPSes"), draft.hold_time, explain=hold_times(), check=seconds
            )

        walk(self._talk, (name, room, zone, hold))

    def _ask_this_machine(self) -> None:
        servers = self._draft.servers
        local = next((one for one in servers.values() if one.source == "local"), None)
        explain = _("Processor, memory, disks and temperatures of the machine dutyroom runs on, asked locally.")
        if not agrees(self._talk, _("Watch this machine too?"), True, explain=explain):
            if local is not None:
                self._draft.forget(local.name)
            return
        host = self._around.host
        name = local.name if local is not None else name_for(host, self._draft.names(), "duty-pc")
        label = ask(
            self._talk, _("What people call it"), (local.label if local is not None else "") or host, words=True
        )
        servers[name] = ServerForm.model_validate({"name": name, "label": label, "source": "local"})

    def _ask_backups(self) -> None:
        def folder(text: str) -> None:
            if text.casefold() not in NONE and not Path(text).expanduser().is_absolute():
                raise ValueError(_("write the whole path, beginning with /"))

        told = ask(
            self._talk,
            _("Folder for a second copy, on another disk"),
            self._draft.second_folder or "none",
            explain=_(
                "The records are backed up every day beside the database. One disk that breaks takes both with it: "
                "a mounted second disk or share gets a copy of each. Without one the board reminds of it."
            ),
            check=folder,
            words=True,
        )
        self._draft.second_folder = "" if told.casefold() in NONE else str(Path(told).expanduser())

    def _ask_admin(self) -> None:
        there = self._around.operators(self._draft.plan())
        self._draft.admin = None
        if there:
            told = _("There are operators already: {names}. None is added.")
            self._talk.say("  " + told.format(names=", ".join(there[:10])))
            return
        name, label = "admin", ""

        def login() -> None:
            nonlocal name
            explain = _("The admin adds the others. Small letters, digits, dot, dash; at most 32.")
            name = ask(self._talk, _("Login"), name, explain=explain, check=_login)

        def person() -> None:
            nonlocal label
            explain = _("The name people read on rounds and in the workbook.")
            label = ask(self._talk, _("Name"), label or name, explain=explain, words=True)

        walk(self._talk, (login, person))
        self._draft.admin = Admin(name, label)

    def _summary(self) -> None:
        plan = self._draft.plan()
        self._talk.say("\n" + "\n".join(summary(plan)))
        if not agrees(self._talk, _("Write this?"), True, explain=_("y writes, n leaves everything as it is.")):
            raise Declined


def _login(text: str) -> None:
    if not is_login(text):
        raise ValueError(_("use small letters, digits, dot, dash; at most 32"))


def summary(plan: Plan) -> list[str]:
    """What will be written, in a few lines."""
    form = plan.form
    things = _("{ups} UPSes, {network} network devices, {servers} servers").format(
        ups=len(form.ups), network=len(form.network), servers=len(form.server)
    )
    lines = [
        _("This will be written:"),
        f"  {inert(str(plan.path), 200)}",
        f"  {inert(form.site.name, 60)} · {inert(form.site.room, 60)} · {form.timezone} · {things}",
    ]
    if plan.secrets:
        where = plan.path.parent / "secrets"
        lines.append(
            "  " + _("{count} secrets in {folder}, for your eyes only").format(count=len(plan.secrets), folder=where)
        )
    if plan.path.exists():
        lines.append("  " + _("the old file is kept as {name}").format(name=f"{plan.path.name}.bak-…"))
    if plan.admin is not None:
        lines.append("  " + _("admin: {name}").format(name=plan.admin.name))
    return lines
