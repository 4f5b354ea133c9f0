"""Object identifiers that are asked for, with the document that defines them."""

from __future__ import annotations

from dutyroom.sources.snmp.answers import Oid, dotted, oid

# SNMPv2-MIB (RFC 3418)
SYS_DESCR = oid("1.3.6.1.2.1.1.1.0")
SYS_OBJECT_ID = oid("1.3.6.1.2.1.1.2.0")
SYS_UPTIME = oid("1.3.6.1.2.1.1.3.0")
SYS_NAME = oid("1.3.6.1.2.1.1.5.0")
# SNMP-FRAMEWORK-MIB (RFC 3411): how often the engine started, and seconds since that counter last rose.
ENGINE_BOOTS = oid("1.3.6.1.6.3.10.2.1.2.0")
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
IF_COUNTER_DISCONTINUITY = (*IF_X_TABLE, 19)
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
# LM-SENSORS-MIB of net-snmp: names and millidegrees
LM_TEMP_TABLE = oid("1.3.6.1.4.1.2021.13.16.2.1")
LM_TEMP_DEVICE = (*LM_TEMP_TABLE, 2)
LM_TEMP_VALUE = (*LM_TEMP_TABLE, 3)
UCD_CPU_IDLE = oid("1.3.6.1.4.1.2021.11.11.0")

# LLDP-MIB (IEEE 802.1AB-2005): what the neighbours say of themselves, indexed timeMark.localPort.number, and the names
# of the local ports, indexed localPort.
LLDP_REM_TABLE = oid("1.0.8802.1.1.2.1.4.1.1")
LLDP_REM_CHASSIS_SUBTYPE = (*LLDP_REM_TABLE, 4)
LLDP_REM_CHASSIS_ID = (*LLDP_REM_TABLE, 5)
LLDP_REM_PORT_SUBTYPE = (*LLDP_REM_TABLE, 6)
LLDP_REM_PORT_ID = (*LLDP_REM_TABLE, 7)
LLDP_REM_PORT_DESCR = (*LLDP_REM_TABLE, 8)
LLDP_REM_SYS_NAME = (*LLDP_REM_TABLE, 9)
LLDP_LOC_PORT_TABLE = oid("1.0.8802.1.1.2.1.3.7.1")
LLDP_LOC_PORT_ID = (*LLDP_LOC_PORT_TABLE, 3)
LLDP_LOC_PORT_DESCR = (*LLDP_LOC_PORT_TABLE, 4)
# CISCO-CDP-MIB, indexed ifIndex.number
CDP_CACHE_TABLE = oid("1.3.6.1.4.1.9.9.23.1.2.1.1")
CDP_DEVICE_ID = (*CDP_CACHE_TABLE, 6)
CDP_DEVICE_PORT = (*CDP_CACHE_TABLE, 7)

_TABLES = (
    (IF_TABLE, "ifTable"),
    (IF_X_TABLE, "ifXTable"),
    (HR_PROCESSOR_LOAD, "hrProcessorTable"),
    (HR_STORAGE_TABLE, "hrStorageTable"),
    (LM_TEMP_TABLE, "lmTempSensorsTable"),
    (LLDP_REM_TABLE, "lldpRemTable"),
    (LLDP_LOC_PORT_TABLE, "lldpLocPortTable"),
    (CDP_CACHE_TABLE, "cdpCacheTable"),
    # UPS-MIB (RFC 1628), PowerNet-MIB
    (oid("1.3.6.1.2.1.33.1.3.3.1"), "upsInputTable"),
    (oid("1.3.6.1.2.1.33.1.4.4.1"), "upsOutputTable"),
    (oid("1.3.6.1.2.1.33.1.6.2.1"), "upsAlarmTable"),
    (oid("1.3.6.1.4.1.318.1.1.1.9.2.3.1"), "upsPhaseInputPhaseTable"),
    (oid("1.3.6.1.4.1.318.1.1.1.9.3.3.1"), "upsPhaseOutputPhaseTable"),
)


def table_name(column: Oid) -> str:
    """The name of the table a column belongs to, for people; its number where the table is not in the list."""
    return next((name for table, name in _TABLES if column[: len(table)] == table), dotted(column))
