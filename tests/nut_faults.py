"""Everything a NUT server was seen or can be thought to do wrong with one answer."""

from __future__ import annotations

from collections.abc import Iterator

from dutyroom.model.reading import State
from tests.fakes import CLOSE, DENIED, NO_DRIVER, STALE, FakeUpsd, Fault

# What may be told of a UPS whose own answer is spoiled: never a value.
HONEST = {State.TIMEOUT, State.UNREACHABLE, State.PROTOCOL}


def units(count: int) -> dict[str, dict[str, str]]:
    """So many UPSes, each of which says which one it is."""
    return {
        f"ups-{number:02d}": {
            "battery.charge": str(50 + number % 50),
            "battery.runtime": str(3600 + number),
            "input.voltage": "230.1",
            "ups.id": f"unit {number}",
            "ups.load": "23",
            "ups.status": "OL CHRG",
        }
        for number in range(count)
    }


def faults(server: FakeUpsd, ups: str, other: str, step: int = 1) -> Iterator[tuple[str, Fault, set[State]]]:
    """Each way to spoil the answer of `ups`: its name, the fault, and the states that may be told of `ups`.

    It is cut at every `step`th byte.
    """
    answer, another = server.answer(ups), server.answer(other)
    first_row = answer.split(b"\n")[1] + b"\n"
    for offset in range(0, len(answer), step):
        yield f"cut after {offset}", Fault(cut_after=offset), HONEST
    for offset in sorted({0, 9, len(answer) // 2, len(answer) - 1}):
        yield f"stall after {offset}", Fault(stall_after=offset), HONEST
    yield "close", CLOSE, HONEST
    yield "drip", Fault(drip_s=0.01), HONEST
    yield "no line end for 10 MB", Fault(raw=answer[:60] + b"A" * 10_000_000), HONEST
    yield "a wrong UPS", Fault(raw=another), HONEST
    yield "a row of a wrong UPS", Fault(raw=answer.replace(first_row, another.split(b"\n")[1] + b"\n")), HONEST
    yield "a row twice", Fault(raw=answer.replace(first_row, first_row * 2)), HONEST
    # What came is whole and right, whatever follows it: alone it is refused, between others it may be taken.
    yield "an answer twice", Fault(raw=answer * 2), {*HONEST, State.OK}
    yield "an ERR too many", Fault(raw=answer + b"ERR DATA-STALE\n"), {*HONEST, State.OK}
    yield "another's answer before", Fault(raw=another + answer), HONEST
    yield "an empty line before", Fault(raw=b"\n" + answer), HONEST
    yield "bad UTF-8", Fault(raw=answer.replace(b"unit", b"\xff\xfe\xc3(")), {State.OK}
    yield "noise", Fault(raw=bytes(range(256)) * 40), HONEST
    yield "a web server", Fault(raw=b"HTTP/1.1 400 Bad Request\r\n\r\n"), HONEST
    yield "stale", STALE, {State.STALE}
    yield "no driver", NO_DRIVER, {State.NO_DRIVER}
    yield "denied", DENIED, {State.DENIED}
