"""Accepting the ports of a device: a signed act that never overwrites, and what a signed round leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dutyroom.duty.baselines import BaselineRefused, accept_baseline, all_baselines, propose
from dutyroom.duty.desk import Desk
from dutyroom.duty.records import read_room
from dutyroom.duty.rounds import start_round
from dutyroom.duty.signing import sign_round
from dutyroom.errors import NotAllowed, SignInRefused, StoreError
from dutyroom.model.ports import Expected
from dutyroom.model.reading import Sample, State
from dutyroom.rules.severity import judge
from dutyroom.store import readings
from dutyroom.store.verify import verify
from tests.desks import ACTOR, ADMIN, NOW, PASSWORD, failed, opened_desk, switch_sample
from tests.duty.test_rounds import answer_everything

MINUTE = timedelta(minutes=1)


def told(desk: Desk, *samples: Sample) -> None:
    with desk.store.write() as session:
        readings.put_samples(session, samples, {})


def codes(desk: Desk, at: timedelta = MINUTE) -> list[str]:
    records = read_room(desk, NOW + at)
    return [reason.code for reason in judge(desk.site.network[0], records.latest["core-1"], 30.0, NOW + at).reasons]


def test_what_is_accepted_holds_from_then_on_and_the_ledger_tells_of_it(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        told(desk, switch_sample(down=(2, 3)))
        assert codes(desk) == ["port-changed"]
        accept_baseline(desk, ADMIN, propose(desk, "core-1", NOW, critical=("Gi0/0/1",)), PASSWORD, NOW)
        assert codes(desk) == []
        told(desk, switch_sample(NOW + MINUTE, down=(1, 2)))
        assert codes(desk) == ["port-down", "port-unexpected-up"]
        with desk.store.read() as session:
            assert verify(session).faults == ()


def test_a_new_baseline_keeps_the_old_one_and_what_was_said_of_its_ports(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        told(desk, switch_sample())
        first = propose(desk, "core-1", NOW, critical=("Gi0/0/1",), ignore=("Gi0/0/4",))
        accept_baseline(desk, ADMIN, first, PASSWORD, NOW)
        told(desk, switch_sample(NOW + MINUTE, down=(3,)))
        accept_baseline(desk, ADMIN, propose(desk, "core-1", NOW + MINUTE), PASSWORD, NOW + MINUTE)
        newest, oldest = all_baselines(desk, "core-1")
        assert (newest.version, oldest.version) == (2, 1)
        assert [port.expected for port in newest.ports] == [
            Expected.UP,
            Expected.UP,
            Expected.DOWN,
            Expected.IGNORE,
        ]
        assert [port.critical for port in newest.ports] == [True, False, False, False]
        assert oldest.ports == first.ports


def test_a_baseline_in_the_file_can_neither_be_changed_nor_deleted(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        told(desk, switch_sample())
        accept_baseline(desk, ADMIN, propose(desk, "core-1", NOW), PASSWORD, NOW)
        for statement in ("UPDATE port_baselines SET ports = '[]'", "DELETE FROM port_baselines"):
            with pytest.raises(StoreError), desk.store.write() as session:
                session.connection().exec_driver_sql(statement)


def test_it_needs_the_own_password_and_the_privilege_of_a_lead(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        told(desk, switch_sample())
        proposal = propose(desk, "core-1", NOW)
        with pytest.raises(SignInRefused):
            accept_baseline(desk, ADMIN, proposal, "not the password", NOW)
        with pytest.raises(NotAllowed):
            accept_baseline(desk, ACTOR, proposal, PASSWORD, NOW)
        assert all_baselines(desk, "core-1") == ()


def test_ports_that_are_not_known_now_cannot_be_accepted(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        with pytest.raises(BaselineRefused, match="not a"):
            propose(desk, "core-9", NOW)
        with pytest.raises(BaselineRefused) as never:
            propose(desk, "core-1", NOW)
        told(desk, switch_sample())
        with pytest.raises(BaselineRefused) as old:
            propose(desk, "core-1", NOW + timedelta(hours=1))
        told(desk, failed(switch_sample(), State.TIMEOUT, 60.0))
        with pytest.raises(BaselineRefused) as lost:
            propose(desk, "core-1", NOW + MINUTE)
        assert (never.value.code, old.value.code, lost.value.code) == (
            "baseline-unknown",
            "baseline-stale",
            "baseline-unknown",
        )


def test_of_two_who_accept_at_once_the_second_looks_again(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        told(desk, switch_sample())
        one, other = propose(desk, "core-1", NOW), propose(desk, "core-1", NOW)
        accept_baseline(desk, ADMIN, one, PASSWORD, NOW)
        with pytest.raises(BaselineRefused) as refused:
            accept_baseline(desk, ADMIN, other, PASSWORD, NOW)
        assert refused.value.code == "baseline-newer"


def test_a_signed_round_is_what_the_next_errors_are_counted_from(tmp_path: Path) -> None:
    with opened_desk(tmp_path) as desk:
        before = switch_sample()
        assert before.device is not None
        rows = tuple(replace(port, in_errors=50) for port in before.device.interfaces)
        told(desk, replace(before, device=replace(before.device, interfaces=rows)))
        walk = start_round(desk, ACTOR, NOW)
        answer_everything(desk, walk)
        sign_round(desk, ACTOR, walk.round.id, PASSWORD, NOW)
        assert codes(desk) == []
        grown = (replace(rows[0], in_errors=90), *rows[1:])
        told(desk, replace(before, at=NOW + MINUTE, device=replace(before.device, interfaces=grown)))
        assert codes(desk) == ["port-errors"]
