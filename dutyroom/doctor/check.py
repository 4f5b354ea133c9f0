"""What one check found: codes and parameters, never a sentence; the words are made in `dutyroom.doctor.words`.

The codes are part of `doctor --json` and only grow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dutyroom.model.reading import Verdict


class Group(StrEnum):
    """What a check looks at, in the order it is told."""

    MACHINE = "machine"
    TERMINAL = "terminal"
    SITE = "site"
    RECORDS = "records"
    WATCH = "watch"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `code` names the check, `told` what was found, `fix` what to do about it (empty: nothing).

    The verdict `not-installed` means that the check does not apply here. `subject` is the thing itself where there
    are several (a device, a file).
    """

    group: Group
    code: str
    verdict: Verdict
    told: str
    fix: str = ""
    subject: str = ""
    params: tuple[tuple[str, str], ...] = ()

    @property
    def needs_doing(self) -> bool:
        """True when somebody should do something about it."""
        return self.verdict in (Verdict.ATTENTION, Verdict.FAULT, Verdict.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Probe:
    """A check that is still to be made: it takes up to `within_s` seconds, in a thread of its own."""

    group: Group
    code: str
    run: Callable[[], Sequence[Check]]
    within_s: float = 10.0


def make(
    group: Group, code: str, verdict: Verdict, told: str, fix: str = "", subject: str = "", /, **params: object
) -> Check:
    """A check with its parameters as texts."""
    return Check(group, code, verdict, told, fix, subject, tuple((key, str(value)) for key, value in params.items()))
