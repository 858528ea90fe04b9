"""random_networks."""
