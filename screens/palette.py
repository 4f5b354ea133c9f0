"""The command palette: everything that can be done from anywhere, found in English and in the language in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual.app import SystemCommand
from textual.command import Command, CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input

from dutyroom import clock, words
from dutyroom.errors import DutyroomError
from dutyroom.words import N_, _
from screens import acknowledge_acts, backup_acts, card_acts, picture, sign_ins
from screens.look import choose_theme
from screens.tongue import switch_language

if TYPE_CHECKING:
    from screens.app import DutyroomApp
    from screens.desk import DemoControls

_MODES = (
    ("board", N_("Board")),
    ("rounds", N_("Rounds due and done")),
    ("power", N_("Power")),
    ("network", N_("Network")),
    ("servers", N_("Servers")),
    ("findings", N_("Findings")),
    ("history", N_("History")),
)
_THEMES = (
    ("dark", N_("Theme: dark")),
    ("light", N_("Theme: light")),
    ("contrast", N_("Theme: high contrast")),
    ("terminal", N_("Theme: the terminal's own colours")),
)
SEARCH = N_("Search devices, items, people, months, commands…")
NOTHING_FOUND = N_("Nothing found. Type part of a name, a month (2026-10), or a command.")
LANGUAGES = {"en": "Language 语言: English 英文", "zh_CN": "Language 语言: Chinese 中文"}


class RoomCommands(Provider):
    """Finds a command by its title or by its English title."""

    async def discover(self) -> Hits:
        """Every command, in its own order."""
        for command in self._commands():
            yield DiscoveryHit(_plain(command.title), command.callback, text=command.title, help=command.help or None)

    async def search(self, query: str) -> Hits:
        """The commands that match in either language."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = max(matcher.match(command.title), matcher.match(command.help) if command.help else 0.0)
            if score > 0:
                shown = matcher.highlight(command.title)
                yield Hit(score, shown, command.callback, text=command.title, help=command.help or None)

    def _commands(self) -> Iterable[SystemCommand]:
        return commands(cast("DutyroomApp", self.app), self.screen)


class RoomPalette(CommandPalette):
    """Textual's palette with its own words in the language in force."""

    def __init__(self) -> None:
        super().__init__(placeholder=_(SEARCH), id="--command-palette")
        self._stands_on: int | None = None

    def retranslate(self) -> None:
        """The same search in the language in force, on the same row."""
        typed, found = self.query_one(Input), self.query_one(CommandList)
        typed.placeholder = _(SEARCH)
        self._stands_on = found.highlighted
        self._cancel_gather_commands()
        self._gather_commands(typed.value.strip())

    def _refresh_command_list(self, command_list: CommandList, commands: list[Command], clear_current: bool) -> None:
        super()._refresh_command_list(command_list, commands, clear_current)
        if self._stands_on is not None and self._stands_on < command_list.option_count:
            command_list.highlighted = self._stands_on
        self._stands_on = None

    def _start_no_matches_countdown(self, search_value: str) -> None:
        # Textual's own sentence is a literal in a closure; this puts the translated one there after it.
        super()._start_no_matches_countdown(search_value)
        self.set_timer(self._NO_MATCHES_COUNTDOWN + 0.01, self._say_no_matches)

    def _say_no_matches(self) -> None:
        found = self.query_one(CommandList)
        if found.option_count == 1 and found.get_option_at_index(0).id == self._NO_MATCHES:
            found.replace_option_prompt_at_index(0, Content(_(NOTHING_FOUND)))


def commands(app: DutyroomApp, screen: Screen[object]) -> Iterable[SystemCommand]:
    """The commands of the application; `help` holds the English title where the language is another one.

    None of them does anything while the screens are locked.
    """
    for command in _all_commands(app, screen):
        yield command._replace(callback=app.unless_locked(command.callback))


def _all_commands(app: DutyroomApp, screen: Screen[object]) -> Iterable[SystemCommand]:
    if not screen.is_modal:  # what is asked in a dialog is answered or left first
        for mode, title in _MODES:
            yield _command(title, partial(app.switch_mode, mode))
        yield _command(N_("Addresses: who is on the network"), app.action_go_to_addresses)
        yield _command(N_("Trend of an item over 14 or 90 days"), app.action_choose_trend)
        yield _command(N_("Start or go on with the round"), app.action_open_round)
        yield _command(N_("Handover of the shift"), app.action_go_to_handover)
        yield _command(N_("Zero report of the duty day"), app.action_go_to_zero_report)
        yield _command(N_("Export a workbook: week, month, quarter, year"), app.action_go_to_export)
        yield _command(N_("Print the outage card"), partial(card_acts.print_card, app))
        yield _command(N_("Discharge tests of the UPSes"), app.action_go_to_discharge_tests)
        yield _command(N_("Sign in or change the operator"), app.action_sign_in)
        yield _command(N_("Sign out"), app.action_sign_out)
        yield _command(N_("Change my password"), partial(sign_ins.change_password, app))
        yield _command(N_("Set my PIN"), partial(sign_ins.set_pin, app))
        yield _command(N_("Doctor: check everything"), app.action_go_to_doctor)
        yield _command(N_("Help"), app.action_help)
        yield _command(N_("Tour: the first look again"), partial(app.run_action, "app.tour"))
    yield _command(N_("Lock the screens"), app.action_lock)
    yield _command(N_("Ask every source now"), app.action_refresh_room)
    for name, title in _THEMES:
        yield _command(title, partial(choose_theme, app, name))
    for language, title in LANGUAGES.items():
        # In both languages at once: who cannot read the one in force must find it.
        yield SystemCommand(title, "", partial(switch_language, app, language))
    if app.board is not None and app.board.notifications.unacknowledged:
        title = N_("Acknowledge notifications: nobody else is told")
        yield _command(title, partial(acknowledge_acts.acknowledge, app))
    yield _command(N_("Back up now"), partial(backup_acts.back_up_now, app))
    yield _command(N_("Save a picture of the screen"), partial(_save_picture, app))
    if app.demo is not None:
        yield _command(N_("Demo: mains failure"), partial(_play, app, app.demo, on=True))
        yield _command(N_("Demo: mains back"), partial(_play, app, app.demo, on=False))
    yield _command(N_("Quit"), app.action_quit)


def _command(title: str, callback: Callable[[], object]) -> SystemCommand:
    return SystemCommand(_(title), "" if words.language() == "en" else title, callback)


def _plain(text: str) -> Content:
    return Content(text)


def _play(app: DutyroomApp, demo: DemoControls, *, on: bool) -> None:
    """The simulated room answers on a pipe, so it is asked in a thread."""

    def play() -> None:
        try:
            demo.outage(on)
        except DutyroomError as error:
            app.call_from_thread(app.notify, str(error), severity="error", markup=False)

    app.run_worker(play, thread=True, group="demo")


def _save_picture(app: DutyroomApp) -> None:
    """Into the folder of the records, else the home directory; after the palette has gone from the screen."""
    opened = app.opened
    folder = opened.desk.store.path.parent if opened is not None else Path.home()

    def save() -> None:
        try:
            path = picture.save(app, folder, clock.now(), app.site.timezone)
        except OSError as error:
            sentence = _("The picture cannot be saved: {reason}").format(reason=error.strerror or str(error))
            app.notify(sentence, severity="error", markup=False)
        else:
            app.notify(_("Saved: {path}").format(path=path), markup=False)

    app.call_after_refresh(save)
