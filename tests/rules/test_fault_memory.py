"""What the watch remembers: nothing is found before it lasted, gone before it was quiet, or told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dutyroom.model.finding import Finding, FindingOrigin, Severity
from dutyroom.rules.deadlines import deadline_of
from dutyroom.rules.fault_memory import (
    GONE_AFTER_S,
    GONE_AT_MOST_S,
    MANY_AT_ONCE,
    SETTLE_S,
    FaultMemory,
    gone_after_s,
)
from dutyroom.rules.finding_life import seen_again
from dutyroom.rules.watch_faults import MANY_PORTS, PORT, Fault, Look
from tests.desks import NOW

# How long the fault is there or not (or the device tells nothing), and how the wall clock is set meanwhile.
phases = st.lists(
    st.tuples(
        st.sampled_from(["there", "gone", "blind"]),
        st.integers(1, 4000),
        st.sampled_from([0, 0, 0, -90_000, 3600, 86_400]),
    ),
    min_size=1,
    max_size=25,
)


def port(number: int) -> Fault:
    return Fault("core-1", PORT, str(number), Severity.OTHER)


def made_of(fault: Fault, at: datetime) -> Finding:
    return Finding(
        *(FindingOrigin.WATCH, fault.key, fault.severity, at, None, deadline_of(fault.severity, at)),
        device=fault.device,
        code=fault.code,
        id=1,
    )


@settings(max_examples=80, deadline=None)
@given(phases)
def test_a_fault_lasts_before_it_is_found_and_is_quiet_before_it_is_gone(phases: list[tuple[str, int, int]]) -> None:
    memory, fault = FaultMemory(), port(1)
    finding: Finding | None = None
    at_s, now, there_s, quiet_s, changes = 0.0, NOW, 0.0, 0.0, 0
    for phase, lasts_s, jump_s in phases:
        now += timedelta(seconds=jump_s)
        for _n in range(0, lasts_s, 30):
            at_s, now = at_s + 30, now + timedelta(seconds=30)
            seen = {
                "there": Look((fault,)),
                "gone": Look(()),
                "blind": Look((), blind=frozenset({"core-1"})),
            }[phase]
            there_s = there_s + 30 if phase == "there" else (there_s if phase == "blind" else 0.0)
            quiet_s = quiet_s + 30 if phase == "gone" else 0.0
            standing = {finding.key: finding} if finding is not None else {}
            change = memory.look(seen, standing, lambda _key: None, at_s, now)
            for found, _for_s in change.found:
                assert finding is None, "found twice"
                assert there_s >= SETTLE_S
                finding, changes = made_of(found, now), changes + 1
            for _fault, again in change.again:
                assert again.gone_at is not None
                assert there_s >= SETTLE_S
                finding, changes = seen_again(again, now), changes + 1
            for gone, for_s in change.gone:
                assert for_s >= gone_after_s(gone)
                assert quiet_s >= GONE_AFTER_S
                finding, changes = replace(gone, gone_at=now), changes + 1
    assert changes <= 2 + 2 * at_s / (GONE_AFTER_S + SETTLE_S)


@given(st.integers(1, 60), st.integers(0, 3))
def test_the_quiet_that_is_waited_for_grows_and_has_an_end(times: int, more: int) -> None:
    one = replace(made_of(port(1), NOW), times=times)
    assert GONE_AFTER_S <= gone_after_s(one) <= gone_after_s(replace(one, times=times + more)) <= GONE_AT_MOST_S


@given(st.integers(1, 60))
def test_however_many_ports_go_down_at_once_there_are_few_findings(count: int) -> None:
    memory, faults = FaultMemory(), tuple(port(number) for number in range(count))
    memory.look(Look(faults), {}, lambda _key: None, 0.0, NOW)
    found = memory.look(Look(faults), {}, lambda _key: None, SETTLE_S, NOW).found
    assert len(found) == (count if count <= MANY_AT_ONCE else 1)
    assert (found[0][0].code == MANY_PORTS) is (count > MANY_AT_ONCE)
    standing = {fault.key: made_of(fault, NOW) for fault, _for_s in found}
    assert not memory.look(Look(faults), standing, lambda _key: None, 2 * SETTLE_S, NOW)
