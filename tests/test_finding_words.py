"""Every state, class, step and code of a finding has words in both languages, whatever its parameters hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from dutyroom import finding_words, words
from dutyroom.checklists import shipped
from dutyroom.model.finding import Finding, FindingOrigin, FindingState, FindingStep, Severity, Step
from dutyroom.model.site import LimitProfile
from dutyroom.rules import watch_faults
from tests.desks import NOW

ZONE = ZoneInfo("Asia/Shanghai")
ONE = Finding(
    FindingOrigin.ENTRY, "entry:env.water/", Severity.CRITICAL, NOW, "zhang", NOW, item="env.water", text="under rack 4"
)
ITEMS = {item.id: item for item in shipped("daily", LimitProfile.GB50174).items}
SEEN = {
    watch_faults.DOWN: ({"why": "timeout"}, "does not answer: no answer"),
    watch_faults.MANY_DOWN: ({"n": "9", "first": "a, b, c"}, "9 devices do not answer: a, b, c, …"),
    watch_faults.PORT: ({"why": "port-changed", "quantity": "port", "value": "Gi0/0/2", "limit": "up"}, "Gi0/0/2 down"),
    watch_faults.PORT_FLAPS: (
        {"why": "port-flaps", "quantity": "port Gi0/0/2", "value": "8", "limit": "6"},
        "Gi0/0/2 went up or down 8 times",
    ),
    watch_faults.PART: ({"why": "part-fault", "quantity": "part", "value": "PSU 2"}, "PSU 2 broken"),
    watch_faults.UPS: ({"why": "replace-battery", "quantity": "status", "value": "RB"}, "replace battery"),
    watch_faults.BACKUP: (
        {"why": "backup-old", "quantity": "age_s", "value": "180000", "limit": "93600"},
        "newest backup 2 d 2 h old, 1 d 2 h allowed",
    ),
    watch_faults.PASSWORD: ({"label": "HIS", "due": "2026-11-24"}, "password of HIS was to be changed by Tue 24 Nov"),
    watch_faults.ADDRESS: ({"ip": "10.0.0.9"}, "10.0.0.9 is not registered"),
    watch_faults.MANY_ADDRESSES: ({"n": "2", "first": "x, y"}, "2 addresses are not registered: x, y"),
    watch_faults.MANY_PORTS: ({"n": "6", "first": "1, 2, 3"}, "6 ports down: 1, 2, 3, …"),
}


@pytest.fixture(params=["en", "zh_CN"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    words.install(request.param)
    yield request.param
    words.install("en")


@pytest.mark.parametrize("code", SEEN)
def test_what_the_watch_saw_is_a_sentence(code: str) -> None:
    params, sentence = SEEN[code]
    assert finding_words.seen(code, tuple(params.items())) == sentence


def test_every_code_of_the_watch_has_words(language: str) -> None:
    codes = {value for name, value in vars(watch_faults).items() if name.isupper() and isinstance(value, str)}
    assert codes == set(SEEN)
    for code in codes:
        assert finding_words.seen(code, ()), "also where a parameter is missing"
        assert finding_words.seen(code, tuple(SEEN[code][0].items()))


def test_every_state_class_and_step_has_words(language: str) -> None:
    found = [finding_words.severity(one) for one in Severity] + [finding_words.state(one) for one in FindingState]
    found += [finding_words.origin(one) for one in FindingOrigin]
    assert all(found)
    params = {
        FindingStep.ASSIGNED: (("who", "li"), ("was", "2026-11-24T00:00:00Z"), ("deadline", "2026-11-25T00:00:00Z")),
        FindingStep.KNOWN: (("owner", "works"), ("until", "2026-12-01T00:00:00Z"), ("was", "2026-11-25T00:00:00Z")),
        FindingStep.SEVERITY: (("was", "other"), ("now", "major")),
        FindingStep.FOUND: (("before", "3"),),
        FindingStep.SEEN_AGAIN: (("window", "2"),),
        FindingStep.WITHDRAWN: (("window", "2"),),
    }
    for step in FindingStep:
        told = finding_words.step(Step(1, NOW, "li", step, "", params.get(step, ())), ZONE, lambda name: name or "-")
        assert told
        assert "–" not in told
        assert finding_words.step(Step(1, NOW, "li", step), ZONE, lambda name: name or "-")


def test_a_finding_tells_its_item_and_its_note_and_where_it_stands() -> None:
    assert finding_words.what(ONE, ITEMS).endswith(": under rack 4")
    assert finding_words.what(ONE, ITEMS).startswith("No leak")
    assert finding_words.what(replace(ONE, item="gone.item"), ITEMS) == "gone.item: under rack 4"
    assert finding_words.what(replace(ONE, origin=FindingOrigin.PERSON, item=""), ITEMS) == "under rack 4"
    later = NOW + timedelta(seconds=1)
    assert finding_words.standing(ONE, later) == "to do, overdue"
    known = replace(ONE, known_until=NOW + timedelta(days=1), deadline=NOW + timedelta(days=1))
    assert finding_words.standing(known, later) == "to do, known fault"
    assert (
        finding_words.standing(replace(ONE, silenced_by=2, gone_at=NOW), NOW)
        == "to do, planned maintenance, seen no more"
    )
