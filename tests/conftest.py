"""What all tests share: hypothesis with fixed examples, so that a run tells the same each time."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# the speed of a shared machine is not what the tests are about: no deadline
settings.register_profile("ci", derandomize=True, deadline=None, max_examples=40, database=None,
                          suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile("ci")  # pytest --hypothesis-profile=search looks further
