"""Outages and power events in words: phases, what people did, what the time left rests on, and why it is not known."""

from __future__ import annotations

from collections.abc import Callable

from dutyroom import show
from dutyroom.inert import inert
from dutyroom.model.facts import RuntimeBasis
from dutyroom.model.loads import ShedUnknown
from dutyroom.model.outage import CallResult, EventAct, EventStep, Phase
from dutyroom.model.runtime import Candidate, RuntimeEstimate
from dutyroom.words import N_, _

_PHASES = {
    Phase.ON_BATTERY: N_("on battery"),
    Phase.LOW: N_("battery low"),
    Phase.SHUTDOWN: N_("shutdown ordered (FSD)"),
    Phase.LOST: N_("contact lost"),
    Phase.FOUND: N_("contact again"),
    Phase.RESTORED: N_("mains back"),
}
_ACTS = {
    EventAct.SEEN: N_("seen"),
    EventAct.CONTAINED: N_("contained"),
    EventAct.REPORTED: N_("reported"),
    EventAct.AUTHORITY: N_("reported to the authority"),
    EventAct.MAJOR: N_("is a major event"),
    EventAct.CALLED: N_("called {subject}: {result}"),
    EventAct.SHED: N_("{subject} is off"),
    EventAct.UNSHED: N_("{subject} is on again"),
    EventAct.RESTARTED: N_("{subject} runs again"),
    EventAct.NOTED: N_("note"),
    EventAct.CLOSED: N_("closed"),
}
_RESULTS = {
    CallResult.ANSWERED: N_("answered"),
    CallResult.NO_ANSWER: N_("no answer"),
    CallResult.BUSY: N_("busy"),
    CallResult.UNREACHABLE: N_("not reachable"),
}
_CLOCKS = {"contained": N_("Contained"), "reported": N_("Reported"), "authority": N_("Authority")}
_BASES = {
    RuntimeBasis.REPORTED: N_("UPS says"),
    RuntimeBasis.SLOPE: N_("slope"),
    RuntimeBasis.HISTORY: N_("earlier discharges"),
    RuntimeBasis.COUNTDOWN: N_("counted down"),
}
_WHY_NOT = {
    "none": N_("nothing to tell it from"),
    "zero": N_("zero"),
    "sentinel": N_("a placeholder"),
    "gone": N_("no longer told"),
    "frozen": N_("stands still"),
    "slow": N_("falls slower than the clock"),
    "jumped": N_("rose without reason"),
    "was-wrong": N_("was wrong before"),
    "early": N_("too little has fallen"),
    "uneven": N_("falls slower and slower"),
    "stuck": N_("the charge stands still"),
    "jumps": N_("the charge jumps"),
    "proven": N_("the UPS was right before"),
    "fast": N_("falls faster than the clock"),
    "alone": N_("a charge alone proves nothing"),
    "partial": N_("ended early: a lower bound"),
    "beyond": N_("further than was ever proven"),
    "no-load": N_("the load is not known"),
    "other-load": N_("at another load"),
}
_SHED_UNKNOWN = {
    ShedUnknown.UPS: N_("the UPS is not read"),
    ShedUnknown.LOAD: N_("the load of the UPS is not known"),
    ShedUnknown.RATED: N_("rated_w of the UPS is not set"),
    ShedUnknown.WATTS: N_("the watts are not known"),
    ShedUnknown.RUNTIME: N_("the time left is not known"),
}


def phase(value: Phase) -> str:
    """What an outage came to."""
    return _(_PHASES[value])


def act(value: EventStep, label_of: Callable[[str], str]) -> str:
    """What somebody did in a power event, with its note; `label_of` gives what people call a load."""
    result = call_result(value.result) if value.result is not None else ""
    text = _(_ACTS[value.act]).format(subject=inert(label_of(value.subject), 60), result=result)
    return f"{text}: {inert(value.note, 500)}" if value.note else text


def call_result(value: CallResult) -> str:
    """What came of a call."""
    return _(_RESULTS[value])


def clock(name: str) -> str:
    """One of the three clocks by its code."""
    return _(_CLOCKS[name])


def basis(value: RuntimeBasis) -> str:
    """What a time left rests on, in a word or two."""
    return _(_BASES[value])


def candidate(one: Candidate, age_s: float) -> str:
    """One way to tell the time left, `age_s` after it was told: `slope 1 h 10 m`, or why it tells nothing."""
    name = basis(one.basis)
    left = show.duration(max(0.0, one.seconds - age_s)) if one.seconds is not None else ""
    if not one.why_not:
        return f"{name} {left}"
    why = why_not(one.why_not)
    return f"{name} {left} ({why})" if left else f"{name}: {why}"


def why_not(code: str) -> str:
    """Why a candidate tells nothing, or is not believed; the code itself when it has no words."""
    return _(_WHY_NOT[code]) if code in _WHY_NOT else inert(code, 40)


def unknown_left(left: RuntimeEstimate) -> str:
    """Why the time left is not known: what each way to tell it lacks."""
    reasons = [candidate(one, 0.0) for one in left.candidates if one.seconds is None]
    return " · ".join(reasons) or _("nothing to tell it from")


def shed_unknown(value: ShedUnknown) -> str:
    """Why it cannot be told what shedding gains."""
    return _(_SHED_UNKNOWN[value])
