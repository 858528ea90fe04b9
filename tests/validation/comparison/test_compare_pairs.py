"""compare holds dimensions and four-point functions against the theory, on synthetic runs."""

import numpy as np
import pytest
from scipy import stats

import dmft
from dmft import Gains, HeterogeneousNetwork, RandomNetwork, validation
from dmft.base.errors import ModelError
from dmft.validation.runs.runs import Runs
from dmft.validation.settings.settings import checked_settings

NETWORK = RandomNetwork(2.0, dmft.erf, noise=1.0)
CROSS_LAGS = ((0, 0), (4, 4), (4, -4))
PAIRS = ("dimension_phi", "dimension_x", "Psi_phi", "Psi_x")


@pytest.fixture(scope="module")
def theory():
    """The solution and its predictions, computed directly and not through compare."""
    solution = dmft.solve(NETWORK)
    said = {"C_x": float(solution.C_x[0]), "C_phi": float(solution.C_phi[0])}
    for of in ("phi", "x"):
        said[f"dimension_{of}"] = float(dmft.dimension(solution, of=of))
        said[f"Psi_{of}"] = [float(dmft.four_point(solution).psi(a, b, of=of, tol=1e-4))
                             for a, b in CROSS_LAGS]
    return solution, said


def synthetic(rng, said, *, neurons=(500, 2000), networks=20, scatter=2.0, slope=30.0, error=0.0):
    """Runs whose networks scatter by scatter/sqrt(N) around (1 + error) times the theory."""
    settings = checked_settings(NETWORK, neurons, networks, 4, 20.0, 0.1, 10.0, [0.0], 0, "float32",
                                True, CROSS_LAGS)
    size = np.array(settings.neurons)[:, None, None]
    per_network = {}

    def put(name, value):
        value = np.atleast_1d(value)
        noise = rng.standard_normal((len(settings.neurons), networks, len(value)))
        per_network[name] = value * (1 + error + (slope + scatter * np.sqrt(size) * noise) / size)

    for of in ("phi", "x"):
        C = said[f"C_{of}"]
        put(f"C_{of}", C)
        put(f"Psi_{of}", said[f"Psi_{of}"])
        trace, ratio = np.full((*size.shape[:1], networks), C), said[f"dimension_{of}"]
        put("square", C**2 / ratio)
        per_network[f"square_{of}"] = per_network.pop("square")[..., 0]
        per_network[f"trace_{of}"] = trace
        per_network[f"dimension_{of}"] = trace**2 / per_network[f"square_{of}"]
    return Runs(settings, per_network, np.ones((len(settings.neurons), networks), dtype=bool))


def test_p_is_uniform_when_the_theory_is_right(theory):
    solution, said = theory
    rng = np.random.default_rng(1)
    p = [validation.compare(solution, synthetic(rng, said, neurons=(500, 1000, 2000)),
                            quantity="dimension_phi").p_value for _ in range(60)]
    assert stats.kstest(p, "uniform").pvalue > 1e-3


def test_a_wrong_theory_is_rejected_and_a_right_one_agrees(theory):
    solution, said = theory
    rng = np.random.default_rng(2)
    right = validation.compare(solution, synthetic(rng, said, scatter=0.2), quantity=PAIRS)
    assert right.agrees, right
    assert right.resolution < 0.05
    assert set(right.by_quantity) == set(PAIRS)
    assert right.p.shape == (8,)
    for name in PAIRS:
        told = [value for (what, _), value in zip(right.tests, right.theory, strict=True)
                if what == name]
        # each to 1e-4 of the value at lag 0, asked for together and one by one
        np.testing.assert_allclose(told, said[name], atol=2e-4 * np.ravel(said[name])[0])
    wrong = validation.compare(solution, synthetic(rng, said, scatter=0.2, error=0.05),
                               quantity=PAIRS)
    assert wrong.disagrees
    blunt = validation.compare(solution, synthetic(rng, said, scatter=8.0), quantity=PAIRS)
    assert blunt.outcome == "undecided"
    table = str(right)
    assert "4, -4" in table
    assert sum(line.startswith(("dimension", "Psi")) for line in table.splitlines()) == 8


def test_curves_and_pairs_may_be_compared_together(theory):
    solution, said = theory
    runs = synthetic(np.random.default_rng(3), said, scatter=0.2)
    both = validation.compare(solution, runs, quantity=("C_phi", "dimension_x"))
    assert both.tests == (("C_phi", "0"), ("dimension_x", "-"))
    assert both.agrees
    plain = validation.compare(solution, runs)  # what is compared by default has not changed
    assert plain.quantities == ("C_x", "C_phi")
    assert plain.p.shape == (2, 1)


def test_z_scored_runs_are_compared_with_the_z_scored_theory():
    network = HeterogeneousNetwork(3.0, Gains.lognormal(0.5), 1.0, dmft.erf)
    solution = dmft.solve(network)
    runs = validation.simulate(network, 30, 8, trials=4, duration=10.0, burn_in=20.0, dt=0.1,
                               lags=[0.0], dimension=True, zscore=solution, rng=0)
    names = ("dimension_x", "dimension_x_z", "dimension_phi_z")
    verdict = validation.compare(solution, runs, quantity=names)
    expected = [dmft.dimension(solution, "x"), dmft.dimension(solution, "x", z_scored=True),
                dmft.dimension(solution, "phi", z_scored=True)]
    np.testing.assert_allclose(verdict.theory, expected)
    assert expected[1] > 1.03 * expected[0]


def test_what_was_not_measured_cannot_be_compared(theory):
    solution, said = theory
    runs = synthetic(np.random.default_rng(4), said)
    few = synthetic(np.random.default_rng(4), said, networks=7)
    plain = validation.simulate(NETWORK, 20, 8, trials=2, duration=2.0, burn_in=2.0, rng=0)
    for arguments, quantity, field in [
        ((solution, plain), "dimension_phi", "quantity="),
        ((solution, runs), ("dimension_phi", "dimension_phi"), "quantity="),
        ((solution, runs), ("dimension_phi", "C_y"), "quantity="),
        ((solution, runs), "dimension_x_z", "quantity='dimension_x_z'.*zscore"),
        ((solution, few), "Psi_x", "networks=7"),
        ((dmft.solve(RandomNetwork(0.5, dmft.erf)), runs), "dimension_phi", "solution="),
        ((None, runs), "dimension_phi", "solution="),
    ]:
        with pytest.raises(ModelError, match=field):
            validation.compare(*arguments, quantity=quantity)
    runs.per_network["square_phi"] = -runs.per_network["square_phi"]  # of windows far too short
    with pytest.raises(ModelError, match="dimension_phi of some network is not finite"):
        validation.compare(solution, runs, quantity="dimension_phi")
