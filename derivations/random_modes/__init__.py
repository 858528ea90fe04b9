"""random_modes."""
