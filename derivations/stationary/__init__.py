"""stationary."""
