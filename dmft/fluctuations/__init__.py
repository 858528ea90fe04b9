"""Fluctuations."""
