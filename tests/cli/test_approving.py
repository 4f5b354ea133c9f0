"""`dutyroom rounds facts`, `approve` and `amend` on a round that was walked in this room."""

from __future__ import annotations

from datetime import timedelta

from dutyroom import clock
from dutyroom.duty import rounds, signing
from dutyroom.model.people import Actor, Role
from tests.cli.rooms import HOST, PASSWORD, RoomFolder
from tests.duty.test_rounds import answer_everything


def by(room: RoomFolder, name: str) -> tuple[str, ...]:
    return ("--as", name, "--password-file", room.password_file())


def test_a_signed_round_is_amended_then_approved_by_somebody_else(room: RoomFolder) -> None:
    room.write(HOST)
    room.enrol()
    desk = room.desk()
    zhang, began = Actor("zhang", Role.TECHNICIAN, "test"), clock.now() - timedelta(minutes=5)
    walk = rounds.start_round(desk, zhang, began)
    answer_everything(desk, walk, began)
    number = str(signing.sign_round(desk, zhang, walk.round.id, PASSWORD, clock.now()).id)
    desk.store.close()
    refused = room.run("rounds", "approve", number, *by(room, "zhang"))
    assert refused.code == 1
    told = ("--item", "env.temp.room", "--answer", "24", "--reason", "read the wrong one")
    amended = room.run("rounds", "amend", number, *told, *by(room, "zhang"))
    assert (amended.code, "its version 2" in amended.out) == (0, True), amended.err
    facts = room.run("rounds", "facts", number)
    assert (facts.code, "from the beginning to the signature" in facts.out or "Nothing" in facts.out) == (0, True)
    approved = room.run("rounds", "approve", number, *by(room, "admin"))
    assert (approved.code, "is approved" in approved.out) == (0, True), approved.err
    (one,) = room.run("rounds", "list", "--json").document["rounds"]
    assert (one["state"], "amended" in one["marks"]) == ("approved", True)
    assert room.run("verify").code == 0
