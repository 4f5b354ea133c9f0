"""The accounting method in words: how every figure of a report was counted. The cover prints it."""

from __future__ import annotations

from dutyroom.report.frame import Frame
from dutyroom.words import N_, _

METHOD = (
    (
        N_("Period"),
        N_(
            "Days are local days of {zone}, from the first midnight to the one after the last day. Rounds due in "
            "the period stand as they stood when this was made, however late they were signed; all else as it "
            "stood at the end of the period."
        ),
    ),
    (
        N_("Rounds counted"),
        N_(
            "Every slot of every checklist in force is one of: on time, late, back-filled, skipped, missed. All "
            "five are due; the first three are signed; completion = signed ÷ due. Skipped and missed stay due and "
            "are never “not applicable”. A round that can still be signed is not counted yet."
        ),
    ),
    (
        N_("Answers judged"),
        N_(
            "Of signed rounds, amendments applied. Abnormal is judged attention or fault; an answer nobody could "
            "judge is unknown, not normal."
        ),
    ),
    (
        N_("Findings"),
        N_(
            "Found in the period, or before and not over when it began; withdrawn ones do not count. Days over are "
            "whole days between the deadline and done, or the end of the period."
        ),
    ),
    (
        N_("Outages"),
        N_(
            "Began before the end of the period and were not over when it began. How long one lasted that began or "
            "ended while nothing was watched is unknown."
        ),
    ),
    (
        N_("Availability"),
        N_(
            "Two failed polls in a row make down, counted from the first of them to the answer; one failed poll "
            "is not down; a check without an answer is a failed poll. No poll is unknown, never up. Maintenance "
            "counts as planned only when it was entered before it began; planned goes before unknown, unknown "
            "before down. Availability = up ÷ (period − planned − unknown), from the first poll on."
        ),
    ),
    (
        N_("Environment"),
        N_(
            "Lowest, mean and highest of each local day; measured and typed values are never mixed. Hours outside "
            "are measured hours whose mean is outside the normal limits in force."
        ),
    ),
    (N_("Zero reports"), N_("One for each duty day, as it stood at the end of the period.")),
    (
        N_("Unknown"),
        N_("What nobody measured or wrote is unknown: an empty cell or “–”, never 0 and never good."),
    ),
    (
        N_("Tracing"),
        N_(
            "Hidden columns hold the numbers of the records each figure was counted from. `dutyroom verify FILE` "
            "counts again and names the first difference."
        ),
    ),
)
"""(what it is about, how it is counted)."""


def accounting(frame: Frame) -> tuple[tuple[str, str], ...]:
    """METHOD in the language in force."""
    return tuple((_(about), _(text).format(zone=frame.zone.key)) for about, text in METHOD)
