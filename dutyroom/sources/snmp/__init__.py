"""SNMP v2c and v3, read only: sessions, the safe walker, and the sources built on them."""
