"""Ports against their baseline and against the last signed round: what is told, and what nobody can know."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dutyroom.model.facts import DeviceFacts, Interface
from dutyroom.model.ports import Baseline, BaselinePort, Expected, MarkedPort, PortMarks, PortsKnown
from dutyroom.model.reading import Latest, Sample, State, Verdict
from dutyroom.rules.changes import changes
from dutyroom.rules.port_changes import port_view
from dutyroom.rules.port_match import matched
from dutyroom.rules.severity import judge
from tests.desks import NOW, failed, make_site, switch_sample

DEVICE = replace(make_site().network[0], watch_ports=())
HOUR = timedelta(hours=1)


def port(index: int, name: str, *, up: bool = True, alias: str = "", speed: int | None = 10**9) -> Interface:
    return Interface(index, name, name, alias, 6, "up", "up" if up else "down", speed)


def accepted(*ports: Interface, critical: tuple[str, ...] = (), ignored: tuple[str, ...] = ()) -> PortsKnown:
    made = tuple(
        BaselinePort(
            row.index,
            row.name,
            row.descr,
            row.alias,
            Expected.IGNORE if row.name in ignored else Expected.UP if row.is_up else Expected.DOWN,
            critical=row.name in critical,
            speed_bps=row.speed_bps if row.is_up else None,
        )
        for row in ports
    )
    return PortsKnown(Baseline("core-1", 1, NOW, "zhang", NOW, made))


def marked(*ports: Interface, uptime_s: float | None = 86400.0) -> PortsKnown:
    made = tuple(
        MarkedPort(
            row.index,
            row.name,
            row.descr,
            row.alias,
            row.is_up,
            row.speed_bps,
            row.in_errors,
            row.out_errors,
            row.in_discards,
            row.out_discards,
        )
        for row in ports
    )
    return PortsKnown(marks=PortMarks("core-1", NOW, uptime_s, made))


def codes(known: PortsKnown, *ports: Interface, uptime_s: float | None = 90000.0) -> list[str]:
    facts = DeviceFacts(uptime_s=uptime_s, interfaces=ports)
    return [change.reason.code for change in port_view(facts, DEVICE, (), known, NOW + HOUR).changes]


def test_a_critical_port_that_is_down_is_a_fault_and_comes_first() -> None:
    now = (port(1, "Gi1", up=False), port(2, "Gi2", up=False))
    known = accepted(port(1, "Gi1"), port(2, "Gi2"), critical=("Gi2",))
    assert codes(known, *now) == ["port-down", "port-changed"]
    sample = switch_sample()
    assert sample.device is not None
    sample = replace(sample, device=replace(sample.device, interfaces=now))
    assert judge(DEVICE, Latest(sample, sample, ports=known), 30.0, NOW).verdict is Verdict.FAULT


def test_a_port_that_was_accepted_as_down_is_no_change_until_it_comes_up() -> None:
    known = accepted(port(1, "Gi1", up=False))
    assert codes(known, port(1, "Gi1", up=False)) == []
    assert codes(known, port(1, "Gi1")) == ["port-unexpected-up"]


def test_a_port_nobody_accepted_is_told_once_it_is_up() -> None:
    assert codes(accepted(port(1, "Gi1")), port(1, "Gi1"), port(9, "Gi9", up=False)) == []
    assert codes(accepted(port(1, "Gi1")), port(1, "Gi1"), port(9, "Gi9")) == ["port-unexpected-up"]


def test_an_ignored_port_may_do_what_it_likes() -> None:
    known = accepted(port(1, "Gi1"), ignored=("Gi1",))
    assert codes(known, port(1, "Gi1", up=False)) == []
    assert codes(known) == []


def test_a_port_that_vanished_is_told_but_not_when_the_table_was_not_read() -> None:
    known = accepted(port(1, "Gi1"), port(2, "Gi2"))
    assert codes(known, port(1, "Gi1")) == ["port-gone"]
    assert codes(known) == []


def test_a_port_whose_state_was_not_told_is_neither_up_nor_down() -> None:
    silent = replace(port(1, "Gi1"), admin="missing", oper="missing")
    assert codes(accepted(port(1, "Gi1")), silent) == []
    watched = replace(DEVICE, watch_ports=("Gi1",))
    assert port_view(DeviceFacts(interfaces=(silent,)), watched, (), None, NOW).changes == ()


def test_a_port_is_found_again_by_its_names_when_the_rows_move() -> None:
    known = accepted(port(1, "Gi1", alias="HIS"), port(2, "Gi2", up=False))
    assert codes(known, port(7, "Gi1", alias="HIS"), port(8, "Gi2", up=False)) == []
    assert codes(known, port(7, "Gi1", alias="HIS new"), port(8, "Gi2", up=False)) == []


def test_ports_of_one_name_are_told_apart_by_their_index() -> None:
    before = [port(n, "loopback", up=n == 3) for n in range(1, 5)]
    pairs = matched(before, [port(n, "loopback", up=n == 3) for n in range(1, 5)])
    assert [(was.index, now.index if now else None) for was, now in pairs] == [(1, 1), (2, 2), (3, 3), (4, 4)]
    moved = matched(before, [port(n, "loopback") for n in range(11, 15)])
    assert [now for _was, now in moved] == [None] * 4


def test_ports_of_one_name_make_no_events_of_each_other() -> None:
    sample = switch_sample()
    assert sample.device is not None

    def told(*ports: Interface) -> Sample:
        assert sample.device is not None
        return replace(sample, device=replace(sample.device, interfaces=ports))

    rows = (port(1, "loopback"), port(2, "loopback", up=False))
    assert changes(Latest(told(*rows), told(*rows)), told(*rows)) == ()
    found = changes(Latest(told(*rows), told(*rows)), told(port(1, "loopback"), port(2, "loopback")))
    assert [(event.code, event.param("port")) for event in found] == [("port-up", "loopback")]


def test_errors_since_the_last_round_are_the_difference_of_the_counters() -> None:
    was = replace(port(1, "Gi1"), in_errors=100, out_errors=5, in_discards=0)
    assert codes(marked(was), replace(was, in_errors=104)) == []
    assert codes(marked(was), replace(was, in_errors=104, out_errors=11)) == ["port-errors"]
    assert codes(marked(was), replace(was, in_discards=5000)) == ["port-discards"]


def test_after_a_restart_the_counters_began_at_zero() -> None:
    was = replace(port(1, "Gi1"), in_errors=100)
    view = port_view(
        DeviceFacts(uptime_s=600.0, interfaces=(replace(was, in_errors=12),)), DEVICE, (), marked(was), NOW + HOUR
    )
    assert view.since[1].errors == 12
    assert view.since[1].restarted


def test_an_agent_that_restarted_alone_makes_no_new_errors_of_old_ones() -> None:
    was = replace(port(1, "Gi1"), in_errors=100)
    assert codes(marked(was), replace(was, in_errors=100), uptime_s=600.0) == []
    assert codes(marked(replace(was, in_errors=None)), was, uptime_s=600.0) == []


def test_a_counter_that_fell_without_a_restart_or_was_not_told_says_nothing() -> None:
    was = replace(port(1, "Gi1"), in_errors=100)
    for now in (replace(was, in_errors=12), replace(was, in_errors=None)):
        view = port_view(DeviceFacts(uptime_s=90000.0, interfaces=(now,)), DEVICE, (), marked(was), NOW + HOUR)
        assert view.since[1].errors is None


def test_a_port_that_came_up_slower_is_told() -> None:
    slow = port(1, "Gi1", speed=10**8)
    assert codes(marked(port(1, "Gi1")), slow) == ["port-speed"]
    assert codes(accepted(port(1, "Gi1")), slow) == ["port-speed"]
    assert codes(accepted(port(1, "Gi1", speed=None)), slow) == []


def test_a_port_that_comes_and_goes_is_told_with_its_count() -> None:
    known = replace(accepted(port(1, "Gi1")), flaps={"Gi1": 6})
    assert codes(known, port(1, "Gi1")) == ["port-flaps"]
    assert codes(replace(known, flaps={"Gi1": 2}), port(1, "Gi1")) == []


def test_a_device_that_does_not_answer_is_one_fault_and_not_one_for_each_port() -> None:
    good = switch_sample()
    lost = failed(good, State.TIMEOUT, 300.0)
    assert good.device is not None
    judged = judge(DEVICE, Latest(lost, good, ports=accepted(*good.device.interfaces)), 30.0, lost.at)
    assert [reason.code for reason in judged.reasons] == ["no-answer", "timeout"]


def test_thousands_of_ports_are_compared_in_one_pass() -> None:
    rows = [port(n, f"Gi{n % 1600}") for n in range(3200)]
    pairs = matched(rows, list(reversed(rows)))
    assert all(now is not None and now.index == was.index for was, now in pairs)


def test_the_same_ports_are_compared_once_and_anew_when_anything_is_other() -> None:
    facts = DeviceFacts(uptime_s=90000.0, interfaces=(port(1, "Gi1"), port(2, "Gi2", up=False)))
    known = accepted(port(1, "Gi1"), port(2, "Gi2"))
    first = port_view(facts, DEVICE, ["Gi1"], known, NOW)
    assert port_view(facts, DEVICE, ["Gi1"], replace(known), NOW) is first
    assert [one.reason.code for one in first.changes] == ["port-changed"]
    critical = accepted(port(1, "Gi1"), port(2, "Gi2"), critical=("Gi2",))
    assert [one.reason.code for one in port_view(facts, DEVICE, ["Gi1"], critical, NOW).changes] == ["port-down"]
    assert (
        port_view(facts, DEVICE, ["Gi1", "Gi2"], None, NOW).changes != port_view(facts, DEVICE, (), None, NOW).changes
    )
    up = DeviceFacts(uptime_s=90000.0, interfaces=(port(1, "Gi1"), port(2, "Gi2")))
    assert port_view(up, DEVICE, ["Gi1"], critical, NOW).changes == ()
