"""The hold time of every UPS: required, and what was on record at the cut-off."""

from __future__ import annotations

from dutyroom import show
from dutyroom.clock import local_date
from dutyroom.model.hold import HoldBasis, HoldEvidence, HoldUnknown
from dutyroom.model.reading import HoldVerdict
from dutyroom.report.facts.hold import HoldFact
from dutyroom.report.facts.outages import minutes
from dutyroom.report.frame import Frame
from dutyroom.report.list_page import ListRow
from dutyroom.report.tables_page import Table
from dutyroom.words import N_, _

_BASES = {
    HoldBasis.TEST: N_("discharge test"),
    HoldBasis.OUTAGE: N_("recorded outage"),
    HoldBasis.REPORTED: N_("as the UPS reports it"),
    HoldBasis.NONE: N_("nothing"),
}
_PROOF_WHY_NOT = {
    HoldUnknown.NO_RECORD: N_("no outage or signed discharge test of this battery is on record"),
    HoldUnknown.OTHER_BATTERY: N_("what is on record was another battery"),
    HoldUnknown.LOAD_THEN: N_("on record without a load: it cannot be compared"),
    HoldUnknown.LOAD_NOW: N_("on record, but the load at the cut-off is not known"),
    HoldUnknown.LOAD_DIFFERS: N_("on record with a load too far from that at the cut-off"),
    HoldUnknown.OLD: N_("too long ago to count"),
    HoldUnknown.PARTIAL: N_("it was stopped before the battery was empty: at least that"),
}
_REPORTED_WHY_NOT = {
    HoldUnknown.NO_RUNTIME: N_("no runtime on record in the last day before the cut-off"),
    HoldUnknown.CHARGE: N_("reported with a charge that is not known: it does not count"),
    HoldUnknown.NOT_FULL: N_("reported with a battery that was not full: it does not count"),
}
_LOOKS = {
    HoldVerdict.MET: "centre",
    HoldVerdict.SHORT: "verdict fault",
    HoldVerdict.NO_EVIDENCE: "verdict attention",
    HoldVerdict.EVIDENCE_OLD: "verdict attention",
}


def hold_table(frame: Frame, facts: tuple[HoldFact, ...]) -> Table:
    """One row a UPS, over the grid of the outages."""
    columns = [
        (_("UPS"), 2),
        (_("Battery of"), 2),
        (_("Required, min"), 1),
        (_("Verdict"), 2),
        (_("What decides, min"), 1),
        (_("Short by, min"), 1),
        (_("What decides"), 2),
        (_("Proven on"), 2),
        (_("Proven, min"), 1),
        (_("Reported, min"), 1),
        (_("Load then, %"), 1),
        (_("Load at the cut-off, %"), 1),
        (_("Why"), 1),
    ]
    note = _(
        "As it stood at the cut-off: recorded outages and signed discharge tests of the battery that was in the UPS, "
        "scaled to the load of the newest hour on record and to their age, beside the runtime that the UPS reported in "
        "that hour with a full battery. The smaller number decides."
    )
    return Table(_("Hold time"), columns, [_row(frame, one) for one in facts], note)


def _row(frame: Frame, one: HoldFact) -> ListRow:
    evidence, proof = one.evidence, one.evidence.proof
    known = evidence.seconds is not None
    return ListRow(
        [
            (frame.site.label_of(one.ups), "text strong"),
            (one.battery_installed, "date"),
            (minutes(evidence.required_s), "number 0"),
            (show.hold(one.verdict), _LOOKS[one.verdict]),
            (minutes(evidence.seconds), "number 0"),
            (minutes(evidence.short_by_s), "number 0 fault" if evidence.short_by_s else "number 0"),
            (_(_BASES[evidence.basis]) if known else show.NOTHING, "text"),
            (local_date(proof.at, frame.zone) if proof is not None else None, "date"),
            (minutes(evidence.proven_s), "number 0"),
            (minutes(evidence.reported_s), "number 0"),
            (round(proof.load_then_percent, 1) if proof is not None else None, "number 0"),
            (round(one.load_percent, 1) if one.load_percent is not None else None, "number 0"),
            (_why(evidence), "text"),
        ],
        one.records,
    )


def _why(evidence: HoldEvidence) -> str:
    """What one of the two numbers lacks; empty where both are there."""
    said = [
        _(words[why])
        for words, why in (
            (_PROOF_WHY_NOT, evidence.proof_why_not),
            (_REPORTED_WHY_NOT, evidence.reported_why_not),
        )
        if why is not None and why in words
    ]
    if evidence.proof is not None and evidence.proof_why_not is None and not evidence.proof.is_complete:
        said.insert(0, _(_PROOF_WHY_NOT[HoldUnknown.PARTIAL]))
    return "; ".join(said)
