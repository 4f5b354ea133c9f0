"""A simulated room on loopback that speaks the real protocols to the real clients."""
