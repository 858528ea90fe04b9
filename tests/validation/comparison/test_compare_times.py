"""The comparison in time: on synthetic data of which everything is known, and on the theory."""

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

import dmft
from dmft import MultiregionNetwork, RandomNetwork, Times, validation
from dmft.base.errors import ModelError
from dmft.validation.runs.time_runs import TimeRuns
from dmft.validation.settings.time_settings import checked_time_settings

NET = MultiregionNetwork(0.5, np.ones((2, 2, 2)))
GRID = Times(10.0, 0.1, keep=10)
Z0 = np.array([[1.0, 0.0], [0.5, -1.0]])
AMPLITUDE = {"z": np.array([[1.0, 0.0], [0.5, -1.0]]), "S": np.array([[1.2, 0.3], [0.0, -0.7]]),
             "variance": np.array([2.0, 0.5]), "psi": np.array([0.4, 0.7])}


def course(t):
    return 1 + 0.5 * np.cos(t) * np.exp(-t / 4)


def theory(grid=GRID, scale=1.0, **changes):
    fields = {name: scale * np.multiply.outer(course(grid.t), amplitude)
              for name, amplitude in AMPLITUDE.items()}
    fields["z"][0] = Z0
    kept = course(grid.kept)
    for name, size in (("Delta", 2.0), ("C_phi", 0.5)):
        fields[name] = scale * size * np.array([1.0, 0.3])[:, None, None] * np.outer(kept, kept)
    return SimpleNamespace(**{"network": NET, "times": grid, **fields,
                              "convergence": SimpleNamespace(success=True), **changes})


def synthetic(rng, *, at=(0, 2, 4, 6, 8, 10), neurons=(500, 2000), networks=12, sigma=1.5,
              slope=3.0, error=0.0, pairs=False):
    """Normal scatter sigma/sqrt(N) around (1 + error) theory + slope/N, one row per network."""
    settings = checked_time_settings(NET, neurons, networks, 2, GRID, list(at), 0.05, Z0, 1.0,
                                     pairs, 0, "float32")
    places = np.rint(settings.at / GRID.dt).astype(int)
    exact = theory()
    values = {name: getattr(exact, name)[places] for name in ("z", "S", "variance", "psi")}
    if pairs:
        kept = places // GRID.keep
        values |= {name: getattr(exact, name)[:, kept][:, :, kept] for name in ("Delta", "C_phi")}
    per_network = {}
    for name, value in values.items():
        size = np.reshape(settings.neurons, (-1, *[1] * (value.ndim + 1)))
        scatter = rng.standard_normal((len(settings.neurons), networks, *value.shape))
        per_network[name] = (1 + error) * value + slope / size + sigma / np.sqrt(size) * scatter
    return TimeRuns(settings, per_network)


def test_p_is_uniform_when_the_theory_is_right():
    rng = np.random.default_rng(1)
    p = np.array([validation.compare(theory(), synthetic(rng, at=[4]), quantity="psi").p
                  for _ in range(300)])
    assert stats.kstest(p.ravel(), "uniform").pvalue > 1e-3


def test_all_tests_together_keep_the_level():
    rng = np.random.default_rng(2)
    p = np.array([validation.compare(theory(), synthetic(rng)).p_value for _ in range(300)])
    for level in (0.05, 0.2):
        assert np.mean(p < level) < level + 3 * np.sqrt(level / 300)
        assert np.mean(p < level) > 0.6 * level - 3 * np.sqrt(level / 300)  # not blunt either


def test_an_error_of_one_value_is_caught_with_the_power_promised():
    """A deviation of one variance at one time alone, among all the tests."""
    rng = np.random.default_rng(3)
    blunt = np.median([validation.compare(theory(), synthetic(rng, networks=20)).resolutions[-1]
                       for _ in range(60)])
    caught = 0
    for _ in range(200):
        runs = synthetic(rng, networks=20)
        runs.per_network["variance"][:, :, -1, 1] += blunt * theory().variance.max()
        caught += validation.compare(theory(), runs).disagrees
    assert 0.82 < caught / 200 < 0.97


def test_a_factor_of_the_size_of_the_resolution_is_caught():
    """At least with the power promised: several tests may see it."""
    rng = np.random.default_rng(14)
    options = {"networks": 20, "slope": 0.0}
    typical = np.median([validation.compare(theory(), synthetic(rng, **options)).resolution
                         for _ in range(40)])
    caught = [validation.compare(theory(), synthetic(rng, error=typical, **options)).disagrees
              for _ in range(100)]
    assert np.mean(caught) > 0.85


