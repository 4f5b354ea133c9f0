"""Object identifiers of the tables that tell addresses, with the document that defines them."""

from __future__ import annotations

from dutyroom.model.addresses import ArpType, FdbStatus
from dutyroom.sources.snmp.answers import oid

# IF-MIB (RFC 2863)
IF_DESCR = oid("1.3.6.1.2.1.2.2.1.2")
IF_TYPE = oid("1.3.6.1.2.1.2.2.1.3")
IF_PHYS_ADDRESS = oid("1.3.6.1.2.1.2.2.1.6")
IF_NAME = oid("1.3.6.1.2.1.31.1.1.1.1")
IF_STACK_STATUS = oid("1.3.6.1.2.1.31.1.2.1.3")
LAG_TYPE = 161

# IP-MIB: ipNetToMediaTable (RFC 1213) indexed ifIndex.address, ipNetToPhysicalTable (RFC 4293) indexed
# ifIndex.addressType.length.address.
ARP_MAC = oid("1.3.6.1.2.1.4.22.1.2")
ARP_TYPE = oid("1.3.6.1.2.1.4.22.1.4")
NEIGHBOUR_MAC = oid("1.3.6.1.2.1.4.35.1.4")
NEIGHBOUR_TYPE = oid("1.3.6.1.2.1.4.35.1.6")
ARP_TYPES = {
    1: ArpType.OTHER,
    2: ArpType.INVALID,
    3: ArpType.DYNAMIC,
    4: ArpType.STATIC,
    5: ArpType.LOCAL,
}
# InetAddressType (RFC 4001): ipv4, ipv6, and both with a zone of four octets behind the address.
ADDRESS_OCTETS = {1: 4, 2: 16, 3: 4, 4: 16}

# BRIDGE-MIB (RFC 4188)
BRIDGE_ADDRESS = oid("1.3.6.1.2.1.17.1.1.0")
BASE_PORT_IF_INDEX = oid("1.3.6.1.2.1.17.1.4.1.2")
FDB_PORT = oid("1.3.6.1.2.1.17.4.3.1.2")
FDB_STATUS = oid("1.3.6.1.2.1.17.4.3.1.3")
# Q-BRIDGE-MIB (RFC 4363): indexed fdbId.MAC; dot1qVlanFdbId is indexed timeMark.VLAN.
Q_FDB_PORT = oid("1.3.6.1.2.1.17.7.1.2.2.1.2")
Q_FDB_STATUS = oid("1.3.6.1.2.1.17.7.1.2.2.1.3")
Q_VLAN_FDB_ID = oid("1.3.6.1.2.1.17.7.1.4.2.1.3")
FDB_STATUSES = {
    1: FdbStatus.OTHER,
    2: FdbStatus.INVALID,
    3: FdbStatus.LEARNED,
    4: FdbStatus.SELF,
    5: FdbStatus.MGMT,
}

# IEEE8023-LAG-MIB: the ifIndex of the aggregate of each member.
LAG_OF_PORT = oid("1.2.840.10006.300.43.1.2.1.1.13")

# LLDP-MIB (IEEE 802.1AB), indexed timeMark.localPort.index; the local port's name in lldpLocPortId.
LLDP_REMOTE_CHASSIS = oid("1.0.8802.1.1.2.1.4.1.1.5")
LLDP_REMOTE_ENABLED = oid("1.0.8802.1.1.2.1.4.1.1.12")
LLDP_LOCAL_PORT_ID = oid("1.0.8802.1.1.2.1.3.7.1.3")
# LldpSystemCapabilitiesMap is a BITS: other, repeater, bridge, wlanAccessPoint, router, telephone, docsis, station.
LLDP_BRIDGE, LLDP_ROUTER, LLDP_TELEPHONE = 0x20, 0x08, 0x04
# CISCO-CDP-MIB, indexed ifIndex.deviceIndex; capabilities as in the CDP packet.
CDP_DEVICE_ID = oid("1.3.6.1.4.1.9.9.23.1.2.1.1.6")
CDP_CAPABILITIES = oid("1.3.6.1.4.1.9.9.23.1.2.1.1.9")
CDP_FORWARDS = 0x01 | 0x02 | 0x04 | 0x08
CDP_PHONE = 0x80

# The tables by the first numbers of their columns, for people.
TABLES = (
    (oid("1.3.6.1.2.1.4.22"), "ipNetToMediaTable"),
    (oid("1.3.6.1.2.1.4.35"), "ipNetToPhysicalTable"),
    (oid("1.3.6.1.2.1.17.1.4"), "dot1dBasePortTable"),
    (oid("1.3.6.1.2.1.17.4.3"), "dot1dTpFdbTable"),
    (oid("1.3.6.1.2.1.17.7.1.2.2"), "dot1qTpFdbTable"),
    (oid("1.3.6.1.2.1.17.7.1.4.2"), "dot1qVlanCurrentTable"),
    (oid("1.3.6.1.2.1.2.2"), "ifTable"),
    (oid("1.3.6.1.2.1.31.1.1"), "ifXTable"),
    (oid("1.3.6.1.2.1.31.1.2"), "ifStackTable"),
    (oid("1.2.840.10006.300.43"), "dot3adAggPortTable"),
    (oid("1.0.8802"), "LLDP"),
    (oid("1.3.6.1.4.1.9.9.23"), "CDP"),
)
