"""What the items of a checklist are called, and in which order they are walked, whatever version a round had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dutyroom import show
from dutyroom.checklists import areas, expand
from dutyroom.model.checklist import Checklist, Item
from dutyroom.model.reading import Verdict
from dutyroom.model.rounds import NOT_APPLICABLE, Entry
from dutyroom.report.facts.standing import SlotFact
from dutyroom.report.frame import Frame
from dutyroom.words import _, choose

Key = tuple[str, str]
"""(item id, device name)."""


class ItemWords:
    """The items of one checklist as it is in force, and of the versions its rounds were walked with, newest first."""

    def __init__(self, frame: Frame, name: str, slots: Sequence[SlotFact]) -> None:
        walked = [slot.round.version for slot in reversed(slots) if slot.checklist == name and slot.round is not None]
        found = [frame.checklists.get(name), *(frame.versions.get(version) for version in dict.fromkeys(walked))]
        self._site = frame.site
        self.forms: tuple[Checklist, ...] = tuple(one for one in found if one is not None)
        self._items: dict[str, tuple[Item, Checklist]] = {}
        self._order: dict[Key, tuple[int, int, int]] = {}
        for number, form in enumerate(self.forms):
            met = [area for area, _words in areas(form)]
            for item in form.items:
                self._items.setdefault(item.id, (item, form))
            for place, line in enumerate(expand(form, frame.site)):
                self._order.setdefault(line.key, (number, met.index(line.item.area), place))
        items = self.forms[0].items if self.forms else ()
        self._places = {item.id: place for place, item in enumerate(items)}

    @property
    def lines(self) -> tuple[Key, ...]:
        """The lines of the newest form."""
        return tuple(line.key for line in expand(self.forms[0], self._site)) if self.forms else ()

    def item(self, item_id: str) -> Item | None:
        """The item, None when no version that is known has it."""
        found = self._items.get(item_id)
        return found[0] if found is not None else None

    def text(self, item_id: str) -> str:
        """The item in the language in force."""
        item = self.item(item_id)
        return show.item_name(item) if item is not None else item_id

    def area(self, item_id: str) -> str:
        """The area it is walked in; of an item the newest form does not have any more: "Other versions"."""
        found = self._items.get(item_id)
        if found is None or found[1] is not self.forms[0]:
            return _("Other versions")
        words = dict(areas(found[1]))[found[0].area]
        return choose(words.en, words.zh)

    def device(self, name: str) -> str:
        """What people call the device; empty for the room as a whole."""
        return self._site.label_of(name) if name else ""

    def answer(self, entry: Entry) -> str:
        """The answer as people say it; of an item that is not known, as it was stored."""
        item = self.item(entry.item)
        return show.answer(item, entry.answer) if item is not None else f"{entry.answer or ''} {entry.unit}".strip()

    def walked(self, keys: Iterable[Key]) -> list[Key]:
        """In the order of the walk: by area, item, device; lines of older versions behind, unknown ones last."""
        unknown = (len(self.forms), 0, 0)

        def order(key: Key) -> tuple[int, int, int, int, Key]:
            number, area, place = self._order.get(key, unknown)
            return number, area, self._places.get(key[0], len(self._places)), place, key

        return sorted(keys, key=order)


def verdict_of(entry: Entry) -> Verdict:
    """The verdict as sheets show it: an answer "not applicable" is never normal nor unknown."""
    return Verdict.NOT_INSTALLED if entry.answer == NOT_APPLICABLE else entry.verdict
