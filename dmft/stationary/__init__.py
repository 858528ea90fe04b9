"""Stationary."""
