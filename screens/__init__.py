"""The Textual application: one screen is one module and one stylesheet."""
