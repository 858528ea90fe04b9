"""Solutions that few paths take for unstable are kept, unchanged."""

import dmft
from dmft.path_iteration import stable_solution
from dmft.sampled.slow_starts import search


def test_a_solution_that_the_iteration_returns_to_is_kept(monkeypatch):
    network, options = dmft.PlasticNetwork(1.5, -1.0, 2.5), dmft.SamplingOptions(pilot_paths=64)
    pilot = search(network, None, None, 0, options, max_iter=200, callback=None).found
    first, own = pilot.fixed, pilot.path_map
    _, mode = stable_solution.slowest_mode(own, first.u, first.derivative)
    monkeypatch.setattr(stable_solution, "slowest_mode", lambda *_: (1.08, mode))
    assert stable_solution.stable_from(own, first, 5e-3, 200) is first
    monkeypatch.setattr(stable_solution, "SAME_SOLUTION", 0.0)
    assert stable_solution.stable_from(own, first, 5e-3, 200) is not first
