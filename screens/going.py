"""What leads from one screen to another: actions of the application, which the action layer may deny by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from dutyroom.words import _
from screens.places import MODES, home_of

if TYPE_CHECKING:
    from textual.screen import Screen

    from screens.app import DutyroomApp


class Going:
    """The part of the application that opens help, palette and round, and goes to a device, item, person or month."""

    def action_help(self) -> None:
        """The keys that work here."""
        from screens.dialogs.help import HelpDialog

        app = cast("DutyroomApp", self)
        app.push_screen(HelpDialog(app.screen))

    def action_switch_language(self) -> None:
        """The other language, on every open screen and under what is being typed."""
        from screens.tongue import other_language, switch_language

        switch_language(cast("DutyroomApp", self), other_language())

    def action_open_round(self) -> None:
        """Starts the round that is due, goes on with it, or shows it when it is signed."""
        from screens.walking import open_round

        open_round(cast("DutyroomApp", self))

    def action_command_palette(self) -> None:
        """The palette, in the language in force."""
        from textual.command import CommandPalette

        from screens.palette import RoomPalette

        app = cast("DutyroomApp", self)
        if getattr(app.screen, "ANY_KEY_CLOSES", False):
            app.pop_screen()
        if not isinstance(app.screen, CommandPalette):
            app.push_screen(RoomPalette())

    def action_go_to_device(self, name: str) -> None:
        """The page of a device's kind, with the device chosen."""
        app = cast("DutyroomApp", self)
        view = next((one for one in app.board.sources if one.name == name), None) if app.board is not None else None
        if view is not None:
            app.selected[home_of(view.kind)] = name
            app.switch_mode(MODES[view.kind])
            app.call_after_refresh(_uncover, app)

    def action_go_to_item(self, item: str) -> None:
        """The line of an item: in the round in front, else in the round that is due."""
        from screens.walk_view import WalkScreen
        from screens.walking import open_round

        app = cast("DutyroomApp", self)
        if isinstance(app.screen, WalkScreen):
            app.screen.go_to_item(item)
        else:
            open_round(app, item)

    def action_go_to_person(self, name: str) -> None:
        """The rounds of an operator."""
        from screens.records import Person

        self._go_to_records(Person(name))

    def action_go_to_month(self, year: int, month: int) -> None:
        """The rounds of a month."""
        from screens.records import Month

        self._go_to_records(Month(year, month))

    def action_tour(self) -> None:
        """The first look again."""
        from screens.dialogs.tour import TourDialog

        app = cast("DutyroomApp", self)
        if not app.screen.is_modal:
            app.push_screen(TourDialog())

    def begin_tour(self) -> None:
        """Shows the first look when the room is there; never over anything that was opened meanwhile."""
        app = cast("DutyroomApp", self)
        if app.current_mode == "board" and len(app.screen_stack) == 1:
            self.action_tour()

    def action_go_to_doctor(self) -> None:
        """Everything checked: this machine, the records, every source."""
        from screens.doctor import DoctorScreen

        app = cast("DutyroomApp", self)
        if app.opened is not None and app.opened.examine is not None and not isinstance(app.screen, DoctorScreen):
            app.push_screen(DoctorScreen(app.opened.examine))

    def action_go_to_handover(self) -> None:
        """What this shift leaves, or what the last one left."""
        from screens.handover import HandoverScreen
        from screens.handover_lines import Typed

        app = cast("DutyroomApp", self)
        if app.opened is None or app.screen.is_modal or isinstance(app.screen, HandoverScreen):
            return
        # What was typed outlives the page, until the sheet is given.
        app.typed_handover = app.typed_handover or Typed()
        app.push_screen(HandoverScreen(app.opened, app.typed_handover))

    def action_go_to_zero_report(self) -> None:
        """The zero report that is due: preview, signature, what to send."""
        from screens.zero_report import ZeroReportScreen

        app = cast("DutyroomApp", self)
        if app.opened is not None and not app.screen.is_modal and not isinstance(app.screen, ZeroReportScreen):
            app.push_screen(ZeroReportScreen(app.opened))

    def action_go_to_export(self, year: int = 0, month: int = 0) -> None:
        """The workbook of a month or another period; without a month the last one that is over."""
        from dutyroom import clock
        from dutyroom.rules.report_period import PeriodKind, holding, stepped
        from screens.export import ExportScreen

        app = cast("DutyroomApp", self)
        if app.opened is None or app.screen.is_modal or isinstance(app.screen, ExportScreen):
            return
        today = clock.local_date(clock.now(), app.site.timezone)
        period = holding(PeriodKind.MONTH, today.replace(year=year, month=month, day=1) if year else today)
        app.push_screen(ExportScreen(app.opened, period if year else stepped(period, -1)))

    def action_go_to_discharge_tests(self, ups: str = "") -> None:
        """The discharge tests of a UPS; without one those of the first."""
        from screens.discharge_test import DischargeTestScreen

        app = cast("DutyroomApp", self)
        names = [one.name for one in app.site.ups]
        if app.opened is None or app.screen.is_modal or not names or isinstance(app.screen, DischargeTestScreen):
            return
        app.push_screen(DischargeTestScreen(app.opened, ups or names[0]))

    def action_go_to_chart(self, source: str, quantity: str = "") -> None:
        """The history of a device; without a quantity that of its main one."""
        from screens.chart import ChartScreen

        app = cast("DutyroomApp", self)
        if app.opened is not None:
            if isinstance(app.screen, ChartScreen):
                app.pop_screen()
            app.push_screen(ChartScreen(app.opened, source, quantity))

    def action_choose_trend(self) -> None:
        """Asks for the line whose answers are shown over time."""
        from dutyroom.duty.trends import asked_lines
        from screens.dialogs.choose_trend import ChooseTrendDialog

        app = cast("DutyroomApp", self)
        if app.opened is not None and not app.screen.is_modal:
            app.push_screen(
                ChooseTrendDialog(asked_lines(app.opened.desk), app.site),
                lambda line: self.action_go_to_trend(line.item.id, line.device) if line is not None else None,
            )

    def action_go_to_trend(self, item: str, device: str = "") -> None:
        """How the answers to a line went over 14 or 90 days."""
        from screens.trend import TrendScreen

        app = cast("DutyroomApp", self)
        if app.opened is not None:
            if isinstance(app.screen, TrendScreen):
                app.pop_screen()
            app.push_screen(TrendScreen(app.opened, item, device))

    def action_go_to_addresses(self) -> None:
        """Who is on the network, and what of it is not registered."""
        from screens.addresses import AddressesScreen

        app = cast("DutyroomApp", self)
        if app.opened is not None and not app.screen.is_modal and not isinstance(app.screen, AddressesScreen):
            app.push_screen(AddressesScreen(app.opened))

    def action_go_to_finding(self, number: int) -> None:
        """The page of a finding."""
        from screens.findings import open_page

        app = cast("DutyroomApp", self)
        if app.opened is not None and not app.screen.is_modal:
            open_page(app, number)

    def action_go_to_outage(self) -> None:
        """The power event that runs, or whose closing text is owed."""
        from screens.outage_alarm import take_over

        app = cast("DutyroomApp", self)
        if app.board is None or app.board.outage is None:
            app.notify(_("There is no outage."), markup=False)
        else:
            take_over(app)

    def _go_to_records(self, subject: object) -> None:
        from screens.records import Month, Person, RecordsScreen

        app = cast("DutyroomApp", self)
        if app.opened is not None and isinstance(subject, Month | Person):
            if isinstance(app.screen, RecordsScreen):
                app.pop_screen()
            app.push_screen(RecordsScreen(app.opened, subject))


