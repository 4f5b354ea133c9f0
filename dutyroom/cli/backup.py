"""`dutyroom backup` and `dutyroom restore`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.cli.signing import PasswordFile, PerhapsAs, sign_in_as
from dutyroom.errors import DutyroomError
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.duty.restore import Plan
    from dutyroom.model.backup import Backup
    from dutyroom.model.site import Site

FINE, FOUND = 0, 1
# A person waits for the command; the watch waits longer.
SECOND_WITHIN_S = 60.0


class BackupRefused(DutyroomError):
    """The command line names no backup, or nobody who restores it."""

    code = "usage"
    exit_code = 2


def backup(
    ctx: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help=N_("Where to; default: the room's backup folder and its second place."),
            show_default=False,
        ),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help=N_("List the backups there are; make none."))] = False,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Backs the records up while the room is watched. Exit code 0, or 1 when the second place has no copy of it."""
    from dutyroom.cli import backup_document, documents

    site = site_of(ctx)
    if listed:
        return _list(site, json=json)
    made = _made(site, file)
    if json:
        print(documents.to_text(backup_document.made(made)))
    else:
        from dutyroom import backup_words

        print(backup_words.made(made))
        if site.backup.second is None and file is None:
            print(_("There is no second place: set second_folder in [store] of the site file."), file=sys.stderr)
    return FOUND if made.second_trouble is not None or made.trouble is not None else FINE


def restore(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help=N_("A backup; a bare name is one of --list."))],
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Say what would be lost; change nothing."))] = False,
    by: PerhapsAs = None,
    password_file: PasswordFile = None,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Puts a backup in the place of the records. Whoever does it must be an admin (`--as`)."""
    from dutyroom import backup_words, clock
    from dutyroom.cli import backup_document, documents
    from dutyroom.duty import restore as restoring

    site = site_of(ctx)
    chosen = _chosen(site, file)
    if dry_run:
        plan = restoring.plan(chosen, site.store_url)
        if json:
            print(documents.to_text(backup_document.plan(plan)))
        else:
            _print_plan(plan, site, _("A restore would lose:"))
        return FINE
    if by is None:
        raise BackupRefused(_("A restore is written down with a name: give --as NAME of an admin, or --dry-run."))
    name, at = by, clock.now()
    with _no_watch(site):
        done = restoring.restore(
            chosen,
            site.store_url,
            _folder(site),
            lambda store: sign_in_as(store, name, password_file, site.passwords),
            at,
        )
        saved = _copied(site, done.saved) if done.saved is not None else None
    if saved is not None and saved.second_trouble is not None:
        print(
            _("The second place {trouble}.").format(trouble=backup_words.trouble(saved.second_trouble)), file=sys.stderr
        )
    if json:
        print(documents.to_text(backup_document.restored(done)))
        return FINE
    _print_plan(done.plan, site, _("The restore lost:"))
    print(_("Restored: line {seq} of the ledger says so.").format(seq=done.line.seq))
    if done.replaced is not None:
        print(_("The replaced records are kept in {path}").format(path=done.replaced))
    return FINE


def _made(site: Site, file: Path | None) -> Backup:
    from dutyroom import clock
    from dutyroom.duty import backups
    from dutyroom.model.backup import BackupReason
    from dutyroom.store import places
    from dutyroom.store.database import Store
    from dutyroom.store.manifests import name_of

    # A store that is not there would be made, and the backup of nothing look like one.
    places.require(places.path_of(site.store_url))
    store, now = Store.open(site.store_url, backups=site.backup.folder), clock.now()
    try:
        if file is None:
            made = backups.back_up(store, site, BackupReason.HAND, now)
            return backups.copy_to_second(store, site, made, SECOND_WITHIN_S)
        target = file.expanduser().absolute()
        return backups.back_up_away(store, target / name_of(now, BackupReason.HAND) if target.is_dir() else target, now)
    finally:
        store.close()


def _copied(site: Site, saved: Backup) -> Backup:
    """What was replaced goes to the second place as well; the store it is remembered in is the restored one."""
    from dutyroom.duty.backups import copy_to_second
    from dutyroom.store.database import Store

    store = Store.open(site.store_url)
    try:
        return copy_to_second(store, site, saved, SECOND_WITHIN_S)
    finally:
        store.close()


def _list(site: Site, *, json: bool) -> int:
    from dutyroom import backup_words, show
    from dutyroom.cli import backup_document, documents
    from dutyroom.cli.columns import aligned
    from dutyroom.store import manifests

    folder = _folder(site)
    found = manifests.listed(folder)
    if json:
        print(documents.to_text(backup_document.listed(found)))
        return FINE
    rows = [
        (
            one.file,
            show.moment(one.made_at, site.timezone),
            backup_words.reason(one.reason),
            backup_words.size(one.size),
            _("{rounds} rounds, ledger line {seq}").format(rounds=one.counts.get("rounds", 0), seq=one.seq),
        )
        for one in found
    ]
    print(
        "\n".join(aligned(rows))
        if rows
        else _("There is no backup in {folder} yet: dutyroom backup").format(folder=folder)
    )
    return FINE


def _folder(site: Site) -> Path:
    from dutyroom.duty.backups import folder_of
    from dutyroom.store.places import path_of

    return folder_of(site, path_of(site.store_url))


def _chosen(site: Site, file: Path) -> Path:
    """The file, or where nothing has that name here the backup of that name in the room's folder."""
    given = file.expanduser().absolute()
    in_folder = _folder(site) / file.name
    return in_folder if file.name == str(file) and not given.exists() and in_folder.exists() else given


@contextmanager
def _no_watch(site: Site) -> Iterator[None]:
    """Nobody watches the room while the block runs. Raises StoreError (`in-use`) when somebody does."""
    from dutyroom.store import durable, places
    from dutyroom.store.trouble import trouble
    from dutyroom.watch.lock import WatchLock

    database = places.path_of(site.store_url)
    durable.folder_made(database.parent)
    lock = WatchLock(database)
    if not lock.acquire():
        raise trouble("in-use", database)
    try:
        yield
    finally:
        lock.release()


def _print_plan(plan: Plan, site: Site, head: str) -> None:
    from dutyroom import backup_words

    print("\n".join(backup_words.holds(plan.manifest, site.timezone)))
    if plan.trouble:
        print(plan.trouble)
    print("\n".join((head, *(f"  {line}" for line in backup_words.lost(plan.loss, site.timezone)))))
