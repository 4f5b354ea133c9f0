"""What a live try brought, in words: the same for the conversation and for answers from a file."""

from __future__ import annotations

from dutyroom import show
from dutyroom.inert import inert
from dutyroom.model.facts import count_ports
from dutyroom.model.reading import Sample, State
from dutyroom.setup.finding import NutFound, Offered
from dutyroom.words import N_, _

# What to do next, by what asking a NUT server brought.
_NUT_ADVICE = {
    State.UNREACHABLE: N_(
        "Nobody listens there. On the NUT server: is nut-server running; does upsd.conf have a line LISTEN with that "
        "address (without one upsd listens on 127.0.0.1 alone); does a firewall let TCP port 3493 through?"
    ),
    State.TIMEOUT: N_(
        "Silence. Is the address right; does a firewall let TCP port 3493 through; is upsd busy or does it refuse "
        "more connections (MAXCONN in upsd.conf)?"
    ),
    State.DENIED: N_(
        "The server does not let this machine read: allow its address there (on a Synology or QNAP: the list of "
        "permitted addresses of the UPS server)."
    ),
    State.PROTOCOL: N_("Something answers there, but it is no NUT server: is that the right port?"),
}
_SNMP_ADVICE = {
    State.TIMEOUT: N_(
        "Silence has four causes that cannot be told apart from here: a wrong community or v3 user, an access list on "
        "the device that does not hold this machine, a firewall (UDP port 161), or SNMP not switched on."
    ),
    State.AUTH: N_("The device answers but refuses: correct the v3 user, its protocols or passwords."),
    State.UNREACHABLE: N_("The address cannot be reached: is it right, is the device on, is there a route to it?"),
    State.PROTOCOL: N_("Something answers there, but not as SNMP: is that the right port?"),
}


def nut_advice(found: NutFound, server: str) -> list[str]:
    """What asking a NUT server in vain brought, and the next step."""
    told, detail = f"✗ {inert(server, 100)}: {show.state(found.state)}", found.detail.removeprefix(f"{server}: ")
    lines = [told + (f" ({inert(detail, 200)})" if detail else "")]
    if found.state in _NUT_ADVICE:
        lines.append(_(_NUT_ADVICE[found.state]))
    return lines


def ups_line(offered: Offered) -> str:
    """One UPS of a NUT server: its name, what it is, and how it is now."""
    facts, sample = offered.sample.ups, offered.sample
    said = inert((facts.model if facts is not None else None) or offered.description, 40).strip()
    parts = [part for part in (inert(offered.name, 40), said) if part and part != "Description unavailable"]
    if facts is None:
        return f"? {'  '.join(parts)}  {show.state(sample.state)}"
    values = (
        " ".join(facts.status),
        _("charge {percent}").format(percent=show.percent(facts.charge_percent)),
        _("runtime {time}").format(time=show.duration(facts.runtime_s)),
    )
    return f"✓ {'  '.join((*parts, *values))}"


def device_lines(name: str, sample: Sample) -> list[str]:
    """One device asked over SNMP: who it says it is, and how many of its ports are up; or why there is no answer."""
    shown = inert(name, 60)
    if not sample.state.knows:
        told = f"✗ {shown}: {show.state(sample.state)}"
        lines = [told + (f" ({inert(sample.detail, 200)})" if sample.detail else "")]
        if sample.state in _SNMP_ADVICE:
            lines.append(_(_SNMP_ADVICE[sample.state]))
        return lines
    if sample.device is None:
        return [f"✓ {shown}: {show.state(sample.state)}"]
    facts = sample.device
    counts = count_ports(facts.interfaces)
    lines = [
        f"✓ {shown}: {inert(facts.sys_name or '', 60)}  "
        + _("{up} of {total} ports up").format(up=counts.up, total=counts.total)
    ]
    if facts.sys_descr:
        lines.append(f"  {inert(facts.sys_descr, 110)}")
    return lines
