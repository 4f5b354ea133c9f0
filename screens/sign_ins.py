"""Coming in, and what a person may change about their own login: password and PIN."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from dutyroom import clock
from dutyroom.duty import operators, signin
from dutyroom.duty.signin import SignedIn
from dutyroom.rules.passwords import WARN_S
from dutyroom.words import N_, _
from screens.dialogs.secrets import Field, SecretsDialog
from screens.dialogs.signin import SignInDialog, terminal_name

if TYPE_CHECKING:
    from dutyroom.model.site import Site
    from screens.app import DutyroomApp
    from screens.desk import OpenedRoom

NEW = (Field("new", N_("New password")), Field("again", N_("The same again")))


def sign_in(app: DutyroomApp, then: Callable[[], None]) -> None:
    """Asks name and password; `then` follows when somebody signed in."""

    def signed_in(came: SignedIn | None) -> None:
        if came is not None:
            app.came_in(came)
            then()

    if app.opened is not None:
        app.push_screen(SignInDialog(app.opened), signed_in)


def begin(app: DutyroomApp, came: SignedIn) -> None:
    """The session begins; the sign-in before this one is told, and a password that is about to be too old."""
    site, now = app.site, clock.now()
    app.session.begin(came, site.session, _shift_ends_at(site, now))
    told = _last(came, site)
    if told:
        app.notify(told, markup=False)
    left = came.password_left_s
    if left is not None and left < WARN_S:
        days = max(0, int(left // 86400))
        sentence = _("Your password has to be changed within {n} days.")
        app.notify(sentence.format(n=days), severity="warning", markup=False)


def change_password(app: DutyroomApp) -> None:
    """One's own password, asked for with the old one."""
    came, opened = app.session.came, app.opened
    if came is None or opened is None:
        sign_in(app, lambda: change_password(app))
        return
    name, store, rules = came.actor.name, opened.desk.store, opened.desk.site.passwords

    async def act(old: str, new: str, _again: str) -> SignedIn:
        return await opened.writer.carry_out(
            signin.change_password, store, name, old, new, terminal_name(), clock.now(), rules
        )

    def changed(result: SignedIn | None) -> None:
        if result is not None:
            app.notify(_("Your password is changed."), markup=False)

    fields = (Field("password", N_("Password")), *NEW)
    app.push_screen(SecretsDialog(N_("Change my password"), fields, act), changed)


def set_pin(app: DutyroomApp) -> None:
    """One's own PIN, asked for with the password."""
    came, opened = app.session.came, app.opened
    if came is None or opened is None:
        sign_in(app, lambda: set_pin(app))
        return

    async def act(password: str, pin: str, _again: str) -> bool:
        await opened.writer.carry_out(operators.set_pin, opened.desk.store, came.actor, password, pin, clock.now())
        return True

    def told(done: bool | None) -> None:
        if done:
            app.notify(_("Your PIN is set: it unlocks this screen, and nothing else."), markup=False)

    fields = (
        Field("password", N_("Password")),
        Field("new", N_("PIN, 6 to 12 digits")),
        Field("again", N_("The same again")),
    )
    app.push_screen(SecretsDialog(N_("Set my PIN"), fields, act), told)


def own_password(opened: OpenedRoom, name: str, old: str, why: str) -> SecretsDialog[SignedIn]:
    """The dialog that follows a one-time secret or a password that is too old."""
    store, rules = opened.desk.store, opened.desk.site.passwords

    async def act(new: str, _again: str) -> SignedIn:
        return await opened.writer.carry_out(
            signin.change_password, store, name, old, new, terminal_name(), clock.now(), rules
        )

    return SecretsDialog(N_("Choose a password of your own"), NEW, act, why)


def _shift_ends_at(site: Site, now: datetime) -> datetime:
    """The next change of shift: who comes after signs in with their own name."""
    from dutyroom.rules.shifts import around, shift_times

    near = around(shift_times(site), now, site.timezone)
    return near.running.ends_at if near.running is not None else near.next.begins_at


def _last(came: SignedIn, site: Site) -> str:
    from dutyroom import show

    last, told = came.last, []
    if last.at is not None:
        sentence = _("Last sign-in {at} at {terminal}.")
        told.append(sentence.format(at=show.moment(last.at, site.timezone), terminal=last.terminal or "?"))
    if last.refused_since:
        told.append(_("{n} refused since.").format(n=last.refused_since))
    return " ".join(told)
