"""What random modes add can be saved, loaded, pickled and scanned."""

import pickle

import numpy as np
import pytest

import dmft

FLAT = dmft.Spectrum.flat
NETWORKS = [
    dmft.RandomModeNetwork(dmft.Spectrum.exponential(2.0, 2.0), phi=dmft.erf, noise=0.5),
    dmft.RandomModeNetwork([1.0, 2.5], [0.2, -0.1], 0.7, dmft.erf, 0.5, unstructured=0.5),
    dmft.HeterogeneousNetwork(3.0, dmft.Gains.lognormal(0.3), 1.2, dmft.erf),
]


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_solutions_come_back_as_they_were(network, tmp_path):
    assert pickle.loads(pickle.dumps(network)) == network
    sampled = any(one.has_memory for one in network.ensembles)
    solution = dmft.solve(network, tol=5e-2 if sampled else None)
    found = [solution, dmft.dimension(solution), dmft.four_point(solution),
             dmft.jacobian_spectrum(network)]
    back = []
    for k, value in enumerate(found):
        dmft.save(value, tmp_path / f"{k}.npz")
        back.append(dmft.load(tmp_path / f"{k}.npz"))
    assert back[0].network == network
    assert float(dmft.dimension(back[0])) == float(back[1]) == float(found[1])
    assert float(back[1].stderr) == float(found[1].stderr)
    assert (float(back[1].stderr) > 0) == sampled
    assert float(back[2].psi(1.0, -1.0)) == float(found[2].psi(1.0, -1.0))
    assert back[3].abscissa == pytest.approx(found[3].abscissa, rel=1e-12)


def test_connectivity_comes_back_as_it_was(tmp_path):
    found = dmft.measure_connectivity(np.random.default_rng(0).standard_normal((40, 40)))
    dmft.save(found, tmp_path / "x.npz")
    assert dmft.load(tmp_path / "x.npz") == found
    assert dmft.load(tmp_path / "x.npz").p_value == found.p_value


def test_the_same_seed_gives_the_same_sampled_solution():
    network = dmft.RandomNetwork(2.0, dmft.erf, reciprocity=-0.3, noise=1.0)
    few = dmft.SamplingOptions(pilot_paths=16, first_paths=32, tries=1)
    one, two, other = (dmft.solve(network, tol=0.1, rng=seed, options=few, strict=False)
                       for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.C_phi.value, two.C_phi.value)
    assert float(one.C_phi[0]) != float(other.C_phi[0])
    scanned = dmft.scan(dmft.solve, [network], rng=3, tol=0.1, options=few, strict=False)
    assert scanned[0].convergence.method == "sampled"
