"""How the simulated network devices behave: ports, counters that grow with the day, and one port that flaps."""

from __future__ import annotations

from math import floor, pi, sin

from dutyroom.demo.devices import DeviceSpec, PortSpec
from dutyroom.demo.noise import day_curve, day_total, stream, unit, wander
from dutyroom.model.facts import DeviceFacts, Interface, Part

FLAP_CYCLE_S = 300.0
FLAP_DOWN_S = 40.0
_RIPPLE_S = 97.0
_BOOT_S = 42.0


class Ports:
    """The ports of a device or server that came up `uptime_s` before t=0."""

    def __init__(self, owner: str, ports: tuple[PortSpec, ...], uptime_s: float, seed: int, day_s: float) -> None:
        self.specs = ports
        self._uptime_s = uptime_s
        self._day_s = day_s
        self._flap = stream(seed, f"{owner} flap")
        self._phases = {port.index: 2 * pi * unit(stream(seed, f"{owner} phase"), port.index) for port in ports}
        self._steady_up = sum(port.admin_up and port.up and not port.flaps for port in ports)
        self._steady_down = sum(port.admin_up and not port.up for port in ports)
        self._flapping = sum(port.flaps for port in ports)

    def counts(self, t: float) -> tuple[int, int]:
        """(up, down) as `status --json` counts them."""
        if self.flap_is_up(t):
            return self._steady_up + self._flapping, self._steady_down
        return self._steady_up, self._steady_down + self._flapping

    def _fall(self, cycle: int) -> float:
        return cycle * FLAP_CYCLE_S + unit(self._flap, cycle) * (FLAP_CYCLE_S - FLAP_DOWN_S)

    def flap_is_up(self, t: float) -> bool:
        """Whether a flapping port has its link at `t`: it loses it for 40 s once in every five minutes."""
        fell = self._fall(floor(t / FLAP_CYCLE_S))
        return not fell <= t < fell + FLAP_DOWN_S

    def last_change_s(self, port: PortSpec, t: float) -> float:
        """Seconds of uptime at which the port's link last changed."""
        if not port.flaps:
            return _BOOT_S
        cycle = floor(t / FLAP_CYCLE_S)
        fell = self._fall(cycle)
        if t >= fell + FLAP_DOWN_S:
            changed = fell + FLAP_DOWN_S
        else:
            changed = fell if t >= fell else self._fall(cycle - 1) + FLAP_DOWN_S
        return self._uptime_s + changed

    def _worked_s(self, port: PortSpec, t: float) -> float:
        """Seconds of mean traffic the port has carried: grows for ever, faster by day, and stops with the link."""
        if not (port.admin_up and port.up):
            return 0.0
        if port.flaps:
            cycle = floor(t / FLAP_CYCLE_S)
            into = t - cycle * FLAP_CYCLE_S
            lost = min(max(t - self._fall(cycle), 0.0), FLAP_DOWN_S)
            return self._uptime_s + cycle * (FLAP_CYCLE_S - FLAP_DOWN_S) + into - lost
        ripple = 0.3 * _RIPPLE_S / (2 * pi) * sin(2 * pi * t / _RIPPLE_S + self._phases[port.index])
        grown = day_total(self._day_s + t, 0.6) - day_total(self._day_s, 0.6)
        return max(0.0, self._uptime_s + grown + ripple)

    def interface(self, port: PortSpec, t: float) -> Interface:
        """The row of one port. Octet counters are 64 bit."""
        up = port.admin_up and (self.flap_is_up(t) if port.flaps else port.up)
        worked = self._worked_s(port, t)
        errors = 0 if port.error_period_s is None else floor((self._uptime_s + t) / port.error_period_s)
        return Interface(
            index=port.index,
            name=port.name,
            descr=port.name,
            alias=port.alias,
            type=port.type,
            admin="up" if port.admin_up else "down",
            oper="up" if up else "down",
            speed_bps=port.speed_bps,
            in_octets=int(worked * port.in_rate),
            out_octets=int(worked * port.out_rate),
            in_errors=errors,
            out_errors=0,
            in_discards=0,
            out_discards=errors // 3,
        )

    def rows(self, t: float) -> tuple[Interface, ...]:
        """The rows of all ports."""
        return tuple(self.interface(port, t) for port in self.specs)


class NetworkModel:
    """One switch, router or firewall at any moment."""

    def __init__(self, spec: DeviceSpec, seed: int, day_s: float) -> None:
        self.spec = spec
        self._day_s = day_s
        self._cpu = stream(seed, f"{spec.name} cpu")
        self._memory = stream(seed, f"{spec.name} memory")
        self.ports = Ports(spec.name, spec.ports, spec.uptime_s, seed, day_s)

    def uptime_s(self, t: float) -> float:
        """Seconds since the device started."""
        return self.spec.uptime_s + t

    def reading(self, quantity: str, t: float) -> float | None:
        """One headline quantity, None for one a network device does not have."""
        if quantity == "cpu_percent":
            bustle = 1 + 0.35 * day_curve(self._day_s + t) + 0.3 * wander(self._cpu, t, 45)
            return float(round(self.spec.cpu_percent * bustle))
        if quantity == "memory_percent":
            return float(round(self.spec.memory_percent + 1.5 * wander(self._memory, t, 3600)))
        if quantity == "ports_up":
            return float(self.ports.counts(t)[0])
        if quantity == "ports_down":
            return float(self.ports.counts(t)[1])
        return None

    def temperature_c(self, t: float) -> float | None:
        """Whole degrees of the main board, None for a device without a sensor."""
        if self.spec.temperature_c is None:
            return None
        return float(round(self.spec.temperature_c + 1.2 * wander(self._memory, t, 1800)))

    def facts(self, t: float) -> DeviceFacts:
        """What an SNMP client would learn of the device."""
        return DeviceFacts(
            sys_name=self.spec.sys_name,
            sys_descr=self.spec.sys_descr.replace("\r\n", " "),
            sys_object_id=self.spec.sys_object_id,
            vendor="Huawei" if self.spec.is_huawei else "net-snmp",
            uptime_s=self.uptime_s(t),
            cpu_percent=self.reading("cpu_percent", t),
            memory_percent=self.reading("memory_percent", t),
            temperature_c=self.temperature_c(t),
            fans=tuple(Part(f"FAN{n}", "ok") for n in range(1, self.spec.fans + 1)),
            power_supplies=tuple(Part(f"PWR{n}", "ok") for n in range(1, self.spec.power_supplies + 1)),
            interfaces=self.ports.rows(t),
        )
