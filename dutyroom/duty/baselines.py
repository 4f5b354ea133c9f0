"""Accepting how the ports of a device are to be: a signed act, from what the device told a moment ago."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatchcase

from dutyroom.duty.desk import Desk, require
from dutyroom.duty.signin import confirm
from dutyroom.errors import DutyroomError
from dutyroom.inert import inert
from dutyroom.model.facts import Interface
from dutyroom.model.people import Act, Actor
from dutyroom.model.ports import Baseline, BaselinePort, Expected
from dutyroom.model.reading import Sample
from dutyroom.rules.freshness import is_fresh
from dutyroom.rules.port_match import matched
from dutyroom.rules.ports import ETHERNET
from dutyroom.rules.sources import interval_of
from dutyroom.store import baselines, events, ledger, readings
from dutyroom.words import _

LABEL_LENGTH = 64


class BaselineRefused(DutyroomError):
    """The ports cannot be accepted like this."""

    code = "baseline-refused"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be accepted: the ports as they are now, with the expectations of the baseline before."""

    source: str
    seen_at: datetime
    ports: tuple[BaselinePort, ...]
    before: Baseline | None


def propose(
    desk: Desk, source: str, now: datetime, critical: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Proposal:
    """The ports as they are now: up is to be up, down is to be down, what is no Ethernet port is ignored.

    What a baseline before says of a port (ignored, critical, label) stays. `critical` and `ignore` are patterns
    (`*`, `?`) over name, description and alias. Raises BaselineRefused when the device's ports are not known now.
    """
    device = next((one for one in desk.site.network if one.name == source), None)
    if device is None:
        raise BaselineRefused(_("{name} is not a [[network]] device of the site file.").format(name=source))
    with desk.store.read() as session:
        found = readings.latest(session).get(source)
        before = next(iter(baselines.baselines(session, source)), None)
    rows, seen_at = _known_now(desk, source, found.sample if found is not None else None, now)
    ports = tuple(_as_it_is(row, critical, ignore, device.watch_ports) for row in rows)
    if before is not None:
        stood = {row.index: port for port, row in matched(before.ports, rows) if row is not None}
        ports = tuple(_as_before(port, stood.get(port.index)) for port in ports)
    return Proposal(source, seen_at, ports, before)


def accept_baseline(desk: Desk, actor: Actor, proposal: Proposal, password: str, now: datetime) -> Baseline:
    """Stores the proposal as the device's baseline, signed with the operator's own password.

    Raises SignInRefused for a wrong password, NotAllowed without privilege, BaselineRefused when another baseline was
    accepted meanwhile.
    """
    require(actor, Act.ACCEPT_BASELINE)
    confirm(desk.store, actor, password, now)
    made = Baseline(
        proposal.source, 0, now, actor.name, proposal.seen_at, tuple(_inert(port) for port in proposal.ports)
    )
    with desk.store.write() as session:
        newest = next(iter(baselines.baselines(session, proposal.source)), None)
        if (newest.id if newest else 0) != (proposal.before.id if proposal.before else 0):
            raise BaselineRefused(
                _("Somebody accepted another baseline of {name} meanwhile: look at it first.").format(
                    name=proposal.source
                ),
                code="baseline-newer",
            )
        kept = baselines.add(session, made)
        ledger.append_row(session, at=now, actor=actor, act=Act.ACCEPT_BASELINE, of=kept)
        events.request_poll(session, now)
    return kept


def all_baselines(desk: Desk, source: str) -> tuple[Baseline, ...]:
    """Every baseline of a device, newest first."""
    with desk.store.read() as session:
        return baselines.baselines(session, source)


def _known_now(desk: Desk, source: str, sample: Sample | None, now: datetime) -> tuple[tuple[Interface, ...], datetime]:
    if sample is None or sample.device is None or not sample.state.knows or not sample.device.interfaces:
        raise BaselineRefused(
            _("The ports of {name} are not known now: wait until it answers, then accept them.").format(name=source),
            code="baseline-unknown",
        )
    if not is_fresh((now - sample.at).total_seconds(), interval_of(desk.site, source)):
        raise BaselineRefused(
            _("The ports of {name} were read too long ago: let somebody watch the room, then accept them.").format(
                name=source
            ),
            code="baseline-stale",
        )
    rows = sample.device.interfaces
    if any("missing" in (row.admin, row.oper) for row in rows):
        raise BaselineRefused(
            _("{name} did not tell the state of every port: press r and try again.").format(name=source),
            code="baseline-unknown",
        )
    return rows, sample.at


def _as_it_is(row: Interface, critical: Sequence[str], ignore: Sequence[str], watched: Sequence[str]) -> BaselinePort:
    expected = Expected.UP if row.is_up else Expected.DOWN
    is_named = _fits(row, critical) or _fits(row, watched)
    if (row.type is not None and row.type not in ETHERNET and not is_named) or _fits(row, ignore):
        expected = Expected.IGNORE
    return BaselinePort(
        index=row.index,
        name=row.name,
        descr=row.descr,
        alias=row.alias,
        expected=expected,
        label=row.alias,
        critical=_fits(row, critical),
        speed_bps=row.speed_bps if row.is_up else None,
    )


def _as_before(port: BaselinePort, stood: BaselinePort | None) -> BaselinePort:
    if stood is None:
        return port
    # A label that is only the old alias follows the alias.
    label = port.label if stood.label in ("", stood.alias) else stood.label
    expected = Expected.IGNORE if stood.expected is Expected.IGNORE else port.expected
    return replace(port, expected=expected, label=label, critical=port.critical or stood.critical)


def _fits(row: Interface, patterns: Sequence[str]) -> bool:
    names = [name for name in (row.name, row.descr, row.alias) if name]
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _inert(port: BaselinePort) -> BaselinePort:
    return replace(port, label=inert(port.label, LABEL_LENGTH).strip())
