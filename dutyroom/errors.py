"""Every error dutyroom raises on purpose, each with one sentence for the operator.

DutyroomError                 exit 1
├── SiteFileError             exit 3   the site file (names file and key)
├── ChecklistError            exit 3   a checklist file (names file and item)
├── ProfileError              exit 3   a profile file (names file and key)
├── StoreError                exit 5   the database
├── SourceError               exit 4   a source that could not be asked
├── AnswerRefused             exit 1   an answer that cannot be stored (impossible value, missing note, stale)
├── RoundRefused              exit 1   a round that cannot be started or signed now
├── FindingRefused            exit 1   this cannot be done to a finding now
├── EventRefused              exit 1   this cannot be done in a power event now
├── NotAllowed                exit 1   the role may not do this
├── SignInRefused             exit 1   wrong name or password, or a disabled operator
└── ExportError               exit 1   the workbook could not be written
"""

from __future__ import annotations


class DutyroomError(Exception):
    """Base of all. `code` is stable for scripts, `exit_code` is what the command ends with."""

    code = "error"
    exit_code = 1

    def __init__(self, sentence: str, *, code: str | None = None) -> None:
        super().__init__(sentence)
        if code is not None:
            self.code = code


class SiteFileError(DutyroomError):
    """The site file is missing, unreadable or wrong. `place` is the key that is wrong, where one key is."""

    code = "site-file"
    exit_code = 3

    def __init__(self, sentence: str, *, code: str | None = None, place: str = "") -> None:
        super().__init__(sentence, code=code)
        self.place = place


class ChecklistError(DutyroomError):
    """A checklist file is missing or wrong."""

    code = "checklist"
    exit_code = 3


class ProfileError(DutyroomError):
    """A profile file is missing or wrong."""

    code = "profile"
    exit_code = 3


class StoreError(DutyroomError):
    """The database cannot be opened, read or written."""

    code = "store"
    exit_code = 5


class SourceError(DutyroomError):
    """A source cannot be asked at all."""

    code = "source"
    exit_code = 4


class AnswerRefused(DutyroomError):
    """This answer cannot be stored; `code` says why (`impossible`, `note-needed`, `stale`, `unknown-item`, ...)."""

    code = "answer-refused"


class RoundRefused(DutyroomError):
    """The round cannot be started or signed now; `code` says why (`not-open`, `unanswered`, `exists`, ...).

    `round_id` is the round of that slot that is there already, 0 when it is not about one.
    """

    code = "round-refused"

    def __init__(self, sentence: str, *, code: str | None = None, round_id: int = 0) -> None:
        super().__init__(sentence, code=code)
        self.round_id = round_id


class FindingRefused(DutyroomError):
    """This cannot be done to the finding now; `code` says why (`over`, `own`, `note-needed`, `not-done`, ...)."""

    code = "finding-refused"


class EventRefused(DutyroomError):
    """This cannot be done in the power event now; `code` says why (`closed`, `stamped`, `text-needed`, ...)."""

    code = "event-refused"


class NotAllowed(DutyroomError):
    """The role may not do this."""

    code = "not-allowed"


class SignInRefused(DutyroomError):
    """Wrong name or password, or the operator is disabled."""

    code = "sign-in-refused"


class ExportError(DutyroomError):
    """The workbook could not be written or did not read back."""

    code = "export"
