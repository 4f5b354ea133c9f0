"""Widgets used by more than one screen, one a file."""
