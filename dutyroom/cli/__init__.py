"""The command line: one module for each group of commands, and `compose`, the only place that builds the parts."""
