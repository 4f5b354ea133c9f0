"""What a simulated device answers to SNMP: its rows as plain values, made from the room at one moment.

Object names and numbers: SNMPv2-MIB (RFC 3418), IF-MIB (RFC 2863), SNMP-FRAMEWORK-MIB (RFC 3411), HOST-RESOURCES-MIB
(RFC 2790), ENTITY-MIB (RFC 6933), UCD-SNMP-MIB (net-snmp), HUAWEI-ENTITY-EXTENT-MIB.
"""

from __future__ import annotations

from enum import Enum, auto
from zlib import crc32

from dutyroom.demo import address_tables
from dutyroom.demo.network import NetworkModel, Ports
from dutyroom.demo.room import Room
from dutyroom.demo.server import ServerModel
from dutyroom.model.facts import Interface
from dutyroom.model.reading import Kind

Oid = tuple[int, ...]


class Syntax(Enum):
    """The SMIv2 types (RFC 2578) the room answers with."""

    INTEGER = auto()
    OCTETS = auto()
    OID = auto()
    COUNTER32 = auto()
    COUNTER64 = auto()
    GAUGE32 = auto()
    TICKS = auto()


Cell = tuple[Syntax, int | bytes | Oid]

_SYSTEM: Oid = (1, 3, 6, 1, 2, 1, 1)
_INTERFACES: Oid = (1, 3, 6, 1, 2, 1, 2)
_IF_X: Oid = (1, 3, 6, 1, 2, 1, 31, 1)
_HOST: Oid = (1, 3, 6, 1, 2, 1, 25)
_ENTITY: Oid = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
_ENGINE: Oid = (1, 3, 6, 1, 6, 3, 10, 2, 1)
_UCD: Oid = (1, 3, 6, 1, 4, 1, 2021)
_HUAWEI_ENTITY: Oid = (1, 3, 6, 1, 4, 1, 2011, 5, 25, 31, 1, 1, 1, 1)
_HUAWEI_FAN: Oid = (1, 3, 6, 1, 4, 1, 2011, 5, 25, 31, 1, 1, 10, 1)

_UP, _DOWN = 1, 2
_CHASSIS, _POWER, _FAN, _MODULE = 3, 6, 7, 9
_OTHER, _RAM, _DISK = 1, 2, 4
_BOARD = 67108873
_UNKNOWN_SPEED = 2**32 - 1
_MEAN_PACKET = 700


def rows_of(room: Room, source: str, t: float) -> dict[Oid, Cell]:
    """Every instance the agent of that device has at `t`, unsorted; KeyError for a name that has no agent."""
    if room.kind(source) is Kind.NETWORK:
        return _network_rows(room.network_model(source), t)
    return _server_rows(room.server_model(source), t)


def _number(value: int) -> Cell:
    return (Syntax.INTEGER, value)


def _text(value: str) -> Cell:
    return (Syntax.OCTETS, value.encode())


def _gauge(value: int) -> Cell:
    return (Syntax.GAUGE32, value)


def _counter(value: int) -> Cell:
    return (Syntax.COUNTER32, value % 2**32)


def _long_counter(value: int) -> Cell:
    return (Syntax.COUNTER64, value % 2**64)


def _ticks(seconds: float) -> Cell:
    return (Syntax.TICKS, int(seconds * 100) % 2**32)


def _system_rows(name: str, descr: str, object_id: str, uptime_s: float) -> dict[Oid, Cell]:
    return {
        (*_SYSTEM, 1, 0): _text(descr),
        (*_SYSTEM, 2, 0): (Syntax.OID, tuple(int(part) for part in object_id.split("."))),
        (*_SYSTEM, 3, 0): _ticks(uptime_s),
        (*_SYSTEM, 4, 0): _text("duty desk, 0000-0000"),
        (*_SYSTEM, 5, 0): _text(name),
        (*_SYSTEM, 6, 0): _text("HIS room (simulated)"),
        (*_SYSTEM, 7, 0): _number(72),
        (*_ENGINE, 2, 0): _number(13),
        (*_ENGINE, 3, 0): _number(int(uptime_s)),
    }


def _mac(owner: str, index: int) -> bytes:
    # 02: a locally administered address (IEEE 802), so that it can never be somebody's.
    return b"\x02" + crc32(owner.encode()).to_bytes(4, "big") + bytes([index % 256])