def test_every_test_is_at_its_label():
    """Deviations put in by hand are found under their names, in every quantity."""
    sharp = {"sigma": 0.01, "slope": 0.0, "networks": 10, "pairs": True}
    for name, place, label in [
            ("z", (3, 0, 1), ("z[0,1]", "6")), ("S", (1, 1, 0), ("S[1,0]", "2")),
            ("variance", (4, 1), ("variance[1]", "8")), ("psi", (5, 0), ("psi[0]", "10")),
            ("Delta", (1, 2, 4), ("Delta[1]", "4, 8")), ("C_phi", (0, 1, 1), ("C_phi[0]", "2, 2"))]:
        runs = synthetic(np.random.default_rng(4), **sharp)
        runs.per_network[name][(slice(None), slice(None), *place)] += 0.5
        verdict = validation.compare(theory(), runs, quantity=tuple(dict.fromkeys((name, "z"))))
        wrong = [test for test, p in zip(verdict.tests, verdict.p_adjusted, strict=True)
                 if p < 1e-3]
        assert wrong == [label]


def test_times_are_chosen_beforehand():
    rng = np.random.default_rng(5)
    many = synthetic(rng, at=GRID.t)
    verdict = validation.compare(theory(), many)
    np.testing.assert_allclose(verdict.lags, [1.7, 3.3, 5.0, 6.7, 8.3, 10.0])  # parts of the last
    assert len(verdict.tests) == verdict.p.size == 6 * (4 + 4 + 2)
    chosen = validation.compare(theory(), many, at=[2.0, 0.3], quantity="variance")
    assert [where for _, where in chosen.tests] == ["0.3", "2"] * 2
    with pytest.raises(ModelError, match=r"at=2.03.*not observed"):
        validation.compare(theory(), many, at=[2.03])


def test_resolutions_are_relative_to_the_largest_of_a_kind():
    runs = synthetic(np.random.default_rng(6))
    verdict = validation.compare(theory(), runs, quantity=("z", "variance"))
    largest = {"z": np.abs(theory().z).max(), "variance": theory().variance.max()}
    for (what, _), stderr, dof, found in zip(verdict.tests, verdict.stderr, verdict.dof,
                                             verdict.resolutions, strict=True):
        size = largest[what.partition("[")[0]]
        assert 4 < found * size / stderr < 9, (what, dof)
    for name in ("z", "variance"):
        own = [k for k, (what, _) in enumerate(verdict.tests) if what.startswith(name)]
        caught = verdict.resolutions * largest[name] / np.maximum(np.abs(verdict.theory), 1e-12)
        assert verdict.by_quantity[name] == pytest.approx(caught[own].min())
    assert verdict.sharpest < verdict.resolution == max(verdict.by_quantity.values())


def test_currents_that_vanish_are_still_tested():
    """A current of zero by symmetry against the others, all of zero against the spread of x."""
    runs = synthetic(np.random.default_rng(7), sigma=0.1, slope=0.0)
    assert ("z[0,1]", "10") in validation.compare(theory(), runs, quantity="z").tests
    none = theory(z=np.zeros((101, 2, 2)))
    verdict = validation.compare(none, runs, quantity="z")
    assert verdict.disagrees
    largest = np.sqrt(theory().variance.max())
    assert np.all(verdict.resolutions * largest / verdict.stderr < 12)


def test_what_has_no_scatter_is_no_deviation():
    """A direction without input decays exactly, in every network."""
    runs = synthetic(np.random.default_rng(8))
    runs.per_network["z"][..., 0, 1] = 1e-13
    verdict = validation.compare(theory(), runs, quantity="z")
    decayed = [what == "z[0,1]" for what, _ in verdict.tests]
    assert np.max(np.abs(verdict.z[decayed])) < 1e-3
    assert not verdict.disagrees


