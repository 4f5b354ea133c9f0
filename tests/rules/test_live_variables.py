"""What a mapped variable may put into a round."""

from __future__ import annotations

from dutyroom.model.reading import Kind, Sample, State
from dutyroom.rules.live_variables import read
from dutyroom.rules.plausibility import ups_facts
from tests.desks import NOW


def test_what_a_ups_is_not_believed_feeds_no_item() -> None:
    facts = ups_facts({"ups.status": "OL", "battery.charge": "255", "ups.load": "23"})
    sample = Sample("ups-a", Kind.UPS, NOW, State.OK, ups=facts)
    assert read(sample, "battery.charge", NOW) is None
    assert read(sample, "ups.load", NOW) == 23.0
