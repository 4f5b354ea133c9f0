"""`dutyroom self-check`: what an assessor asks for, how far figures prove it, and what is said of it."""

from __future__ import annotations

from typing import Annotated

import typer

from dutyroom.cli.options import Config, Json, Lang, site_of
from dutyroom.cli.signing import As, PasswordFile, signed_in
from dutyroom.words import N_, _

app = typer.Typer(no_args_is_help=True)

RESULTS = ("met", "partly", "not-met", "not-applicable", "unknown")
Which = Annotated[
    str | None,
    typer.Option(
        "--period", metavar="WHICH", help=N_("2026-10, 2026-W43, 2026-Q4, 2026 or FIRST..LAST."), show_default=False
    ),
]
Row = Annotated[str, typer.Argument(metavar="ROW", help=N_("The row's name in the list."))]
Result = Annotated[
    str | None,
    typer.Option(
        "--result", metavar="CODE", help=N_("met, partly, not-met, not-applicable or unknown."), show_default=False
    ),
]
Text = Annotated[str, typer.Option("--text", metavar="TEXT", help=N_("What is said of it."), show_default=False)]
Plan = Annotated[str, typer.Option("--plan", metavar="TEXT", help=N_("What will be done."), show_default=False)]


@app.command("list", help=N_("Every row with its result, of this month or another period."))
def list_rows(
    ctx: typer.Context,
    which: Which = None,
    json: Json = False,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Prints one line for each row; exit code 2 for a period that cannot be read."""
    from dutyroom import clock, self_check_words
    from dutyroom.cli import documents, self_check_document
    from dutyroom.cli.columns import aligned
    from dutyroom.cli.compose import open_desk
    from dutyroom.model.self_check import CheckSheet
    from dutyroom.report.collect import report_of
    from dutyroom.report.self_check_lines import lines_of
    from dutyroom.rules.report_period import PeriodKind, holding, parse
    from dutyroom.words import choose

    site, now = site_of(ctx), clock.now()
    try:
        today = clock.local_date(now, site.timezone)
        period = parse(which) if which is not None else holding(PeriodKind.MONTH, today)
    except ValueError:
        raise typer.BadParameter(_("write 2026-10, 2026-W43, 2026-Q4, 2026 or 2026-10-05..2026-11-04")) from None
    desk = open_desk(site, read_only=True)
    try:
        report = report_of(desk.store, site, [one.checklist for one in desk.published()], period, now)
    finally:
        desk.store.close()
    found = [line for sheet in CheckSheet for line in lines_of(report, sheet)]
    if json:
        print(documents.to_text(self_check_document.self_check(period, found)))
    else:
        rows = [
            (one.row.id, self_check_words.result(one.result), choose(one.row.words.en, one.row.words.zh))
            for one in found
        ]
        print("\n".join(aligned(rows)))
    return 0


@app.command("set", help=N_("Say something of a row: it stands in every report from now on, until it is changed."))
def set_row(
    ctx: typer.Context,
    row: Row,
    by: As,
    result: Result = None,
    text: Text = "",
    plan: Plan = "",
    password_file: PasswordFile = None,
    config: Config = None,
    lang: Lang = None,
) -> int:
    """Sets; exit code 1 for a row there is none of."""
    from dutyroom import clock
    from dutyroom.duty.self_check import set_answer
    from dutyroom.model.self_check import CheckResult

    if result is not None and result not in RESULTS:
        raise typer.BadParameter(_("the result is one of: {names}").format(names=", ".join(RESULTS)))
    with signed_in(site_of(ctx), by, password_file) as (desk, actor):
        chosen = CheckResult(result) if result is not None else None
        answer = set_answer(desk, actor, row, chosen, text, plan, clock.now())
    print(_("Set: {row}").format(row=answer.row))
    return 0
