"""Dialogs, each typed by its result."""
