"""Words of typer's own in help and refusals, said in the language in force.

typer marks some of them for gettext (headings, `required`, `default`) and writes others as they are (`Usage:`, what is
wrong with an option). A test asks typer for them, so that a word that a new typer brings is not shown untranslated.
"""

from __future__ import annotations

from typing import Any

import typer.core
from typer._click import exceptions
from typer._click.core import Context
from typer._click.formatting import HelpFormatter

from dutyroom.words import N_, _

MARKED = (
    N_("Arguments"),
    N_("Options"),
    N_("Commands"),
    N_("required"),
    N_("default: {default}"),
    N_("Missing command."),
    N_("No such command {name!r}."),
)
# typer marks these too; no command of dutyroom can bring them up.
NEVER_SHOWN = ("(dynamic)", "Aborted!", "env var: {var}")
HELP = N_("Show this message and exit.")
COMPLETION = (
    N_("Install completion for the current shell."),
    N_("Show completion for the current shell, to copy it or customize the installation."),
)
# What pydantic, which typer reads values with, says of a value; the rest of its sentence goes into the braces.
VALUES = (
    ("is not one of ", N_("choose one of: {rest}")),
    ("Input should be less than or equal to ", N_("at most {rest}")),
    ("Input should be greater than or equal to ", N_("at least {rest}")),
    ("Input should be a valid integer", N_("a whole number is needed")),
)
_ALSO = ". Did you mean "


class _Help(HelpFormatter):
    """typer's help with the one word that it writes as it is."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line of a help text."""
        super().write_usage(prog, args, _("Usage:") + " " if prefix is None else prefix)


def speak(command: Any) -> None:
    """Puts a command and everything below it into the language in force: help texts are marked where declared."""
    # typer's own mark asks the process's gettext domain, which is not ours.
    vars(typer.core)["_"] = _
    _translate(command)


def sentence(error: typer.TyperException) -> str:
    """What is wrong with a command line, in the language in force."""
    hint = _named(error)
    match error:
        case exceptions.MissingParameter():
            return _("{name} is missing.").format(name=hint)
        case exceptions.NoSuchOption(option_name=name, possibilities=others):
            said = _("There is no option {name}.").format(name=name)
            return said + (" " + _("Did you mean {names}?").format(names=", ".join(sorted(others))) if others else "")
        case exceptions.BadOptionUsage(option_name=name) if "does not take a value" in error.message:
            return _("The option {name} takes no value.").format(name=name)
        case exceptions.BadOptionUsage(option_name=name):
            return _("The option {name} needs a value.").format(name=name)
        case exceptions.BadParameter() if hint:
            return f"{hint}: {_value(error.message)}"
    said, also, names = error.format_message().partition(_ALSO)
    if also:
        return f"{said} {_('Did you mean {names}?').format(names=names.rstrip('?'))}"
    _start, extra, rest = said.partition("Got unexpected extra argument(s) (")
    return _("That is too much: {words}").format(words=rest.removesuffix(")")) if extra else said


def _value(said: str) -> str:
    """What is wrong with a value."""
    for start, ours in VALUES:
        _before, found, rest = said.partition(start)
        if found:
            return _(ours).format(rest=rest.replace("'", "").rstrip("."))
    return said


def _named(error: typer.TyperException) -> str:
    """The option or argument a refusal is about, as it is written."""
    param = getattr(error, "param", None)
    if param is None:
        return str(getattr(error, "param_hint", None) or "")
    return str(param.get_error_hint()).replace("'", "")


def _translate(command: Any) -> None:
    command.context_class = _Spoken
    for told in (command, *command.params):
        if getattr(told, "help", None):
            told.help = _(told.help)
    for below in getattr(command, "commands", {}).values():
        _translate(below)


class _Spoken(Context):
    """typer's context, whose help is written by `_Help` and whose help option is translated."""

    formatter_class = _Help

    def __init__(self, command: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(command, *args, **kwargs)
        option = command.get_help_option(self)
        if option is not None and option.help == HELP:
            option.help = _(HELP)
