"""The values dutyroom speaks of: frozen dataclasses and enums, standard library only."""
