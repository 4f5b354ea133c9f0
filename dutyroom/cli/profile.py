"""`dutyroom profile`: how kinds of devices are asked for CPU, memory, temperature, fans and power supplies."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, asked_in, site_of
from dutyroom.words import N_, _

if TYPE_CHECKING:
    from dutyroom.model.devices import NetworkDevice
    from dutyroom.model.profile import Profile
    from dutyroom.model.reading import Sample
    from dutyroom.model.site import Site
    from dutyroom.sources.snmp.trial import Trial, Tried

app = typer.Typer(no_args_is_help=True)

UNREACHABLE = 4
CommunityFile = Annotated[
    Path | None,
    typer.Option(
        metavar="PATH",
        help=N_("For an address that is not in the site file: a file of mode 600 with the community."),
        show_default=False,
    ),
]
CommunityEnv = Annotated[
    str | None,
    typer.Option(metavar="NAME", help=N_("The same from an environment variable."), show_default=False),
]


@app.command("try", help=N_("Ask a device with every probe of its profile and show what each finds."))
def try_device(
    ctx: typer.Context,
    device: Annotated[str, typer.Argument(metavar="ADDRESS|NAME")],
    community_file: CommunityFile = None,
    community_env: CommunityEnv = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help=N_("The UDP port of the agent."))] = 161,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints the probes in order, marked: used, finds a value too, finds nothing. Exit code 4 without an answer."""
    from dutyroom.cli import profile_document
    from dutyroom.cli.documents import to_text

    wanted = _device(ctx, device, community_file, community_env, port)
    sample, trial = asyncio.run(_try(wanted))
    if json:
        print(to_text(profile_document.trial(wanted.name, sample, trial)))
    elif trial is None:
        print(_("{name}: {state} ({detail})").format(name=wanted.name, state=_state(sample), detail=sample.detail))
    else:
        print("\n".join(_lines(wanted.name, trial, sample.detail)))
    return 0 if trial is not None else UNREACHABLE


@app.command("list", help=N_("The profiles in force: the site's own first, then those that come with dutyroom."))
def list_profiles(ctx: typer.Context, json: Json = False, config: Config = None, lang: Lang = None) -> int:
    """Prints name, maker, the beginnings of sysObjectID, and the file."""
    from dutyroom.cli import profile_document
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.documents import to_text
    from dutyroom.profiles import shipped

    own = _own(_site(ctx))
    found = shipped().with_own(own).profiles
    if json:
        print(to_text(profile_document.profiles(found, own)))
    else:
        rows = [
            (one.name, one.vendor or "", one.where, " ".join(_dotted(oid) for oid in one.object_ids)) for one in found
        ]
        print("\n".join(aligned([(_("name"), _("maker"), _("file"), "sysObjectID"), *rows])))
    return 0


@app.command("check", help=N_("Check a profile file of your own."))
def check(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints what is in the file; exit code 3 with the key and what is wrong with it."""
    from dutyroom.cli import profile_document
    from dutyroom.cli.documents import to_text
    from dutyroom.profiles import load_profile

    found = load_profile(file)
    if json:
        print(to_text(profile_document.profiles([found], [found])))
    else:
        n = sum(len(probes) for _quantity, probes in found.probes)
        print(_("{name}: {n} probes").format(name=found.name, n=n))
    return 0


def _site(ctx: typer.Context) -> Site | None:
    from dutyroom.config import find_site_file

    return site_of(ctx) if find_site_file(asked_in(ctx).config) is not None else None


def _own(site: Site | None) -> tuple[Profile, ...]:
    return site.own_profiles if site is not None else ()


def _device(
    ctx: typer.Context, device: str, community_file: Path | None, community_env: str | None, port: int
) -> NetworkDevice:
    """The device of the site file by name or address; with a community whatever answers at that address."""
    from dutyroom.model.devices import NetworkDevice, Secret, SnmpAccess

    site = _site(ctx)
    known = site.network if site is not None else ()
    if community_file is None and community_env is None:
        found = next((one for one in known if device in (one.name, one.address)), None)
        if found is not None:
            return found
        raise typer.BadParameter(
            _("{device}: no network device of that name or address in the site file; for another address give "
              "--community-file or --community-env").format(device=device)
        )  # fmt: skip
    community = Secret(_community(community_file, community_env))
    return NetworkDevice(device, device, device, SnmpAccess("2c", community=community), port, profiles=_own(site))


def _community(file: Path | None, variable: str | None) -> str:
    from dutyroom.config.secrets import secret_file
    from dutyroom.tomlform import FormError

    if file is not None:
        try:
            return secret_file(file, "--community-file").reveal()
        except FormError as error:
            raise typer.BadParameter(str(error)) from None
    found = os.environ.get(variable or "", "")
    if not found:
        raise typer.BadParameter(_("the environment variable {name} is not set").format(name=variable))
    return found


async def _try(device: NetworkDevice) -> tuple[Sample, Trial | None]:
    from dutyroom import clock
    from dutyroom.sources.snmp.thread import SnmpThread
    from dutyroom.sources.snmp.trial import TrialSource

    # Every probe is asked, also those a poll never comes to: that may take longer than a poll.
    thread = SnmpThread(deadline_s=60.0)
    try:
        source = TrialSource(device, thread)
        try:
            return await source.sample(clock.now()), source.trial
        finally:
            await source.aclose()
    finally:
        await asyncio.to_thread(thread.close)


def _state(sample: Sample) -> str:
    from dutyroom import show

    return show.state(sample.state)


def _dotted(oid: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in oid)


def _lines(name: str, trial: Trial, detail: str) -> list[str]:
    from dutyroom import quantity_words
    from dutyroom.cli.columns import aligned
    from dutyroom.model.profile import Quantity

    descr = " ".join((trial.sys_descr or "").split())[:120]
    made = [
        f"{name}  {trial.sys_object_id or '–'}  {descr}".rstrip(),
        _("profile {name} ({file}), maker {maker}").format(
            name=trial.profile.name, file=trial.profile.where or "–", maker=trial.vendor or "–"
        ),
    ]
    if detail:
        made.append(_("not answered: {detail}").format(detail=detail))
    for quantity in Quantity:
        rows = [_row(one) for one in trial.tried if one.quantity is quantity]
        made += ["", quantity_words.name(quantity.value), *(f"  {line}" for line in aligned(rows))]
        if not rows:
            made.append("  " + _("no probe"))
    made += ["", _("✓ used   + finds a value too   – finds nothing")]
    return made


def _row(tried: Tried) -> tuple[str, ...]:
    from dutyroom.model.profile import Confidence

    mark = "✓" if tried.used else "–" if tried.found is None else "+"
    notes = [tried.probe.basis.value] if tried.probe.basis is not None else []
    if tried.probe.confidence is Confidence.INFERRED:
        notes.append(_("inferred"))
    seen = "  ".join(f"{oid} = {text[:40]}" for oid, text in tried.seen[: 1 if tried.found is not None else 2])
    return (mark, _value(tried), " ".join(notes), tried.probe.source, seen or _("not there"))


def _value(tried: Tried) -> str:
    from collections import Counter

    from dutyroom import quantity_words, show

    if tried.found is None:
        return show.NOTHING
    if not tried.quantity.is_parts:
        return quantity_words.value(tried.quantity.value, tried.found.value)
    counted = Counter(state.value for _row, state in tried.found.parts)
    return ", ".join(f"{n} × {show.part_state(state)}" for state, n in counted.items())
