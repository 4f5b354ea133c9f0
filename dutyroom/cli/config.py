"""`dutyroom config`: the site file."""

from __future__ import annotations

import json as as_json
import sys
from typing import Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_file_of, speak_for
from dutyroom.words import N_, _

app = typer.Typer(no_args_is_help=True)


@app.command("check", help=N_("Check the site file."))
def check(ctx: typer.Context, json: Json = False, config: Config = None, lang: Lang = None) -> int:
    """Says that the file is right, with warnings on stderr; exit code 3 with the key that is wrong."""
    from dutyroom.checklists_in_force import in_force
    from dutyroom.cli import documents
    from dutyroom.config import check_site

    path = site_file_of(ctx)
    site, warnings = check_site(path)
    speak_for(ctx, path, site)
    # Its limits and its own checklists can be read only together.
    in_force(site)
    if site.keys:
        from screens.key_clashes import checked

        warnings = (*warnings, *checked(dict(site.keys))[1])
    if json:
        print(documents.to_text(documents.site_checked(str(path), warnings)))
        return 0
    for warning in warnings:
        print(warning, file=sys.stderr)
    devices = _("{path} is right: {ups} UPSes, {network} network devices, {servers} servers.")
    print(devices.format(path=path, ups=len(site.ups), network=len(site.network), servers=len(site.servers)))
    return 0


@app.command("show", help=N_("Every setting in force; secrets are stars."))
def show_settings(
    ctx: typer.Context,
    origin: Annotated[bool, typer.Option("--origin", help=N_("Say where each one comes from."))] = False,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints one line for each setting in the order of the sections."""
    from dutyroom.cli import documents
    from dutyroom.cli.columns import aligned
    from dutyroom.config import origins

    rows = origins(site_file_of(ctx))
    if json:
        print(documents.to_text(documents.settings(rows)))
    else:
        # The value comes last: it may be long.
        print("\n".join(aligned((where, key, value) if origin else (key, value) for key, value, where in rows)))
    return 0


@app.command("schema", help=N_("The JSON Schema of the site file, for editors."))
def schema(lang: Lang = None) -> int:
    """Prints the schema."""
    from dutyroom.config import json_schema

    print(as_json.dumps(json_schema(), ensure_ascii=False, indent=2))
    return 0


@app.command("example", help=N_("A commented site file to begin with."))
def example(lang: Lang = None) -> int:
    """Prints the example that comes with dutyroom."""
    from dutyroom.resources import data_path

    print(data_path("examples", "site.toml").read_text("utf-8"), end="")
    return 0


@app.command("unit", help=N_("The systemd unit of the watch, for this site file and this installation."))
def unit(ctx: typer.Context, config: Config = None, lang: Lang = None) -> int:
    """Prints the unit; stderr says what to do with it."""
    from dutyroom.cli.unit import UNIT
    from dutyroom.cli.unit import unit as written
    from dutyroom.config import check_site

    path = site_file_of(ctx)
    site, _warnings = check_site(path)
    speak_for(ctx, path, site)
    print(written(site, path), end="")
    print(
        _("Save it as /etc/systemd/system/{name}, then: systemctl enable --now {name}").format(name=UNIT),
        file=sys.stderr,
    )
    return 0
