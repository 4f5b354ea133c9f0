"""Object identifiers that are asked for, with the document that defines them."""

from __future__ import annotations

from dutyroom.sources.snmp.answers import Oid, oid

# SNMPv2-MIB (RFC 3418)
SYS_DESCR = oid("1.3.6.1.2.1.1.1.0")
SYS_OBJECT_ID = oid("1.3.6.1.2.1.1.2.0")
SYS_UPTIME = oid("1.3.6.1.2.1.1.3.0")
SYS_NAME = oid("1.3.6.1.2.1.1.5.0")
# SNMP-FRAMEWORK-MIB (RFC 3411): seconds since the engine's boots counter last rose.
ENGINE_TIME = oid("1.3.6.1.6.3.10.2.1.3.0")

# IF-MIB (RFC 2863): ifTable
IF_NUMBER = oid("1.3.6.1.2.1.2.1.0")
IF_TABLE = oid("1.3.6.1.2.1.2.2.1")
IF_DESCR = (*IF_TABLE, 2)
IF_TYPE = (*IF_TABLE, 3)
IF_SPEED = (*IF_TABLE, 5)
IF_ADMIN = (*IF_TABLE, 7)
IF_OPER = (*IF_TABLE, 8)
IF_IN_OCTETS = (*IF_TABLE, 10)
IF_IN_DISCARDS = (*IF_TABLE, 13)
IF_IN_ERRORS = (*IF_TABLE, 14)
IF_OUT_OCTETS = (*IF_TABLE, 16)
IF_OUT_DISCARDS = (*IF_TABLE, 19)
IF_OUT_ERRORS = (*IF_TABLE, 20)
# IF-MIB: ifXTable
IF_X_TABLE = oid("1.3.6.1.2.1.31.1.1.1")
IF_NAME = (*IF_X_TABLE, 1)
IF_HC_IN_OCTETS = (*IF_X_TABLE, 6)
IF_HC_OUT_OCTETS = (*IF_X_TABLE, 10)
IF_HIGH_SPEED = (*IF_X_TABLE, 15)
IF_ALIAS = (*IF_X_TABLE, 18)
IF_TABLE_LAST_CHANGE = oid("1.3.6.1.2.1.31.1.5.0")
LOOPBACK_TYPE = 24

# HOST-RESOURCES-MIB (RFC 2790)
HR_SYSTEM_UPTIME = oid("1.3.6.1.2.1.25.1.1.0")
HR_PROCESSOR_LOAD = oid("1.3.6.1.2.1.25.3.3.1.2")
HR_STORAGE_TABLE = oid("1.3.6.1.2.1.25.2.3.1")
HR_STORAGE_TYPE = (*HR_STORAGE_TABLE, 2)
HR_STORAGE_DESCR = (*HR_STORAGE_TABLE, 3)
HR_STORAGE_UNITS = (*HR_STORAGE_TABLE, 4)
HR_STORAGE_SIZE = (*HR_STORAGE_TABLE, 5)
HR_STORAGE_USED = (*HR_STORAGE_TABLE, 6)
HR_STORAGE_RAM = oid("1.3.6.1.2.1.25.2.1.2")
HR_STORAGE_FIXED_DISK = oid("1.3.6.1.2.1.25.2.1.4")

# The UCD-SNMP-MIB of net-snmp
UCD_MEM_TOTAL_REAL = oid("1.3.6.1.4.1.2021.4.5.0")
UCD_MEM_AVAIL_REAL = oid("1.3.6.1.4.1.2021.4.6.0")
UCD_MEM_BUFFER = oid("1.3.6.1.4.1.2021.4.14.0")
UCD_MEM_CACHED = oid("1.3.6.1.4.1.2021.4.15.0")
UCD_LOAD_1M = oid("1.3.6.1.4.1.2021.10.1.3.1")
UCD_CPU_IDLE = oid("1.3.6.1.4.1.2021.11.11.0")

_TABLES = ((IF_TABLE, "ifTable"), (IF_X_TABLE, "ifXTable"), (HR_STORAGE_TABLE, "hrStorageTable"))
_ENTERPRISES = oid("1.3.6.1.4.1")
# IANA private enterprise numbers, as seen at the start of sysObjectID.
_VENDORS = {
    9: "Cisco",
    11: "HP",
    2011: "Huawei",
    2636: "Juniper",
    3902: "ZTE",
    4881: "Ruijie",
    8072: "net-snmp",
    12356: "Fortinet",
    14988: "MikroTik",
    25506: "H3C",
}


def table_name(column: Oid) -> str:
    """The name of the table a column belongs to, for people."""
    return next((name for table, name in _TABLES if column[: len(table)] == table), "hrProcessorTable")


def vendor_of(object_id: Oid | None) -> str | None:
    """Who made the device, by the enterprise number in its sysObjectID; None for one that is not in the list."""
    if object_id is None or object_id[: len(_ENTERPRISES)] != _ENTERPRISES or len(object_id) <= len(_ENTERPRISES):
        return None
    return _VENDORS.get(object_id[len(_ENTERPRISES)])
