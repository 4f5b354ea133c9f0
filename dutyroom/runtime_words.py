"""The words for the time left: what a number rests on, and why one is not believed. In the language in force."""

from __future__ import annotations

from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.runtime import Candidate, RuntimeEstimate
from dutyroom.words import N_, _

BASES = {
    RuntimeBasis.REPORTED: N_("as the UPS reports it"),
    RuntimeBasis.SLOPE: N_("from how fast the charge falls"),
    RuntimeBasis.HISTORY: N_("from earlier outages"),
    RuntimeBasis.COUNTDOWN: N_("counted down from the last known"),
}
# The codes of `rules.runtime`; those that mean something else for one basis stand in OF_BASIS.
WHY_NOT = {
    "none": N_("nothing to tell it from"),
    "zero": N_("always 0"),
    "sentinel": N_("a placeholder, not a time"),
    "gone": N_("no longer told"),
    "frozen": N_("stands still"),
    "slow": N_("falls slower than the clock"),
    "fast": N_("falls faster than the clock"),
    "uneven": N_("falls now fast, now slowly"),
    "jumped": N_("rose without reason"),
    "above": N_("more than was left before"),
    "was-wrong": N_("the battery lasted shorter before"),
    "early": N_("too little has fallen yet"),
    "stuck": N_("stands at 100 %"),
    "jumps": N_("jumps"),
    "agrees": N_("agrees with the report"),
    "proven": N_("not needed: the report came true before"),
    "on-record": N_("not needed: a discharge is on record"),
    "alone": N_("a charge alone proves nothing"),
    "partial": N_("ended early: only a lower bound"),
    "beyond": N_("longer than was ever proven"),
    "no-load": N_("load not known"),
    "other-load": N_("at a load too far from today's"),
    "not-needed": N_("not needed: the report is believed"),
}
OF_BASIS = {
    (RuntimeBasis.HISTORY, "none"): N_("no discharge on record"),
    (RuntimeBasis.COUNTDOWN, "frozen"): N_("what it counts from never moved"),
    (RuntimeBasis.COUNTDOWN, "slow"): N_("what it counts from was not true"),
    (RuntimeBasis.COUNTDOWN, "fast"): N_("what it counts from was not true"),
    (RuntimeBasis.COUNTDOWN, "uneven"): N_("what it counts from was not true"),
}


def basis(of: RuntimeEstimate) -> str:
    """What the headline rests on, or that there is nothing; a lower bound says so."""
    if of.basis is None:
        return _("no basis")
    if of.at_least:
        return _("at least, {basis}").format(basis=_(BASES[of.basis]))
    return _(BASES[of.basis])


def why_not(of: Candidate) -> str:
    """Why a candidate is not believed; empty of one that is. A code from a newer version stands as it is."""
    text = OF_BASIS.get((of.basis, of.why_not)) or WHY_NOT.get(of.why_not)
    return _(text) if text is not None else of.why_not
