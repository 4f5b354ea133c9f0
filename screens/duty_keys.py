"""The keys of rounds on a list, findings, history, handover and zero report; part of the registry in `screens.keys`."""

from __future__ import annotations

from collections.abc import Mapping

from screens.key import Key

DUTY_GROUPS: Mapping[str, tuple[Key, ...]] = {}
# Dialogs in which a letter is typed.
DUTY_DIALOGS: tuple[str, ...] = ()
# Groups that work at the same time.
DUTY_TOGETHER: tuple[tuple[str, ...], ...] = ()
