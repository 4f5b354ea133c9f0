"""Is this machine fit to watch the room? Every check gives a code, a verdict and, when it fails, what to do."""
