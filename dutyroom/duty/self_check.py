"""What people say of the rows of the self-check: set, never changed. Every act is a line in the ledger."""

from __future__ import annotations

from datetime import datetime

from dutyroom.duty.desk import Desk, require
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.people import Act, Actor
from dutyroom.model.self_check import CheckResult, SelfCheckAnswer
from dutyroom.self_checks import rows_of
from dutyroom.store import ledger, self_check
from dutyroom.tomlform import with_guess
from dutyroom.words import _

LONGEST_TEXT = 2000


class SelfCheckRefused(DutyroomError):
    """The answer cannot be set like this; `code` says why: `unknown-row`, `no-text`."""

    code = "self-check-refused"


def set_answer(
    desk: Desk, actor: Actor, row: str, result: CheckResult | None, text: str, plan: str, now: datetime
) -> SelfCheckAnswer:
    """Sets what is said of a row from now on; what was said before stays on record.

    Raises SelfCheckRefused, ChecklistError, NotAllowed, StoreError.
    """
    require(actor, Act.SET_SELF_CHECK)
    known = [one.id for one in rows_of(desk.site)]
    if row not in known:
        sentence = _("The self-check has no row {row}").format(row=inert(row, 60))
        raise SelfCheckRefused(with_guess(sentence, row, known, listing=False), code="unknown-row")
    said, planned = (inert(one, LONGEST_TEXT, lines=True).strip() for one in (text, plan))
    if result is None and not said and not planned:
        raise SelfCheckRefused(_("Say something: a result, a text or a plan."), code="no-text")
    answer = SelfCheckAnswer(row, result, said, planned, now, actor.name)
    with desk.store.write() as session:
        entered = self_check.add(session, answer)
        ledger.append_row(session, at=now, actor=actor, act=Act.SET_SELF_CHECK, of=entered)
    return entered