def test_agreement_needs_resolution():
    rng = np.random.default_rng(9)
    sharp = validation.compare(theory(), synthetic(rng, sigma=0.1, networks=20))
    blunt = validation.compare(theory(), synthetic(rng, sigma=15.0, networks=20))
    wrong = validation.compare(theory(scale=1.05), synthetic(rng, sigma=0.1, networks=20))
    assert (sharp.outcome, blunt.outcome, wrong.outcome) == ("agrees", "undecided", "disagrees")
    assert sharp.resolution < 0.05 < blunt.resolution
    table = str(sharp)
    assert table.startswith("AGREES")
    assert "z[1,0]" in table
    assert sum(line.startswith(("S[", "z[", "variance[")) for line in table.splitlines()) == 50


def test_a_verdict_is_saved_whole(tmp_path):
    verdict = validation.compare(theory(), synthetic(np.random.default_rng(10), pairs=True),
                                 quantity=("S", "C_phi"))
    assert str(dmft.load(dmft.save(verdict, tmp_path / "verdict"))) == str(verdict)


def test_the_theory_is_interpolated_between_its_times_only():
    fine = Times(10.0, 0.15)
    runs = synthetic(np.random.default_rng(11), sigma=1e-5, slope=0.0)
    verdict = validation.compare(theory(fine), runs, quantity="variance")
    np.testing.assert_allclose(verdict.theory.reshape(2, 5)[0], 2 * course(runs.at[1:]), atol=1e-5)
    with pytest.raises(ModelError, match="too long to interpolate"):
        validation.compare(theory(Times(10.0, 1.3)), runs, quantity="variance")
    kinked = theory(Times(8.0, 0.16))  # as after a pulse: on the grid nothing is interpolated,
    assert kinked.times.t[25] == 4.0  # also at a point that a coarser grid leaves out
    kinked.variance = kinked.variance + np.abs(kinked.times.t - 4.0)[:, None]
    found = validation.compare(kinked, runs, quantity="variance", at=[4.0])
    np.testing.assert_allclose(found.theory, 2 * course(4.0) * np.array([1, 0.25]), rtol=1e-12)


def test_reservations_are_noted():
    runs = synthetic(np.random.default_rng(12), neurons=(1000,))
    other = theory(network=MultiregionNetwork(0.6, np.ones((2, 2, 2))),
                   convergence=SimpleNamespace(success=False))
    other.z = other.z.copy()
    other.z[0] *= 2
    notes = " ".join(validation.compare(other, runs).notes)
    for words in ("g=[0.6", "did not converge", "one size only",
                  "initial currents of the theory differ"):
        assert words in notes


def test_what_cannot_be_compared_is_refused():
    rng = np.random.default_rng(13)
    runs = synthetic(rng)
    short = theory(Times(5.0, 0.1))
    bare = theory(psi=np.zeros((101, 2)))
    other = theory(variance=np.ones((101, 3)))
    stationary = validation.simulate(RandomNetwork(2.0), 20, 8, duration=2.0, burn_in=0.0, rng=0)
    for arguments, options, field in [
            ((theory(), synthetic(rng, networks=7)), {}, "networks=7"),
            ((short, runs), {}, "at=10.0"), ((bare, runs), {"quantity": "psi"}, "solution="),
            ((other, runs), {}, "solution="), ((theory(), stationary), {}, "solution="),
            ((dmft.solve(RandomNetwork(2.0)), runs), {}, "solution="),
            ((theory(), runs), {"quantity": "Delta"}, "quantity='Delta'"),
            ((theory(), runs), {"quantity": "C_x"}, "quantity="),
            ((theory(), runs), {"alpha": 0.0}, "alpha"),
            ((theory(), runs), {"power": 1.0}, "power"),
            ((dmft.solve(RandomNetwork(2.0)), stationary), {"at": [1.0]}, "at="),
            ((theory(Delta=None), synthetic(rng, pairs=True)), {"quantity": "Delta"}, "solution="),
            ((theory(), synthetic(rng, at=[0.5], pairs=True)), {"quantity": "Delta"}, "at=0.5")]:
        with pytest.raises(ModelError, match=f"^{field}"):
            validation.compare(*arguments, **options)


def test_a_network_without_currents_is_compared_by_its_variance():
    network = RandomNetwork(1.5, dmft.erf)
    times = Times(6.0, 0.1)
    runs = validation.simulate(network, 60, 8, times=times, rng=0, trials=2)
    verdict = validation.compare(dmft.solve(network, times=times), runs)
    assert {what for what, _ in verdict.tests} == {"variance[0]"}
    with pytest.raises(ModelError, match="no currents"):
        validation.compare(dmft.solve(network, times=times), runs, quantity="S")
