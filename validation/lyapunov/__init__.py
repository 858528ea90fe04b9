"""lyapunov."""