def _uncover(app: DutyroomApp) -> None:
    """Takes away what lies over the page: lists of rounds, and a round in which nothing is half typed."""
    from screens.walk_view import WalkScreen

    while is_put_aside(app.screen):
        app.pop_screen()
    if isinstance(app.screen, WalkScreen):
        app.notify(
            _("In this round something is half typed: end it with enter or esc, then search again."), markup=False
        )
    app.show_now()


def is_put_aside(screen: Screen[object]) -> bool:
    """True for a screen over a page that can be left without losing anything."""
    from screens.addresses import AddressesScreen
    from screens.chart import ChartScreen
    from screens.device_page import DevicePage
    from screens.discharge_test import DischargeTestScreen
    from screens.doctor import DoctorScreen
    from screens.export import ExportScreen
    from screens.finding_page import FindingPage
    from screens.handover import HandoverScreen
    from screens.outage import OutageScreen
    from screens.records import RecordsScreen
    from screens.trend import TrendScreen
    from screens.ups_page import UpsPage
    from screens.walk_view import WalkScreen
    from screens.zero_report import ZeroReportScreen

    if isinstance(screen, WalkScreen):
        return not (screen.note.asking or screen.state.typed or screen.state.chosen >= 0)
    over = (
        ExportScreen | RecordsScreen | DoctorScreen | ChartScreen | TrendScreen | UpsPage | DevicePage | AddressesScreen
    )
    return isinstance(
        screen, over | HandoverScreen | ZeroReportScreen | FindingPage | OutageScreen | DischargeTestScreen
    )
