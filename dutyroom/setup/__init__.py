"""A new room set up: what is asked, what is tried live before it is written, and the files it becomes."""
