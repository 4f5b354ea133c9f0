"""Opens a locked screen: the same person with PIN or password, another person by signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dutyroom import clock
from dutyroom.duty.signin import SignedIn, has_pin, unlock
from dutyroom.errors import SignInRefused
from dutyroom.rules.session import LockReason
from dutyroom.words import _
from screens.dialogs.signin import SignInDialog
from screens.key_names import key_name
from screens.lock import EVERYTHING

if TYPE_CHECKING:
    from screens.desk import OpenedRoom
    from screens.session import Session

PIN_DIGITS = range(6, 13)


class UnlockDialog(SignInDialog):
    """Gives the session that was locked when its own person opened it, a new one otherwise; None after `esc`."""

    CSS_PATH = "signin.tcss"
    LOCKED_ACTIONS = EVERYTHING

    def __init__(self, opened: OpenedRoom, session: Session) -> None:
        super().__init__(opened)
        self._session = session

    def title_text(self) -> str:
        """Who locked, in the frame."""
        return _("Locked")

    def first_values(self) -> tuple[str, str]:
        """The name of who is signed in."""
        came = self._session.came
        return (came.actor.name if came is not None else "", "")

    def hint(self) -> str:
        """What may be typed."""
        over = self._session.locked is LockReason.OVER
        told = _("The session is over: sign in with the password.")
        leave = _("{leave} goes on reading").format(leave=key_name(self.app, "sign-in.leave"))
        told = told if over else _("PIN or password; another person: another name.")
        return "\n".join(filter(None, (self.demo_login(), told, leave)))

    async def come_in(self, name: str, secret: str) -> SignedIn:
        """Unlocks the own session while it may be; signs in otherwise. Raises DutyroomError."""
        came, session = self._session.came, self._session
        if came is None or name != came.actor.name or session.locked is LockReason.OVER:
            return await super().come_in(name, secret)
        carry_out, store = self.opened.writer.carry_out, self.opened.desk.store
        looks_like_pin = secret.isdigit() and len(secret) in PIN_DIGITS and session.pin_tries > 0
        by_pin = looks_like_pin and await carry_out(has_pin, store, name)
        try:
            await carry_out(unlock, store, came.actor, secret, clock.now(), by_pin=by_pin)
        except SignInRefused:
            session.pin_tries -= by_pin
            if by_pin and session.pin_tries <= 0:
                raise SignInRefused(_("The PIN was wrong too often: give the password."), code="pin") from None
            raise
        return came
