"""Paths in time with memory: stationary limits, halted states, networks, and calibrated errors."""

import numpy as np
import pytest

import dmft
from dmft import Schedule, validation
from dmft.base.errors import ModelError

FEW = dmft.PathOptions(paths=300, repeats=6)


@pytest.mark.parametrize(("network", "stop"), [
    (dmft.PlasticNetwork(2.0, -1.0, 2.5), 18.0),
    (dmft.Network((dmft.IID(0.7, 0.4), dmft.Hebbian(0.5, 2.0), dmft.Hebbian(-0.8, 1.0)),
                  noise=0.6, bias=0.3), 9.0),
    (dmft.Network((dmft.Modes(dmft.Spectrum.from_values([0.6, 0.9], 0.5), [-0.4, 0.3]),),
                  noise=0.5), 8.0)],
    ids=["anti-Hebbian", "sum with noise and bias", "overlaps"])
def test_it_relaxes_to_the_stationary_state(network, stop):
    stationary = dmft.solve(network, tol=5e-3, rng=0)
    late = dmft.solve(network, times=dmft.Times(stop, 0.2), variance=float(stationary.C_x[0]),
                      options=dmft.PathOptions(paths=450, repeats=6), rng=1, tol=0.1)
    for found, known in zip((late.power[-1, 0], late.variance[-1, 0]),
                            (stationary.C_phi[0], stationary.C_x[0]), strict=True):
        error = np.hypot(found.stderr, known.stderr) + 1.5e-3 * float(known)
        assert abs(float(found) - float(known)) < 3.5 * error
        assert error < 0.012 * float(known)


def test_a_halt_keeps_the_couplings_and_a_release_frees_them():
    network = dmft.PlasticNetwork(1.5, 1.6, 2.5)
    found = dmft.solve(network, times=dmft.Times(32.0, 0.2, keep=20), rng=1, tol=0.1,
                       options=dmft.PathOptions(paths=250, repeats=4),
                       schedule=Schedule(halt=12.0, release=24.0))
    overlap = found.overlap(12.0)
    at = {t: int(np.argmin(np.abs(found.times.kept - t))) for t in (12, 20, 24, 32)}
    assert float(overlap[at[12]]) == 1
    assert 0.9 < float(overlap[at[24]]) < 0.999
    assert abs(float(overlap[at[24]]) - float(overlap[at[20]])) < 3e-3  # at rest
    assert float(overlap[at[32]]) < float(overlap[at[24]]) - 0.02  # it moves again
    assert float(found.static_share(20.0, 24.0)) > 0.999
    assert float(found.static_share(0.0, 12.0)) < 0.97
    with pytest.raises(ModelError, match=r"t=21.0: not a time at which"):
        found.overlap(21.0)
    with pytest.raises(ModelError, match=r"stop=31.0: fewer than two"):
        found.static_share(30.0, 31.0)


def test_two_time_functions_are_those_of_the_one_time_functions():
    times = dmft.Times(4.0, 0.2, keep=4)
    found = dmft.solve(dmft.RandomNetwork(1.6, dmft.erf, reciprocity=0.4), times=times,
                       options=FEW, rng=0, tol=0.1)
    C, Delta, R = (np.asarray(one)[0] for one in (found.C_phi, found.Delta, found.R_phi))
    np.testing.assert_allclose(np.diag(C), np.asarray(found.power)[::4, 0], rtol=1e-12)
    np.testing.assert_allclose(np.diag(Delta), np.asarray(found.variance)[::4, 0], rtol=1e-6)
    np.testing.assert_allclose(np.diag(R), np.asarray(found.psi)[::4, 0], rtol=1e-9)
    np.testing.assert_allclose(C, C.T, atol=1e-15)
    assert found.C_x is found.Delta
    assert found.replicates.shape == (6, 1, 6, 6)
    with pytest.raises(ModelError, match="C_phi was not kept"):
        dmft.solve(found.network, times=dmft.Times(1.0, 0.2), options=FEW).overlap(1.0)


