"""Two-time."""
