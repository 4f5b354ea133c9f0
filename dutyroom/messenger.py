"""What carries a message out: an apprise URL, or a command of this machine. Nothing else here knows apprise.

apprise (BSD-2) is an extra: it speaks mail, DingTalk, WeCom, Feishu, ntfy, syslog, webhooks and many more, and needs a
quarter of a second to import, so it is imported when the first message goes out. Its own log lines hold URLs with
secrets; they go nowhere.
"""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import threading
from contextvars import ContextVar
from typing import Any

from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.finding import Severity
from dutyroom.model.notification import Message, Recipient
from dutyroom.words import _

LONGEST_DETAIL = 160
# Of the environment of this program a command gets only what programs need to run: no secret stands in these.
_PASSED = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR")
_STATUS = re.compile(r"error=(\d{3})\b")


class NotDelivered(DutyroomError):
    """A message did not arrive, as far as can be told.

    `code` says why: `not-installed` (the extra is missing), `bad-url`, `not-sent`, `status` (what a server answered),
    `no-command`, `command-failed`, `timeout`. The sentence holds no address and no secret.
    """

    code = "not-sent"

    def __init__(self, sentence: str, *, code: str, param: str = "") -> None:
        super().__init__(sentence, code=code)
        self.param = param

    @property
    def detail(self) -> str:
        """The code with its parameter (a status, an exit code and what the command said), for the records."""
        return f"{self.code} {self.param}".strip()


# What servers answered with to the message that is being sent; apprise carries the context into its own threads.
_answered: ContextVar[list[str] | None] = ContextVar("answered", default=None)


class _Answers(logging.Filter):
    """The status a server answered with, from what apprise logs; nothing else of it is kept, and nothing passes."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps the number alone."""
        told, found = _answered.get(), _STATUS.search(record.getMessage())
        if told is not None and found is not None:
            told.append(found[1])
        return False


_answers = _Answers()


def deliver(recipient: Recipient, message: Message) -> None:
    """Sends one message and waits until it is gone.

    A command ends within the recipient's `timeout_s`; apprise has timeouts of its own, so the caller must not wait.

    Raises:
        NotDelivered: it did not arrive.
    """
    if recipient.url is None:
        _run(recipient, message)
    else:
        _apprise(recipient.url.reveal(), message)


def deliver_within(recipient: Recipient, message: Message) -> None:
    """The same, but back after the recipient's `timeout_s` at the latest. Raises NotDelivered (`timeout`)."""
    raised: list[NotDelivered] = []

    def send() -> None:
        try:
            deliver(recipient, message)
        except NotDelivered as error:
            raised.append(error)

    thread = threading.Thread(target=send, name="test message", daemon=True)
    thread.start()
    thread.join(recipient.timeout_s + 1.0)
    if thread.is_alive():
        raise NotDelivered(_("it took too long"), code="timeout")
    if raised:
        raise raised[0]


def _apprise(url: str, message: Message) -> None:
    apprise = _imported()
    asset = apprise.AppriseAsset(app_id="dutyroom", app_desc="dutyroom", app_url="", async_mode=False)
    carrier = apprise.Apprise(asset=asset)
    if not carrier.add(url):
        raise NotDelivered(_("apprise does not take this URL"), code="bad-url")
    told: list[str] = []
    token = _answered.set(told)
    try:
        arrived = carrier.notify(title=message.title, body=message.text, notify_type=_kind(apprise, message))
    finally:
        _answered.reset(token)
    if arrived:
        return
    if told:
        raise NotDelivered(
            _("the server answered with {status}").format(status=told[-1]), code="status", param=told[-1]
        )
    raise NotDelivered(_("it could not be sent"), code="not-sent")


def _imported() -> Any:
    try:
        import apprise
    except ImportError:
        sentence = _("a URL needs the extra: pip install 'dutyroom[notify]'")
        raise NotDelivered(sentence, code="not-installed") from None
    log = logging.getLogger("apprise")
    if _answers not in log.filters:
        log.addFilter(_answers)
    return apprise


def _kind(apprise: Any, message: Message) -> Any:
    if message.is_over:
        return apprise.NotifyType.SUCCESS
    return apprise.NotifyType.FAILURE if message.severity is Severity.MAJOR else apprise.NotifyType.WARNING


def _run(recipient: Recipient, message: Message) -> None:
    environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
    environment |= {f"DUTYROOM_{name.upper()}": value for name, value in message.fields}
    try:
        program = subprocess.Popen(
            recipient.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            cwd="/",
            # A group of its own: what it started ends with it.
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise NotDelivered(
            _("the command cannot be run ({why})").format(why=why), code="no-command", param=why
        ) from None
    text = f"{message.title}\n\n{message.text}\n".encode()
    try:
        _nothing, said = program.communicate(text, timeout=recipient.timeout_s)
    except subprocess.TimeoutExpired:
        _end(program)
        raise NotDelivered(_("the command took too long"), code="timeout") from None
    if program.returncode:
        first = inert(said.decode("utf-8", "replace").strip().partition("\n")[0], LONGEST_DETAIL)
        sentence = _("the command failed ({code})").format(code=program.returncode)
        told = f"{program.returncode} {first}".strip()
        raise NotDelivered(f"{sentence}: {first}" if first else sentence, code="command-failed", param=told)


def _end(program: subprocess.Popen[bytes]) -> None:
    """Ends a command with everything it started."""
    try:
        os.killpg(program.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    program.communicate()
