"""What to do about a reason: one sentence for every reason code and every state, in the language in force.

The codes are those of `rules.severity` and `model.reading.State`; a test keeps both lists whole. A step is where to
look or whom to ask first, never a verdict of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

from dutyroom.model.reading import Reason, State
from dutyroom.words import N_, _

STATES = {
    State.OK: N_("Nothing to do."),
    State.PARTIAL: N_("Let the device answer the tables named above: widen its SNMP view or NUT access."),
    State.NEVER: N_("Wait for the first answer; when none comes, see in the header whether the watch runs."),
    State.WAIT: N_("Wait a minute; then restart the UPS driver on its NUT server."),
    State.STALE: N_("Restart the UPS driver on its NUT server, then check the cable to the UPS."),
    State.NO_DRIVER: N_("Start the UPS driver on its NUT server: upsdrvctl start."),
    State.DENIED: N_("On the NUT server, let this machine read: LISTEN in upsd.conf, firewall."),
    State.UNKNOWN_NAME: N_("Compare the name in the site file with: upsc -l SERVER."),
    State.TIMEOUT: N_("Ping the address; check cable and firewall, then the community or login in the site file."),
    State.AUTH: N_("Compare user, passwords and protocols in the site file with those on the device."),
    State.UNREACHABLE: N_("Check address and port in the site file, then network and service at the other end."),
    State.PROTOCOL: N_("Check that address and port in the site file belong to this device and service."),
}
REASONS = {
    "never": STATES[State.NEVER],
    "watch-silent": N_("Restart the watch: this program, or the service dutyroom-collect."),
    "no-answer": N_("Go and look: power, network cable, lamps; then ping the address."),
    "lost-on-battery": N_("Go to the UPS now and read its panel: it ran on battery when contact was lost."),
    "lost-in-trouble": N_("Go to the UPS and read its panel: it was in trouble when contact was lost."),
    "on-battery": N_("Find out why the mains failed; shut down in time what may go first."),
    "line-unknown": N_("Read on the panel of the UPS whether it runs on mains or battery."),
    "input-present": N_("Ask who runs a self-test; else look at the input breaker of the UPS."),
    "line-contradictory": N_("Read on the panel of the UPS whether it runs on mains or battery."),
    "discharging-on-mains": N_("Watch its charge: when it falls, the UPS runs on battery."),
    "comm-fault": N_("Check the cable from the UPS to the machine whose driver reads it."),
    "battery-low": N_("On battery: shut down now what must not lose power. On mains: let it charge, watch it."),
    "battery-high": N_("Have the charger and the battery voltage checked."),
    "replace-battery": N_("Order a battery; until it is replaced do not count on the hold time."),
    "bypass": N_("Ask who put it on bypass; bring it back on line before the mains fails."),
    "output-off": N_("Find out who switched the output off before anything is switched on."),
    "overload": N_("Take load off this UPS, what may go first."),
    "trim": N_("Have the mains voltage checked when this lasts or comes again."),
    "boost": N_("Have the mains voltage checked when this lasts or comes again."),
    "forced-shutdown": N_("Save and shut down at once what hangs on this UPS."),
    "alarm": N_("Read the panel of the UPS, write the alarm into the round, call its service."),
    "calibrating": N_("Wait for its end: until then the battery holds less than it shows."),
    "hold-time-short": N_("Take load off, or plan more battery; until then say so in the round."),
    "hold-time-no-evidence": N_("Read the runtime on the panel; a discharge test gives evidence."),
    "hold-time-evidence-old": N_("Make a discharge test: the last one is too long ago to count."),
    "implausible": N_("Read this value on the panel: what the UPS told is not believed."),
    "port-changed": N_("Find out what hangs on this port; plug it in again, or write down why not."),
    "port-down": N_("Go to this port now: plug, cable, other end; it is marked as critical."),
    "port-gone": N_("See whether a card was taken out or renamed; then accept a new baseline."),
    "port-unexpected-up": N_("Find out who plugged what in there; then accept a new baseline or unplug it."),
    "port-errors": N_("Clean or change the cable or module of this port; see whether the count still grows."),
    "port-discards": N_("See whether this port is overloaded: its rate against its speed."),
    "port-speed": N_("Check cable, plug and negotiation of this port: it came up slower than before."),
    "port-flaps": N_("Look for a loose plug, a bad cable or a device that restarts at this port."),
    "over-limit": N_("See what uses it and whether it still grows; tell the owner of the server."),
    "over-limit volume": N_("Make room: old logs and copies first; tell the owner of the server."),
    "part-fault": N_("Look at the lamp of this part on the device; order a spare."),
    "part-attention": N_("Look at the lamp of this part on the device, and at its log."),
    "partial": STATES[State.PARTIAL],
    "refuses-connections": N_("Its machine is on, its service is not: have it started, look at its log."),
    "check-timeout": N_("Go and look whether it is on; then network, firewall, and the port in the site file."),
    "name-not-resolved": N_("Look at the name in the site file and at the name server; an address needs neither."),
    "no-route": N_("Look at the network of this machine, then at the way there."),
    "ping-lost": N_("Look at the lamps of the line's modem or router; then call its provider."),
    "ping-lost-once": N_("Wait for the next ping: one that gets lost is no fault."),
    "check-failed": N_("Read what the system said, above."),
    "packet-loss": N_("Watch it: when it lasts, tell the provider of the line."),
    "ping-denied": N_("As root: sysctl -w net.ipv4.ping_group_range='0 2147483647', and in /etc/sysctl.d."),
    "backup-none": N_("Look whether the backup ran at all, and at path in the site file."),
    "backup-writing": N_("Wait until it has ended; then look again."),
    "backup-empty": N_("Look at the log of the backup and at the space on its disk; run it again."),
    "backup-old": N_("Find out why the last backup did not run; run it by hand today."),
    "backup-from-future": N_("Set the clock of the machine that writes the backup."),
    "backup-small": N_("Look whether the backup ended early; read its log."),
    "backup-large": N_("Ask what grew: the data, or something that does not belong there."),
    "folder-unreachable": N_("Mount its disk; look at path in the site file."),
    "folder-denied": N_("Let the account of dutyroom read the folder."),
    "folder-hangs": N_("Look at the file server and the network on the way to it."),
    "no-values": N_("Let the server answer HOST-RESOURCES-MIB or UCD-SNMP-MIB: widen its SNMP view."),
}


def next_step(reason: Reason) -> str:
    """The first thing to do about a reason; empty for a code this version does not know."""
    special = f"{reason.code} {reason.quantity.partition(' ')[0]}"
    if special in REASONS:
        return _(REASONS[special])
    if reason.code in REASONS:
        return _(REASONS[reason.code])
    return _(STATES[State(reason.code)]) if reason.code in set(State) else ""


def next_steps(reasons: Iterable[Reason]) -> list[str]:
    """The steps of several reasons, each once, in the order of the reasons."""
    return [step for step in dict.fromkeys(next_step(reason) for reason in reasons) if step]
