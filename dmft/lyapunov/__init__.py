"""Lyapunov."""
