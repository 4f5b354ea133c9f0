"""How the simulated UPSes behave: load over the day, mains, and a battery that empties and fills.

A discharge follows Peukert's form (runtime falls faster than load rises, exponent 1.15); the charge of an outage is
a closed form of the time since it began, so that it never depends on who asked when.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from dutyroom.demo.devices import UpsSpec
from dutyroom.demo.noise import day_curve, stream, wander
from dutyroom.model.facts import Line, RuntimeBasis, UpsFacts

PEUKERT = 1.15
LOW_CHARGE = 20.0
LOW_RUNTIME_S = 600.0
RECHARGE_S = 2.5 * 3600
FULL_CHARGE = 99.5
WARM_ROOM_S = 2 * 3600.0


@dataclass(frozen=True, slots=True)
class Outage:
    """Mains lost at `began_t` and back at `restored_t` (None: not yet); batteries run `speed` times faster."""

    began_t: float
    restored_t: float | None
    speed: float

    def dark_s(self, t: float) -> float:
        """Simulated seconds on battery until `t`."""
        end = t if self.restored_t is None else min(t, self.restored_t)
        return max(0.0, end - self.began_t) * self.speed

    def is_dark(self, t: float) -> bool:
        """True while the mains are away."""
        return self.began_t <= t and (self.restored_t is None or t < self.restored_t)


class UpsModel:
    """One UPS at any moment, given the outages so far (sorted by their beginning, not overlapping)."""

    def __init__(self, spec: UpsSpec, seed: int, day_s: float) -> None:
        self.spec = spec
        self._day_s = day_s
        self._streams = {
            name: stream(seed, f"{spec.name} {name}") for name in ("load", "ripple", "mains", "out", "air", "damp")
        }

    def _steady_load(self, t: float) -> float:
        slow = 0.8 * wander(self._streams["load"], t, 1800)
        return self.spec.load_percent + 1.6 * day_curve(self._day_s + t) + slow

    def _full_runtime(self, load: float) -> float:
        return float(self.spec.full_runtime_s * (self.spec.load_percent / load) ** PEUKERT)

    def charge(self, t: float, outages: tuple[Outage, ...]) -> float:
        """Percent of a full battery, 0 to 100."""
        charge = 100.0
        since: float | None = None
        speed = 1.0
        for outage in outages:
            if outage.began_t > t:
                break
            if since is not None:
                charge = _refilled(charge, (outage.began_t - since) * speed)
            empties_in = self._full_runtime(self._steady_load(outage.began_t))
            charge = max(0.0, charge - 100.0 * outage.dark_s(t) / empties_in)
            since, speed = outage.restored_t, outage.speed
            if since is None or since > t:
                return charge
        return charge if since is None else _refilled(charge, (t - since) * speed)

    def ambient_c(self, t: float, outages: tuple[Outage, ...]) -> float:
        """Degrees at the UPS: 23.x, creeping towards 25 over hours, and rising while air conditioning has no mains."""
        creep = 1.7 * (1 - exp(-t / 21600)) if t > 0 else 0.0
        heat = 0.0
        for outage in outages:
            gained = 6.0 * (1 - exp(-outage.dark_s(t) / WARM_ROOM_S))
            cooled = 0.0 if outage.restored_t is None else max(0.0, t - outage.restored_t) * outage.speed
            heat += gained * exp(-cooled / WARM_ROOM_S)
        return 23.3 + creep + 0.25 * wander(self._streams["air"], t, 2400) + heat

    def humidity(self, t: float) -> float:
        """Relative humidity in percent."""
        return 46.0 + 3.0 * wander(self._streams["damp"], t, 5400)

    def reading(self, quantity: str, t: float, outages: tuple[Outage, ...]) -> float | None:
        """One headline quantity, None for one a UPS does not have."""
        dark = bool(outages) and any(outage.is_dark(t) for outage in outages)
        charge = self.charge(t, outages)
        empty = dark and charge <= 0
        steady = self._steady_load(t)
        load = 0.0 if empty else steady + 0.4 * wander(self._streams["ripple"], t, 7)
        if quantity == "charge_percent":
            return round(charge, 1)
        if quantity == "load_percent":
            return round(load, 1)
        if quantity == "runtime_s":
            # Firmware smooths: the runtime follows the slow load, so that it only falls while on battery.
            return float(round(charge / 100 * self._full_runtime(steady)))
        if quantity == "input_voltage_v":
            return 0.0 if dark else round(229.0 + 1.4 * wander(self._streams["mains"], t, 11), 1)
        if quantity == "output_voltage_v":
            return 0.0 if empty else round(230.0 + 0.3 * wander(self._streams["out"], t, 5), 1)
        if quantity == "battery_voltage_v":
            block = 10.8 + 1.7 * charge / 100 if dark else 13.65 - 0.9 * (100 - charge) / 100
            return round(block * self.spec.cells, 1)
        if quantity == "temperature_c":
            warmth = 5.0 + 0.06 * load + (2.0 if dark and not empty else 0.0)
            return round(self.ambient_c(t, outages) + warmth, 1)
        return self._probe(quantity, t, outages)

    def _probe(self, quantity: str, t: float, outages: tuple[Outage, ...]) -> float | None:
        if quantity == "ambient_temperature_c" and self.spec.has_ambient:
            return round(self.ambient_c(t, outages), 1)
        if quantity == "ambient_humidity_percent" and self.spec.has_ambient:
            return round(self.humidity(t), 1)
        return None

    def status(self, t: float, outages: tuple[Outage, ...]) -> tuple[str, ...]:
        """The tokens of `ups.status` (NUT, "Status data")."""
        charge = self.charge(t, outages)
        if not any(outage.is_dark(t) for outage in outages):
            return ("OL",) if charge >= 100 else ("OL", "CHRG")
        if charge <= 0:
            return ("OFF", "OB", "LB")
        runtime = self.reading("runtime_s", t, outages) or 0.0
        low = charge <= LOW_CHARGE or runtime <= LOW_RUNTIME_S
        return ("OB", "DISCHRG", "LB") if low else ("OB", "DISCHRG")

    def variables(self, t: float, outages: tuple[Outage, ...]) -> tuple[tuple[str, str], ...]:
        """All NUT variables of the UPS, sorted by name."""
        spec = self.spec
        charge = self.reading("charge_percent", t, outages) or 0.0
        load = self.reading("load_percent", t, outages) or 0.0
        input_v = self.reading("input_voltage_v", t, outages) or 0.0
        output_v = self.reading("output_voltage_v", t, outages) or 0.0
        watts = round(spec.rated_w * load / 100)
        found = {
            "battery.charge": f"{charge:.1f}",
            "battery.charge.low": f"{LOW_CHARGE:.0f}",
            "battery.runtime": f"{self.reading('runtime_s', t, outages) or 0.0:.0f}",
            "battery.runtime.low": f"{LOW_RUNTIME_S:.0f}",
            "battery.type": "PbAc",
            "battery.voltage": f"{self.reading('battery_voltage_v', t, outages) or 0.0:.1f}",
            "battery.voltage.nominal": str(spec.cells * 12),
            "device.mfr": "Demo Power",
            "device.model": spec.model,
            "device.serial": spec.serial,
            "device.type": "ups",
            "driver.name": "dutyroom-demo",
            "driver.version": "1",
            "input.frequency": f"{50 + 0.02 * wander(self._streams['mains'], t, 9) if input_v else 0.0:.2f}",
            "input.voltage": f"{input_v:.1f}",
            "input.voltage.nominal": "230",
            "output.current": f"{watts / output_v if output_v else 0.0:.1f}",
            "output.frequency": "50.00" if output_v else "0.00",
            "output.voltage": f"{output_v:.1f}",
            "ups.beeper.status": "enabled",
            "ups.load": f"{load:.1f}",
            "ups.mfr": "Demo Power",
            "ups.model": spec.model,
            "ups.realpower": str(watts),
            "ups.realpower.nominal": str(spec.rated_w),
            "ups.serial": spec.serial,
            "ups.status": " ".join(self.status(t, outages)),
            "ups.temperature": f"{self.reading('temperature_c', t, outages) or 0.0:.1f}",
            "ups.test.result": "Done and passed",
        }
        if spec.has_ambient:
            found["ambient.temperature"] = f"{self.ambient_c(t, outages):.1f}"
            found["ambient.humidity"] = f"{self.humidity(t):.1f}"
        return tuple(sorted(found.items()))

    def facts(self, t: float, outages: tuple[Outage, ...]) -> UpsFacts:
        """What a NUT client would learn of the UPS."""
        status = self.status(t, outages)
        return UpsFacts(
            status=status,
            line=Line.MAINS if "OL" in status else Line.BATTERY,
            charge_percent=self.reading("charge_percent", t, outages),
            runtime_s=self.reading("runtime_s", t, outages),
            runtime_basis=RuntimeBasis.REPORTED,
            load_percent=self.reading("load_percent", t, outages),
            input_voltage_v=self.reading("input_voltage_v", t, outages),
            output_voltage_v=self.reading("output_voltage_v", t, outages),
            battery_voltage_v=self.reading("battery_voltage_v", t, outages),
            temperature_c=self.reading("temperature_c", t, outages),
            model=self.spec.model,
            variables=self.variables(t, outages),
        )


def _refilled(charge: float, charging_s: float) -> float:
    left = (100.0 - charge) * exp(-charging_s / RECHARGE_S)
    return 100.0 if left <= 100.0 - FULL_CHARGE else 100.0 - left
