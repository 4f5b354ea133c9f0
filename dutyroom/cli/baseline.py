"""`dutyroom baseline`: how the ports of a network device are to be, accepted by a signature."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, read_password, sign_in_with
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from dutyroom.model.ports import Baseline, BaselinePort

app = typer.Typer(no_args_is_help=True)

Device = Annotated[str, typer.Argument(metavar="DEVICE")]


@app.command("accept", help=N_("Accept the ports of a device as they are now; signed with your password."))
def accept(
    ctx: typer.Context,
    device: Device,
    by: As,
    critical: Annotated[
        list[str] | None,
        typer.Option("--critical", metavar="PATTERN", help=N_("Ports that must be up (* and ? stand for any text).")),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="PATTERN", help=N_("Ports whose state does not matter.")),
    ] = None,
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Makes a new version; the ones before stay on record."""
    from dutyroom import clock
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.baselines import accept_baseline, propose
    from dutyroom.inert import inert

    site = site_of(ctx)
    password = read_password(password_file, _("Password of {name}: ").format(name=inert(by, 64)))
    desk = open_desk(site)
    try:
        actor = sign_in_with(desk.store, by, password, site.passwords)
        proposal = propose(desk, device, clock.now(), tuple(critical or ()), tuple(ignore or ()))
        kept = accept_baseline(desk, actor, proposal, password, clock.now())
    finally:
        desk.store.close()
    print("\n".join(_summary(kept, site.timezone)))
    return 0


@app.command("show", help=N_("The baseline in force, port by port."))
def show_baseline(
    ctx: typer.Context, device: Device, json: Json = False, config: Config = None, lang: Lang = None
) -> int:
    """Prints the newest baseline; exit code 1 when there is none."""
    from dutyroom.cli import documents
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.duty.baselines import BaselineRefused, all_baselines

    site = site_of(ctx)
    if device not in [one.name for one in site.network]:
        raise BaselineRefused(_("{name} is not a [[network]] device of the site file.").format(name=device))
    desk = open_desk(site, read_only=True)
    try:
        found = all_baselines(desk, device)
    finally:
        desk.store.close()
    if json:
        print(documents.to_text({"schema": documents.SCHEMA, "baselines": [_document(one) for one in found]}))
    elif found:
        print("\n".join([*_summary(found[0], site.timezone), *aligned([_row(port) for port in found[0].ports])]))
    else:
        print(_("{name} has no baseline yet: dutyroom baseline accept {name} --as NAME").format(name=device))
    return 0 if found else 1


def _summary(found: Baseline, zone: ZoneInfo) -> list[str]:
    from dutyroom import show

    count = Counter(port.expected.value for port in found.ports)
    return [
        _("{source}: baseline {version}, accepted {at} by {by}").format(
            source=found.source, version=found.version, at=show.moment(found.at, zone), by=found.by
        ),
        _("{up} ports to be up ({critical} critical), {down} to be down, {ignored} ignored").format(
            up=count["up"],
            critical=sum(port.critical for port in found.ports),
            down=count["down"],
            ignored=count["ignore"],
        ),
    ]


def _row(port: BaselinePort) -> tuple[str, ...]:
    from dutyroom import show

    marks = _("critical") if port.critical else ""
    return (port.name, _expected(port), marks, show.bit_rate(port.speed_bps), port.label)


def _expected(port: BaselinePort) -> str:
    from dutyroom.model.ports import Expected

    words = {Expected.UP: _("up"), Expected.DOWN: _("down"), Expected.IGNORE: _("ignored")}
    return words[port.expected]


def _document(found: Baseline) -> dict[str, object]:
    from dutyroom.cli.documents import moment

    return {
        "id": found.id,
        "source": found.source,
        "version": found.version,
        "at": moment(found.at),
        "by": found.by,
        "seen_at": moment(found.seen_at),
        "ports": [
            {
                "index": port.index,
                "name": port.name,
                "descr": port.descr,
                "alias": port.alias,
                "expected": port.expected.value,
                "label": port.label,
                "critical": port.critical,
                "speed_bps": port.speed_bps,
            }
            for port in found.ports
        ],
    }
