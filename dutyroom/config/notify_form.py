"""Who is told when something happens: the sections `[notify]` and `[[recipient]]` of the site file.

The text under a key is its description in the JSON Schema that editors use.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr

from dutyroom.config.secrets import secret_of
from dutyroom.config.values import Name, VariableName
from dutyroom.model.finding import Severity
from dutyroom.model.notification import TOPICS, NotifyRules, Recipient, Topic
from dutyroom.tomlform import Form, FormError, place
from dutyroom.tomlvalues import Duration, DurationOrNever, FilledText, listed, one_of, seconds, seconds_or_never
from dutyroom.words import _

SEVERITIES = tuple(one.value for one in (Severity.CRITICAL, Severity.MAJOR))
EVENTS = tuple(topic.value for topic in TOPICS)

SeverityName = Annotated[str, one_of(*SEVERITIES), listed(*SEVERITIES)]
EventName = Annotated[str, one_of(*EVENTS), listed(*EVENTS)]


class NotifySection(Form):
    """When something is told to the [[recipient]]s at all."""

    settle: Duration = "10s"
    """What is over before is not told."""
    quiet: Duration = "2m"
    """What comes back so soon is no new notification; so long it is waited before it is said to be over."""
    blind_after: Duration = "5m"
    """A watch that is silent, or that no device answers, for so long is a fault of the room and is told."""


class RecipientForm(Form):
    """Somebody who is told: an apprise URL (needs the extra `dutyroom[notify]`) or a command of this machine."""

    name: Name = Field(examples=['"duty-mail"'])
    """Its name in the records; a message never holds it."""
    url: SecretStr | None = None
    """An apprise URL (mailto:, dingtalk:, wecombot:, feishu:, ntfy:, syslog:, json:); better in a file of its own."""
    url_file: FilledText | None = None
    """A file that holds the URL; nobody but its owner may read it."""
    url_env: VariableName | None = None
    """The environment variable that holds the URL."""
    command: list[FilledText] = []
    """A program and its arguments, run without a shell: the text comes on its standard input, fields as DUTYROOM_..."""
    severity: SeverityName = "critical"
    """The least class that is told: critical, or major alone."""
    events: list[EventName] = list(EVENTS)
    """What is told: power (a UPS on battery), fault (of a device), finding, watch (silent, blind, a gap)."""
    after: Duration | None = None
    """Only what nobody has acknowledged for so long: a step of the escalation ladder; left out: at once."""
    repeat: DurationOrNever = "30m"
    """Again after so long, until somebody acknowledges; never: told once."""
    timeout: Duration = "30s"
    """A message that takes longer has not arrived."""
    names: bool = False
    """Whether messages name devices and tell what is wrong; otherwise they hold only the room's label and codes."""


def notify_rules(section: NotifySection) -> NotifyRules:
    """The rules of the section."""
    return NotifyRules(seconds(section.settle), seconds(section.quiet), seconds(section.blind_after))


def recipients(forms: Sequence[RecipientForm], folder: Path) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
    """The recipients in the order of the file, and warnings. Raises FormError for what is wrong with one."""
    made: list[Recipient] = []
    warnings: list[str] = []
    for at, form in enumerate(forms):
        where = place(("recipient", at))
        if (twin := next((number for number, one in enumerate(made) if one.name == form.name), None)) is not None:
            raise FormError(
                _("{place}: {other} is called so already; give it another name").format(
                    place=place(("recipient", at, "name")), other=place(("recipient", twin))
                )
            )
        url, warning = secret_of(form, "url", form.name, where, folder)
        if (url is None) is (not form.command):
            raise FormError(_("{place} needs either a url_file (or url_env) or a command").format(place=where))
        if warning:
            warnings.append(warning)
        if url is not None and find_spec("apprise") is None:
            text = _("{place} has a URL, which needs the extra: pip install 'dutyroom[notify]'")
            warnings.append(text.format(place=where))
        made.append(
            Recipient(
                name=form.name,
                url=url,
                command=tuple(form.command),
                severity=Severity(form.severity),
                topics=tuple(Topic(one) for one in form.events),
                after_s=seconds(form.after) if form.after is not None else 0.0,
                repeat_s=seconds_or_never(form.repeat),
                timeout_s=seconds(form.timeout),
                names=form.names,
            )
        )
    return tuple(made), tuple(warnings)
