"""The checklists of a site: those that come with dutyroom, the site's own over them, with the site's own limits.

What is kept with a round is the file's text and, behind it, the limit profile and the limits the site had in force, so
that a round of last year is shown with the limits of last year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from dutyroom.checklists import parse, read_text, shipped_names, text_of
from dutyroom.errors import ChecklistError
from dutyroom.inert import inert
from dutyroom.model.checklist import Bounds, Cadence, Checklist
from dutyroom.model.site import LimitChange, LimitProfile, Site
from dutyroom.tomlform import with_guess
from dutyroom.words import _

DAILY = "daily"


def in_force(site: Site) -> tuple[tuple[Checklist, str], ...]:
    """Every checklist in force with the text a round keeps; the daily one first, then by how often they come.

    Raises ChecklistError naming the file and the item, or the key of the site file.
    """
    texts = {name: (text_of(name), f"{name}.toml") for name in shipped_names()}
    texts.update(_own(site.checklists.folder, site.limit_profile))
    read = {name: parse(text, site.limit_profile, where) for name, (text, where) in texts.items()}
    _check_limits(site.limits, read.values())
    _check_off(site.checklists.off, read)
    made: list[tuple[Checklist, str]] = []
    for name, plain in read.items():
        if name not in site.checklists.off:
            text = texts[name][0] + _in_force(site, plain)
            made.append((parse(text, site.limit_profile, _("the site file, [limits]")), text))
    order = [*Cadence]
    made.sort(key=lambda one: (one[0].name != DAILY, order.index(one[0].schedule.cadence), one[0].name))
    return tuple(made)


def named(site: Site, name: str) -> Checklist:
    """The checklist in force of that name. Raises ChecklistError when there is none."""
    known = {one.name: one for one, _text in in_force(site)}
    if name not in known:
        sentence = _("{name}: there is no checklist of that name").format(name=inert(name, 60))
        raise ChecklistError(with_guess(sentence, name, known))
    return known[name]


def _own(folder: Path | None, profile: LimitProfile) -> dict[str, tuple[str, str]]:
    """Text and shown path of the files in the site's folder, by the checklist's name."""
    if folder is None:
        return {}
    if not folder.is_dir():
        raise ChecklistError(
            _("{path}: is no folder; [checklists] folder names it").format(path=inert(str(folder), 300))
        )
    found: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        text, where = read_text(path), inert(str(path), 300)
        found[path.stem] = (text, where)
        one = parse(text, profile, where)
        if one.name != path.stem:
            sentence = _('{path}: name = "{name}", but the file is called {stem}; both must be the same')
            raise ChecklistError(sentence.format(path=where, name=one.name, stem=inert(path.stem, 60)))
        if one.name == DAILY and one.schedule.cadence is not Cadence.DAILY:
            raise ChecklistError(_("{path}: the checklist daily is walked every day").format(path=where))
    return found


def _check_limits(limits: Iterable[tuple[str, LimitChange]], read: Iterable[Checklist]) -> None:
    known = sorted({item.id for one in read for item in one.items})
    for item, _change in limits:
        if item not in known:
            sentence = _('the site file, [limits] "{item}": no checklist has this item').format(item=item)
            raise ChecklistError(with_guess(sentence, item, known, listing=False))


def _check_off(off: Iterable[str], read: Mapping[str, Checklist]) -> None:
    for name in off:
        if name not in read:
            sentence = _("the site file, [checklists] off: there is no checklist {name}").format(name=inert(name, 60))
            raise ChecklistError(with_guess(sentence, name, read))
        if name == DAILY:
            raise ChecklistError(_("the site file, [checklists] off: the daily one cannot be left out"))


def _in_force(site: Site, checklist: Checklist) -> str:
    """The TOML behind the text: what the site had in force when it was published."""
    parts = [f'\n[in_force]\nprofile = "{site.limit_profile.value}"\n']
    for item, change in site.limits:
        if checklist.item(item) is None:
            continue
        spans = {"normal": change.normal, "critical": change.critical, "physical": change.physical}
        told = "".join(f"{key} = {_span(span)}\n" for key, span in spans.items() if span is not None)
        parts.append(f'\n[in_force.limits."{item}"]\n{told}')
    return "".join(parts)


def _span(span: Bounds) -> str:
    return f"[{span.low!r}, {span.high!r}]"
