"""What the machine does: ask the sources, judge, record."""
