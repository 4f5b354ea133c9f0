"""The keys of discharge tests; part of the registry in `screens.keys`."""

from __future__ import annotations

from collections.abc import Mapping

from dutyroom.words import N_
from screens.key import COPY_KEY, Key

# On the page of a UPS, beside those of every page.
UPS_KEYS = (Key("ups-page.test", "plus,t", "test", N_("discharge test"), footer=True, shown_as="t"),)
DISCHARGE_KEYS = (
    Key("discharge.tick", "space,o", "tick", N_("confirm"), footer=True, shown_as="space"),
    Key("discharge.go-on", "f10,s", "go_on", N_("start, sign"), footer=True, shown_as="F10"),
    Key("discharge.give-up", "minus", "give_up", N_("give up"), footer=True, shown_as="-"),
    Key("discharge.next", "right", "other(1)", N_("next UPS"), footer=True, shown_as="→"),
    Key("discharge.previous", "left", "other(-1)", N_("Previous UPS")),
    Key("discharge.down", "down,j", "move(1)", N_("Next line")),
    Key("discharge.up", "up,k", "move(-1)", N_("Previous line")),
    Key("discharge.page-down", "pagedown", "page(1)", N_("Scroll down")),
    Key("discharge.page-up", "pageup", "page(-1)", N_("Scroll up")),
    COPY_KEY,
    Key("discharge.back", "escape", "back", N_("Back")),
)
DISCHARGE_GROUPS: Mapping[str, tuple[Key, ...]] = {"ups-page": UPS_KEYS, "discharge": DISCHARGE_KEYS}
# Groups that work at the same time.
DISCHARGE_TOGETHER: tuple[tuple[str, ...], ...] = (
    ("everywhere", "room", "page", "ups-page"),
    ("everywhere", "room", "discharge"),
)
