"""multiregion."""