def test_equal_seeds_give_equal_results_and_one_march_has_the_step_of_the_times():
    network, times = dmft.PlasticNetwork(1.5, 1.0, 2.5), dmft.Times(3.0, 0.1)
    one, two, other = (dmft.solve(network, times=times, options=FEW, rng=seed)
                       for seed in (3, 3, 4))
    np.testing.assert_array_equal(one.variance.value, two.variance.value)
    assert np.any(one.variance.value != other.variance.value)
    plain = dmft.solve(network, times=times, options=FEW, rng=3, method="march")
    np.testing.assert_array_equal(plain.variance.value, one.variance.value)  # steps of 0.1 suffice
    assert np.isnan(plain.convergence.residual)
    assert one.convergence.residual < 5e-3
    coarse = dmft.solve(network, times=dmft.Times(3.0, 0.3), options=FEW, rng=3, method="march")
    assert "steps of 0.3" in coarse.convergence.message


def test_without_control_the_same_with_larger_errors():
    network, times = dmft.PlasticNetwork(2.0, -1.0, 2.5), dmft.Times(6.0, 0.2)
    with_control, without = (dmft.solve(network, times=times, rng=1, tol=0.1,
                                        options=dmft.PathOptions(paths=300, control=control))
                             for control in (True, False))
    off = with_control.power.value - without.power.value
    error = np.hypot(with_control.power.stderr, without.power.stderr)[1:]
    # without control a bias of order 1/P remains
    assert np.max(np.abs(off[1:]) / (error + 2 / 300 * with_control.power.value[1:])) < 4
    assert np.mean(without.power.stderr) > 2 * np.mean(with_control.power.stderr)


def test_what_does_not_fit_is_refused_before_it_is_computed():
    network = dmft.PlasticNetwork(1.5, 1.0, 2.5)
    with pytest.raises(ModelError, match=r"times=.*GiB of memory.*modes of 100000000 paths"):
        dmft.solve(network, times=dmft.Times(2000.0, 0.1),
                   options=dmft.PathOptions(paths=100_000_000))
    with pytest.raises(ModelError, match=r"paths=64: too few"):
        dmft.solve(dmft.PlasticNetwork(1.5, 1.0, 2.5, noise=0.5), times=dmft.Times(10.0, 0.1),
                   options=dmft.PathOptions(paths=64, repeats=4))
    with pytest.raises(ModelError, match="grows without bound"):
        dmft.solve(dmft.Network((dmft.IID(1.2, 0.5),), dmft.linear), options=FEW,
                   times=dmft.Times(60.0, 0.2))


@pytest.mark.slow
@pytest.mark.parametrize(("network", "wrong"), [
    (dmft.RandomNetwork(2.0, dmft.erf, reciprocity=0.3),
     dmft.RandomNetwork(2.1, dmft.erf, reciprocity=0.3)),
    (dmft.PlasticNetwork(2.0, 1.0, 2.5), dmft.PlasticNetwork(2.0, 0.8, 2.5))],
    ids=["reciprocal", "plastic"])
def test_networks_from_the_same_preparation(network, wrong):
    times, at = dmft.Times(10.0, 0.1, keep=10), [1.0, 2.0, 4.0, 7.0, 10.0]
    runs = validation.simulate(network, (500, 1000), 20, times=times, at=at, trials=4, pairs=True,
                               rng=5)
    theory = dmft.solve(network, times=times, rng=1)
    verdict = validation.compare(theory, runs, quantity=("variance", "psi", "C_phi", "Delta"))
    assert verdict.p_value > 1e-3
    assert float(np.asarray(theory.variance.stderr).max()) < 0.01 * float(np.max(theory.variance))
    off = dmft.solve(wrong, times=times, rng=1)
    assert validation.compare(off, runs, quantity="variance", at=at).p_value < 1e-3


@pytest.mark.slow
def test_standard_errors_are_calibrated():
    times = dmft.Times(8.0, 0.2, keep=10)
    found = [dmft.solve(dmft.PlasticNetwork(2.0, 1.0, 2.5), times=times, rng=seed, tol=0.1,
                        options=dmft.PathOptions(paths=200)) for seed in range(20)]
    values, errors = (np.array([np.concatenate([getattr(one.variance, of)[[5, 20, 40], 0],
                                                getattr(one.C_phi, of)[0, -1, :]])
                                for one in found]) for of in ("value", "stderr"))
    z = (values - values.mean(axis=0)) / errors * np.sqrt(20 / 19)
    assert 0.5 < np.mean(z**2) < 1.8  # of 160 values, correlated within a solve
