"""dutyroom: the duty desk of one machine room (rounds, live UPS, switches and servers, evidence)."""