def _interface_rows(owner: str, ports: Ports, t: float) -> dict[Oid, Cell]:
    cells: dict[Oid, Cell] = {(*_INTERFACES, 1, 0): _number(len(ports.specs))}
    for port in ports.specs:
        row = ports.interface(port, t)
        changed = ports.last_change_s(port, t)
        for column, cell in _if_columns(owner, row, changed).items():
            cells[(*_INTERFACES, 2, 1, column, row.index)] = cell
        for column, cell in _if_x_columns(row).items():
            cells[(*_IF_X, 1, 1, column, row.index)] = cell
    # ifTableLastChange: zero, no row was made or removed since the start.
    cells[(*_IF_X, 5, 0)] = _ticks(0)
    return cells


def _if_columns(owner: str, row: Interface, changed_s: float) -> dict[int, Cell]:
    received, sent = row.in_octets or 0, row.out_octets or 0
    return {
        1: _number(row.index),
        2: _text(row.descr),
        3: _number(row.type or 1),
        4: _number(1500),
        5: _gauge(min(row.speed_bps or 0, _UNKNOWN_SPEED)),
        6: (Syntax.OCTETS, _mac(owner, row.index)),
        7: _number(_UP if row.admin == "up" else _DOWN),
        8: _number(_UP if row.oper == "up" else _DOWN),
        9: _ticks(changed_s),
        10: _counter(received),
        11: _counter(received // _MEAN_PACKET),
        13: _counter(row.in_discards or 0),
        14: _counter(row.in_errors or 0),
        16: _counter(sent),
        17: _counter(sent // _MEAN_PACKET),
        19: _counter(row.out_discards or 0),
        20: _counter(row.out_errors or 0),
    }


def _if_x_columns(row: Interface) -> dict[int, Cell]:
    return {
        1: _text(row.name),
        6: _long_counter(row.in_octets or 0),
        10: _long_counter(row.out_octets or 0),
        15: _gauge((row.speed_bps or 0) // 1_000_000),
        17: _number(1),
        18: _text(row.alias),
        19: _ticks(0),
    }


def _network_rows(model: NetworkModel, t: float) -> dict[Oid, Cell]:
    spec = model.spec
    cells = _system_rows(spec.sys_name, spec.sys_descr, spec.sys_object_id, model.uptime_s(t))
    cells.update(_interface_rows(spec.name, model.ports, t))
    cpu = int(model.reading("cpu_percent", t) or 0)
    memory = model.reading("memory_percent", t) or 0.0
    if spec.is_huawei:
        cells.update(_huawei_rows(model, cpu, int(memory), t))
    # Every device answers the generic tables too, so that its load is known without a vendor's table.
    cells.update(_processor_rows((cpu, cpu)))
    cells.update(_memory_rows(4 * 1024**2, memory))
    for name, value in address_tables.rows(spec).items():
        cells[name] = (Syntax.OCTETS, value) if isinstance(value, bytes) else _number(value)
    return cells


def _huawei_rows(model: NetworkModel, cpu: int, memory: int, t: float) -> dict[Oid, Cell]:
    """The entities of a VRP device: only the board carries CPU, memory and temperature, other rows say 0."""
    entities = [(67108867, _CHASSIS, "chassis"), (_BOARD, _MODULE, "MPU Board 0")]
    entities += [(67371000 + n, _FAN, f"FAN{n}") for n in range(1, model.spec.fans + 1)]
    entities += [(67372000 + n, _POWER, f"PWR{n}") for n in range(1, model.spec.power_supplies + 1)]
    cells: dict[Oid, Cell] = {}
    for index, kind, name in entities:
        board = index == _BOARD
        cells[(*_ENTITY, 2, index)] = _text(name)
        cells[(*_ENTITY, 5, index)] = _number(kind)
        cells[(*_ENTITY, 7, index)] = _text(name)
        temperature = int(model.temperature_c(t) or 0)
        # 1 admin status, 2 operational status (3: enabled), 5 CPU, 7 memory, 11 temperature; 6, 8, 12 their thresholds.
        columns = {1: 4, 2: 3, 5: cpu, 6: 95, 7: memory, 8: 90, 11: temperature, 12: 75}
        for column, value in columns.items():
            cells[(*_HUAWEI_ENTITY, column, index)] = _number(value if board or column in (1, 2) else 0)
    for n in range(1, model.spec.fans + 1):
        # 1 slot, 2 number, 5 speed in percent, 6 present (1), 7 state (1: normal).
        for column, value in {1: 0, 2: n, 5: 45, 6: 1, 7: 1}.items():
            cells[(*_HUAWEI_FAN, column, 0, n)] = _number(value)
    return cells


def _processor_rows(percents: tuple[int, ...]) -> dict[Oid, Cell]:
    cells: dict[Oid, Cell] = {
        (*_HOST, 3, 3, 1, 2, 196608 + core): _number(percent) for core, percent in enumerate(percents)
    }
    cells[(*_UCD, 11, 11, 0)] = _number(100 - round(sum(percents) / len(percents)))
    return cells


def _memory_rows(total_kb: int, used_percent: float) -> dict[Oid, Cell]:
    """The same memory in both tables; `used_percent` leaves out what the kernel would give back."""
    used = round(total_kb * used_percent / 100)
    cached, buffered = (total_kb - used) // 2, (total_kb - used) // 20
    # memTotalReal, memAvailReal, memBuffer, memCached: used is the first less the other three.
    ucd = {5: total_kb, 6: total_kb - used - cached - buffered, 14: buffered, 15: cached}
    cells = {(*_UCD, 4, column, 0): _number(value) for column, value in ucd.items()}
    # As net-snmp does: physical memory "used" holds buffers and cache too; they are told again in rows of their own.
    storage = [
        (1, _RAM, "Physical memory", 1024, total_kb, used + cached + buffered),
        (6, _OTHER, "Memory buffers", 1024, total_kb, buffered),
        (7, _OTHER, "Cached memory", 1024, cached, cached),
    ]
    return cells | _storage_rows(storage)


def _storage_rows(rows: list[tuple[int, int, str, int, int, int]]) -> dict[Oid, Cell]:
    """hrStorageTable of (index, type, descr, unit in bytes, size in units, used in units)."""
    cells: dict[Oid, Cell] = {}
    for index, kind, descr, unit, size, used in rows:
        entry = (*_HOST, 2, 3, 1)
        cells[(*entry, 1, index)] = _number(index)
        cells[(*entry, 2, index)] = (Syntax.OID, (*_HOST, 2, 1, kind))
        cells[(*entry, 3, index)] = _text(descr)
        cells[(*entry, 4, index)] = _number(unit)
        cells[(*entry, 5, index)] = _number(size)
        cells[(*entry, 6, index)] = _number(used)
    return cells


def _server_rows(model: ServerModel, t: float) -> dict[Oid, Cell]:
    spec = model.spec
    uptime_s = model.uptime_s(t)
    # The SNMP agent was restarted an hour after the machine: sysUpTime is the agent's, hrSystemUptime the machine's.
    cells = _system_rows(spec.sys_name, spec.sys_descr, spec.sys_object_id, uptime_s - 3600)
    cells[(*_HOST, 1, 1, 0)] = _ticks(uptime_s)
    cells.update(_interface_rows(spec.name, model.ports, t))
    cells.update(_processor_rows(model.core_percents(t)))
    total_kb = spec.memory_bytes // 1024
    cells[(*_HOST, 2, 2, 0)] = _number(total_kb)
    cells.update(_memory_rows(total_kb, model.reading("memory_percent", t) or 0.0))
    volumes = enumerate(model.volumes(t), start=31)
    cells.update(
        _storage_rows([(n, _DISK, mount, 4096, size // 4096, used // 4096) for n, (mount, size, used) in volumes])
    )
    load = model.reading("load_1m", t) or 0.0
    for row, (name, value) in enumerate((("Load-1", load), ("Load-5", load * 0.97), ("Load-15", load * 0.94)), start=1):
        cells[(*_UCD, 10, 1, 1, row)] = _number(row)
        cells[(*_UCD, 10, 1, 2, row)] = _text(name)
        cells[(*_UCD, 10, 1, 3, row)] = _text(f"{value:.2f}")
        cells[(*_UCD, 10, 1, 5, row)] = _number(int(value * 100))
    return cells
