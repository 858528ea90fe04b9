"""fluctuations."""
