"""A conversation without a terminal, and a room that answers as it is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from dutyroom.config.site_file import read_form
from dutyroom.model.devices import NetworkDevice, Server
from dutyroom.model.facts import DeviceFacts, Interface, Line, UpsFacts
from dutyroom.model.reading import Kind, Sample, State
from dutyroom.setup.finding import NutFound, Offered
from dutyroom.setup.plan import Draft, Plan
from dutyroom.setup.wizard import Around

NOW = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)
REFUSED = NutFound(State.UNREACHABLE, "127.0.0.1:3493: Connection refused")


def offered(name: str, runtime_s: float | None = 25200.0) -> Offered:
    """A healthy UPS of a NUT server."""
    facts = UpsFacts(("OL",), Line.MAINS, 100.0, runtime_s, load_percent=31.0, model=f"Model of {name}")
    return Offered(name, f"{name} there", Sample(name, Kind.UPS, NOW, State.OK, ups=facts))


TWO = NutFound(State.OK, "", (offered("ups-a"), offered("ups-b", 5400.0)))


def answering(name: str = "core-sw") -> Sample:
    """A switch that answers: two ports up, one down, a loopback."""
    ports = (
        Interface(1, "Gi0/0/1", alias="to floor 2", type=6, admin="up", oper="up", speed_bps=10**9),
        Interface(2, "Gi0/0/2", type=6, admin="up", oper="up", speed_bps=10**8),
        Interface(3, "Gi0/0/3", type=6, admin="up", oper="down"),
        Interface(4, "lo0", type=24, admin="up", oper="up"),
    )
    facts = DeviceFacts(sys_name=name, sys_descr="Example switch\x1b[2J", interfaces=ports)
    return Sample("new", Kind.NETWORK, NOW, State.OK, device=facts)


SILENT = Sample("new", Kind.NETWORK, NOW, State.TIMEOUT, "no answer")


@dataclass(slots=True)
class PlayedFinder:
    """Answers in the order given; the last answer is repeated. Remembers what was asked."""

    nut: Sequence[NutFound] = (TWO,)
    snmp: Sequence[Sample] = field(default_factory=lambda: (answering(),))
    asked: list[object] = field(default_factory=list)

    def upses(self, host: str, port: int) -> NutFound:
        """The next answer."""
        at = sum(isinstance(one, tuple) for one in self.asked)
        self.asked.append((host, port))
        return self.nut[min(at, len(self.nut) - 1)]

    def device(self, device: NetworkDevice | Server) -> Sample:
        """The next answer."""
        at = sum(not isinstance(one, tuple) for one in self.asked)
        self.asked.append(device)
        return self.snmp[min(at, len(self.snmp) - 1)]


class ScriptTalk:
    """Gives the answers of a script; EOFError when there are no more. Remembers every line and every question."""

    def __init__(self, *answers: str) -> None:
        self.asked = 0
        self.said: list[str] = []
        self.questions: list[tuple[str, bool]] = []
        self._answers = list(answers)

    def say(self, text: str = "") -> None:
        """Remembers it."""
        self.said.append(text)

    def read(self, prompt: str, *, hidden: bool = False) -> str:
        """The next answer."""
        self.questions.append((prompt, hidden))
        if not self._answers:
            raise EOFError
        return self._answers.pop(0)

    @property
    def left(self) -> list[str]:
        """The answers that nobody asked for."""
        return self._answers

    def heard(self, text: str) -> bool:
        """Whether it was said."""
        return any(text in line for line in self.said)


def draft_at(path: Path) -> Draft:
    """As the command does it."""
    return Draft.of(path, read_form(path) if path.exists() else None)


def around(finder: PlayedFinder, people: Callable[[Plan], tuple[str, ...]] = lambda _plan: ()) -> Around:
    """A machine in Shanghai called duty-pc."""
    return Around(finder, draft_at, people, "Asia/Shanghai", "duty-pc")


SECRET_TEXTS: Mapping[str, str] = {"community": "hidden-community", "auth": "hidden-auth-1", "priv": "hidden-priv-1"}
