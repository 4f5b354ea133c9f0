"""The `dutyroom` command: the commands there are, and the one place where an error becomes words and an exit code.

Exit codes: 0 fine, 1 something found, 2 usage, 3 site file, 4 target unreachable, 5 store, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from dutyroom import words
from dutyroom.cli import (
    approving,
    backup,
    baseline,
    checklist,
    collect,
    config,
    discharge,
    doctor,
    export,
    findings,
    handover,
    history,
    init,
    maintenance,
    notify,
    operators,
    outages,
    periods,
    profile,
    register,
    roster,
    rounds,
    screen,
    self_check,
    slots,
    status,
    verify,
    zero,
)
from dutyroom.cli.asked import Asked, first_language, use_utf8
from dutyroom.cli.options import Config, Lang, asked_in
from dutyroom.cli.typer_words import sentence, speak
from dutyroom.errors import DutyroomError
from dutyroom.words import N_, _

NAME = "dutyroom"
INTERRUPTED = 130

app = typer.Typer(
    name=NAME,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("init", help=N_("Set up a room: UPSes and devices are tried live, then the site file is written."))(
    init.init
)
app.command("status", help=N_("The room now, as the records tell it or asked afresh."))(status.status)
app.command("collect", help=N_("Watch the room without a screen: ask every source and record."))(collect.collect)
app.add_typer(rounds.app, name="rounds", help=N_("Inspection rounds."))
rounds.app.command("facts", help=N_("How a round was walked, told by the records."))(approving.show_facts)
rounds.app.command("skip", help=N_("A lead says that a round need not be walked, with a reason."))(slots.skip)
rounds.app.command("back-fill", help=N_("Open a round that was walked on paper, to be typed in on the screen."))(
    slots.back_fill
)
rounds.app.command("approve", help=N_("A lead approves a round they took no part in."))(approving.approve)
rounds.app.command("amend", help=N_("Another answer in a signed round, with a reason."))(approving.amend)
app.add_typer(findings.app, name="findings", help=N_("What is wrong, who puts it right, and until when."))
app.add_typer(outages.app, name="outages", help=N_("Every time the mains failed, and what was done."))
app.command("history", help=N_("One quantity over time, gaps told as gaps."))(history.history)
app.add_typer(baseline.app, name="baseline", help=N_("How the ports of a device are to be."))
app.add_typer(checklist.app, name="checklist", help=N_("Checklist files."))
app.add_typer(profile.app, name="profile", help=N_("How kinds of devices are asked."))
app.add_typer(export.app, name="export", help=N_("Workbooks for the manager."))
app.add_typer(operators.app, name="operators", help=N_("Who may sign in."))
app.add_typer(register.app, name="register", help=N_("Who an address belongs to."))
app.add_typer(roster.app, name="roster", help=N_("Who is on duty when."))
app.add_typer(handover.app, name="handover", help=N_("What one shift left and the next one accepted."))
app.add_typer(zero.app, name="zero", help=N_("The zero report of each duty day."))
app.add_typer(periods.app, name="period", help=N_("Critical periods: the room is walked more often."))
app.add_typer(maintenance.app, name="maintenance", help=N_("Planned maintenance."))
app.add_typer(self_check.app, name="self-check", help=N_("The self-check: results, texts and plans."))
app.add_typer(discharge.app, name="discharge", help=N_("Guided discharge tests: how long a battery really holds."))
app.add_typer(notify.app, name="notify", help=N_("Who is told when something happens."))
app.command("verify", help=N_("Check the ledger and every record against it."))(verify.verify)
app.command("backup", help=N_("Back the records up, read back and compared."))(backup.backup)
app.command("restore", help=N_("Put a backup in the place of the records."))(backup.restore)
app.command("doctor", help=N_("Check this machine, its terminal, the records and every source."))(doctor.doctor)
app.add_typer(config.app, name="config", help=N_("The site file."))


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        print(f"{NAME} {version(NAME)}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", "-V", help=N_("Show the version."), callback=_version, is_eager=True)
]


@app.callback(invoke_without_command=True, help=N_("The duty desk of a machine room: rounds, live UPS, evidence."))
def root(
    ctx: typer.Context,
    config: Config = None,
    lang: Lang = None,
    version: Version = False,
    replay: Annotated[
        Path | None, typer.Option("--replay", metavar="FILE", help=N_("Play a recording (`collect --record`)."))
    ] = None,
    speed: Annotated[float, typer.Option(min=0.1, max=3600, help=N_("How many times faster it is played."))] = 1.0,
    at: Annotated[str | None, typer.Option(metavar="TIME", help=N_("Play it from there, such as 14:30."))] = None,
) -> int:
    """Without a command: the screens."""
    if ctx.invoked_subcommand is not None:
        return 0
    if replay is None:
        return screen.open_screens(asked_in(ctx))
    from dutyroom.cli.replay import open_replay

    return open_replay(asked_in(ctx), replay, speed, at)


@app.command("demo", help=N_("A simulated room on this machine, asked with the real protocols."))
def demo(
    data: Annotated[Path | None, typer.Option(help=N_("Keep the demo's files in this folder."))] = None,
    days: Annotated[int, typer.Option(min=0, max=120, help=N_("First fill so many days of history."))] = 0,
    seed: Annotated[int, typer.Option(help=N_("The same seed gives the same room."))] = 1,
    outage: Annotated[bool, typer.Option("--outage", help=N_("The mains fail soon after the start."))] = False,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help=N_("Also write every sample into a new file."))
    ] = None,
    plain: Annotated[bool, typer.Option("--plain", help=N_("Print one walk through instead of the screens."))] = False,
    lang: Lang = None,
) -> int:
    """The simulated room; on a terminal with the screens."""
    from dutyroom.cli.demo import demo as simulated

    return simulated(data=data, days=days, seed=seed, outage=outage, plain=plain, lang=lang, record=record)


@app.command("completion", help=N_("Print the completion script of a shell (bash, zsh, fish, powershell)."))
def completion(shell: Annotated[str, typer.Argument()] = "bash") -> int:
    """Typer's own script; it is put where the shell looks for completions."""
    if shell not in ("bash", "zsh", "fish", "powershell", "pwsh"):
        raise typer.BadParameter(_("choose one of: {choices}").format(choices="bash, zsh, fish, powershell"))
    os.environ[f"_{NAME.upper()}_COMPLETE"] = f"source_{shell}"
    try:
        typer.main.get_command(app).main(args=[], prog_name=NAME)
    except SystemExit as ended:
        return int(ended.code or 0)
    finally:
        del os.environ[f"_{NAME.upper()}_COMPLETE"]
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command line (`sys.argv` when None is given) and gives its exit code."""
    use_utf8()
    given = list(sys.argv[1:] if arguments is None else arguments)
    words.install(first_language(given, os.environ))
    asked = Asked(json="--json" in given)
    try:
        code = _carry_out(given, asked)
    except DutyroomError as error:
        code = _refuse(asked, error.code, str(error), error.exit_code)
    except typer.TyperException as error:
        code = _refuse(asked, "usage", _usage(error), error.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    _flush()
    return code if isinstance(code, int) else 0


def _carry_out(given: list[str], asked: Asked) -> Any:
    command = typer.main.get_command(app)
    speak(command)
    return command.main(args=given, prog_name=NAME, standalone_mode=False, obj=asked)


def _refuse(asked: Asked, code: str, sentence: str, exit_code: int) -> int:
    if asked.json:
        from dutyroom.cli import documents

        print(documents.to_text(documents.error(code, sentence)))
    else:
        print(sentence, file=sys.stderr)
    return exit_code


def _usage(error: typer.TyperException) -> str:
    said = sentence(error)
    ctx = getattr(error, "ctx", None)
    # A group without a command answers with its whole help.
    if ctx is None or "\n" in said.strip():
        return said
    return said + "\n" + _("Try: {command} --help").format(command=ctx.command_path)


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader went away (`| head`); what is left must not fail again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
