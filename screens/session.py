"""Who sits at this terminal, since when, and whether the screens are locked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from dutyroom import clock
from dutyroom.rules.session import PIN_TRIES, LockReason, lock_due

if TYPE_CHECKING:
    from dutyroom.duty.signin import SignedIn
    from dutyroom.model.site import SessionRules

# What is carried out while the screens are locked: coming in, reading what a screen that stands needs, and the end of a
# workbook whose making was begun before.
ACTS_WHILE_LOCKED = frozenset(
    (
        "sign_in",
        "change_password",
        "unlock",
        "sign_out",
        "has_pin",
        "load_walk",
        "trends",
        "read_room",
        "rounds_lately",
        "prepare_handover",
        "put_workbook_in_place",
    )
)


@dataclass(slots=True)
class Session:
    """One person at one terminal. `seconds` is the clock of idleness: it never steps, whatever the wall clock does."""

    seconds: Callable[[], float] = clock.monotonic
    came: SignedIn | None = None
    locked: LockReason | None = None
    locked_at: datetime | None = None
    pin_tries: int = PIN_TRIES
    shift_ends_at: datetime | None = None
    _handed_over_at: datetime | None = None
    _rules: SessionRules | None = None
    _looked: bool = False
    _began_s: float = 0.0
    _key_s: float = field(default=0.0)

    def begin(self, came: SignedIn, rules: SessionRules | None = None, shift_ends_at: datetime | None = None) -> None:
        """Somebody signed in; `shift_ends_at` (UTC) locks the screens once."""
        self.came, self._rules, self.shift_ends_at = came, rules, shift_ends_at
        self._began_s = self.seconds()
        self.unlock()

    def end(self) -> None:
        """Nobody sits here any more."""
        self.came = self.locked = self.locked_at = None

    def touch(self) -> None:
        """A key or a click: the person is there."""
        self._key_s = self.seconds()

    def touched_within(self, seconds: float) -> bool:
        """True when a key was pressed so lately."""
        return self._key_s > 0 and self.seconds() - self._key_s < seconds

    def lock(self, reason: LockReason, at: datetime) -> None:
        """Nothing can be done until somebody unlocks or signs in."""
        self.locked, self.locked_at = reason, at
        if reason is LockReason.SHIFT:
            self.shift_ends_at = None

    def unlock(self) -> None:
        """The person is back."""
        self.locked, self.locked_at, self.pin_tries = None, None, PIN_TRIES
        self.touch()

    def due(self, now: datetime) -> LockReason | None:
        """Why the screens must be locked now; None while they need not, or are already."""
        if self.came is None:
            return None
        reason = None
        if self._rules is not None:
            reason = lock_due(self._rules, began_s=self._began_s, last_key_s=self._key_s, now_s=self.seconds())
        if self.locked is not None:
            # A locked session grows old too: then a PIN opens it no more.
            return reason if reason is LockReason.OVER and self.locked is not LockReason.OVER else None
        if self.shift_ends_at is not None and now >= self.shift_ends_at:
            return LockReason.SHIFT
        return reason

    def handed_over(self, by: str | None, at: datetime | None) -> bool:
        """True once when the handover accepted last (UTC) was given by who sits here, and is news since the last look.

        What was accepted before anybody looked is no news.
        """
        before, self._handed_over_at = self._handed_over_at, at
        is_news = self._looked and at is not None and at != before
        self._looked = True
        return is_news and self.locked is None and self.came is not None and self.came.actor.name == by

    def may(self, act: str) -> bool:
        """True when an act of that name may be carried out now."""
        return self.locked is None or act in ACTS_WHILE_LOCKED
