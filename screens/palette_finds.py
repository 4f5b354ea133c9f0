"""What the palette finds beside commands: devices, checklist items, people and months, in both languages.

Everything is found in what the application holds already; nothing is read from the store while somebody types.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from heapq import nlargest
from typing import TYPE_CHECKING, cast

from textual.command import Hit, Hits, Provider
from textual.content import Content

from dutyroom import clock
from dutyroom.words import N_, _
from screens import months

if TYPE_CHECKING:
    from screens.app import DutyroomApp

# Of each kind; who has more must type more.
MOST = 12
DEVICE, ITEM, PERSON, MONTH = N_("Device"), N_("Item"), N_("Person"), N_("Month")
HISTORY = N_("History")
# Commands are scored by Textual between 1 and some tens: what is typed whole comes before them, a part after them.
WHOLE, BEGINS, INSIDE = 1000.0, 5.0, 0.5


@dataclass(frozen=True, slots=True)
class Find:
    """One thing that can be found: how it is shown, what it is found by (small letters), and the action it runs."""

    kind: str
    title: str
    other: str
    texts: tuple[str, ...]
    action: str


class RoomFinds(Provider):
    """Finds by any part of a name or of words of either language."""

    async def search(self, query: str) -> Hits:
        """What matches, the best first; each says what it is."""
        app, wanted = cast("DutyroomApp", self.app), plain(query)
        if self.screen.is_modal or app.records is None or not wanted:
            return  # what is asked in a dialog is answered or left first
        for finds in (devices(app), charts(app), items(app), people(app), all_months(app)):
            scored = ((score(find.texts, wanted), -n, find) for n, find in enumerate(finds))
            for points, _order, find in nlargest(MOST, (one for one in scored if one[0] > 0)):
                shown = _("{kind}: {title}").format(kind=_(find.kind), title=find.title)
                # As an action, so that what is denied by the action layer is denied here too.
                yield Hit(points, Content(shown), partial(app.run_action, find.action), shown, find.other or None)


def plain(text: str) -> str:
    """Small letters, full-width characters of an input method as common ones, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def score(texts: Iterable[str], wanted: str) -> float:
    """How well what is typed fits: 0 when some word of it is in none of the texts."""
    best = 0.0
    parts = wanted.split()
    for text in texts:
        if text == wanted:
            return WHOLE
        if text.startswith(wanted):
            best = max(best, BEGINS)
        elif not best and all(part in text for part in parts):
            best = INSIDE
    return best


def devices(app: DutyroomApp) -> Iterator[Find]:
    """Every device of the site file."""
    for device in app.site.devices():
        texts = (plain(device.name), plain(device.label))
        yield Find(DEVICE, device.label, device.name, texts, f"app.go_to_device({device.name!r})")


def charts(app: DutyroomApp) -> Iterator[Find]:
    """The history of everything the devices usually have one of; `history` or `历史` alone finds them all."""
    from dutyroom import quantity_words
    from dutyroom.duty.history import kind_of, usual_quantities

    for device in app.site.devices():
        kind = kind_of(app.site, device.name)
        for quantity in usual_quantities(kind) if kind is not None else ():
            title = f"{device.label} {quantity_words.name(quantity)}"
            english = quantity_words.NAMES.get(quantity, quantity)
            texts = tuple(
                plain(f"{head} {label} {name}")
                for head in ("history", _(HISTORY))
                for label in (device.label, device.name)
                for name in (english, quantity_words.name(quantity), quantity)
            )
            yield Find(
                HISTORY, title, f"{device.name} {quantity}", texts, f"app.go_to_chart({device.name!r}, {quantity!r})"
            )


def items(app: DutyroomApp) -> Iterator[Find]:
    """Every item of the checklist; the line below says it in the other language."""
    from dutyroom import words

    for item in app.checklist.items:
        texts = (item.id.casefold(), plain(item.words.en), plain(item.words.zh))
        title = words.choose(item.words.en, item.words.zh)
        other = words.choose(item.words.zh, item.words.en)
        yield Find(ITEM, title, f"{item.id} · {other}", texts, f"app.go_to_item({item.id!r})")


def people(app: DutyroomApp) -> Iterator[Find]:
    """Every operator."""
    known = app.records.people if app.records is not None else {}
    for name, label in known.items():
        yield Find(PERSON, label, name, (plain(name), plain(label)), f"app.go_to_person({name!r})")


def all_months(app: DutyroomApp) -> Iterator[Find]:
    """This month and those before it, as long as records are kept."""
    today = clock.local_date(clock.now(), app.site.timezone)
    for year, month in months.newest_first(today):
        texts = months.spellings(year, month)
        yield Find(MONTH, months.title(year, month), texts[0], texts, f"app.go_to_month({year}, {month})")
