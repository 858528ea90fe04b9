"""Figures of plasticity: the numbers drawn are the theory's and satisfy its identities."""

from __future__ import annotations

import numpy as np
import pytest

import dmft
from dmft import validation
from dmft.validation.figures import registry
from dmft.validation.figures.plasticity.branches import follow
from dmft.validation.figures.plasticity.marginal import stable_eigenvalues
from dmft.validation.figures.plasticity.networks import stacked, tapered_spectrum
from dmft.validation.figures.plasticity.phases import REGIONS
from dmft.validation.figures.plasticity.spectra import far
from dmft.validation.figures.plasticity.timescales import half_life
from tests.solvable import BY_NAME

NAMES = {figure.name: figure for figure in registry.figures("plasticity")}
TINY = {  # settings in place of the quick ones
    "plasticity_activity": {"neurons": 20, "shown": 5.0, "burn_in": 5.0},
    "plasticity_correlations": {"strengths": [-1.0, 0.0], "tol": 1e-2, "neurons": 20,
                                "networks": 2, "duration": 5.0, "burn_in": 5.0},
    "plasticity_times": {"couplings": [1.5], "strengths": [-2.0], "tol": 1e-2,
                         "simulated": [0.0], "neurons": 40, "networks": 2, "duration": 10.0,
                         "burn_in": 10.0},
    "plasticity_phases": {"couplings": [0.5, 1.5, 2], "strengths": [-2.0, 0.0, 2], "onset": [],
                          "tol": 1e-2},
    "plasticity_branches": {"strengths": [-1.0], "values": [[2.0, 1.5]], "simulated": [[1.5]],
                            "simulation": {"neurons": 20, "networks": 3, "trials": 1,
                                           "burn_in": 5.0, "duration": 5.0}},
    "plasticity_marginal": {"strengths": [2.0], "shape": [3.0, 3.0, 1], "counted": [3.0],
                            "neurons": [4], "networks": [4]},
    "plasticity_spectra": {"strengths": [-1.0, 0.0], "neurons": 20, "burn_in": 5.0,
                           "shape": [0.0, 0.0, 1], "tol": 1e-2},
    "plasticity_dimension": {"strengths": [0.0], "simulated": [0.0], "trials": 2, "runs": [
        {"neurons": 20, "networks": 2, "burn_in": 5.0, "duration": 5.0}], "cases": [
        {"noise": 0.5, "neurons": 20, "networks": 2, "burn_in": 5.0, "duration": 5.0}]},
    "plasticity_exponents": {"strengths": [0.0], "simulated": [0.0], "neurons": [20],
                             "networks": 2, "duration": 5.0,
                             "dimensions": {"strengths": [1.0], "duration": 5.0, "burn_in": 5.0,
                                            "runs": [{"neurons": 10, "networks": 2, "count": 10}]},
                             "whole": {"strengths": [1.0], "neurons": 4, "networks": 2,
                                       "duration": 5.0, "burn_in": 5.0}},
    "plasticity_lyapunov_spectra": {
        "strengths": [0.0], "simulated": [0.0],
        "networks": {"neurons": 12, "networks": 2, "count": 4, "duration": 5.0, "burn_in": 5.0}},
    "plasticity_fixed_points": {"weak": 1.0, "strengths": [1.0, 2.0, 2], "couplings": [1.5, 1.5, 1],
                                "counted": [3.0], "neurons": [4], "networks": [4]},
    "plasticity_freezing": {"shown": {"k": 1.0, "neurons": 20, "units": 2, "before": 5.0,
                                      "during": 5.0, "after": 5.0, "burn_in": 5.0},
                            "strengths": [1.2], "simulated": [1.2], "neurons": 20,
                            "networks": 2, "freezes": 1, "duration": 20.0, "freeze_tol": 0.5,
                            "tol": 1e-2},
    "plasticity_in_time": {"strengths": [0.5], "stop": 2.0, "observed": [1.0, 2.0], "aging": {
        "k": 1.0, "waiting": [1.0], "longest": 1.0, "paths": 100, "points": 2}, "neurons": 20,
        "networks": 3},
    "plasticity_halting": {"cases": [[1.5, 1.0], [2.0, 0.9]], "halt": 1.0, "release": 3.0,
                           "stop": 4.0, "neurons": 20, "networks": 2},
    "plasticity_memories": {"neurons": 20, "settle": 2.0, "spacing": 2.0, "recall": 2.0},
}

SLOW = ("plasticity_fixed_points", "plasticity_freezing", "plasticity_lyapunov_spectra",
        "plasticity_spectra")


@pytest.fixture(scope="module")
def numbers():
    """Data of a figure at tiny settings, computed once."""
    known = {}

    def of(name):
        if name not in known:
            known[name] = NAMES[name].data(**{**NAMES[name].quick, **TINY[name]})
        return known[name]

    return of


@pytest.mark.filterwarnings("ignore")  # warnings that such short simulations are not stationary
@pytest.mark.parametrize("name", [
    pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in NAMES])
def test_every_figure_is_drawn_the_same_again_from_its_file(numbers, name, tmp_path):
    data = dmft.load(dmft.save(numbers(name), tmp_path / name))
    assert set(data) == set(numbers(name))
    path = registry.picture(NAMES[name], data, tmp_path / f"{name}.png")
    first = path.read_bytes()
    assert first.startswith(b"\x89PNG")
    assert first == registry.picture(NAMES[name], numbers(name), path).read_bytes()


def test_synapses_of_the_activity_figure_follow_its_units(numbers):
    """N A_ij relaxes to k phi_i phi_j, and without plasticity it is zero."""
    data = numbers("plasticity_activity")
    k, p, step = data["k"], data["p"], data["t"][1]
    phi = np.tanh(data["x"])[..., data["pairs"]].prod(axis=-1)
    change = p * (data["A"][:, :, 1:] - data["A"][:, :, :-1]) / step
    middle = [(one[:, :, 1:] + one[:, :, :-1]) / 2 for one in (data["A"], phi)]
    np.testing.assert_allclose(change + middle[0], k[:, None, None] * middle[1], atol=5e-3)
    assert np.all(data["A"][:, k == 0] == 0)
    assert np.all(np.ptp(data["A"][:, k != 0], axis=2) > 0.01)


def test_the_spectrum_is_that_of_a_known_correlation():
    """exp(-tau^2/2) has the spectrum sqrt(2 pi) exp(-omega^2/2), up to the broadening by the taper.
    """
    tau, omega = np.linspace(0.0, 60.0, 1201), np.array([0.0, 0.5, 2.0])
    found = tapered_spectrum(tau, np.exp(-tau**2 / 2), omega)
    np.testing.assert_allclose(found, np.sqrt(2 * np.pi) * np.exp(-omega**2 / 2), rtol=3e-3)
    # for C = 1: cos^2 has the mean 1/2, and both signs of the lag count
    assert tapered_spectrum(tau, np.ones(len(tau)), omega)[0] == pytest.approx(60.0, rel=1e-9)


def test_the_line_at_no_plasticity_is_that_of_random_couplings(numbers):
    data = numbers("plasticity_correlations")
    plain = dmft.solve(dmft.RandomNetwork(2.0))
    row = list(data["k"]).index(0.0)
    assert data["C"][row, 0] == pytest.approx(float(plain.C_phi[0]), rel=1e-6)
    assert data["C"][1 - row, 0] < 0.9 * data["C"][row, 0]
    # C(0) is the integral of the spectrum over all frequencies divided by 2 pi
    assert np.trapezoid(data["S"][row], data["omega"]) / np.pi == pytest.approx(
        data["C"][row, 0], rel=1e-2)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_lyapunov_spectra_without_plasticity_are_those_of_random_couplings(numbers):
    data = numbers("plasticity_lyapunov_spectra")
    assert data["dimension"] == pytest.approx(0.0353, rel=5e-3)
    assert data["entropy_rate"] == pytest.approx(8.97e-4, rel=1e-2)
    assert data["above"] == pytest.approx(0.0596, rel=1e-2)
    assert np.all(data["networks_above"] <= 4 / 12)


def test_half_lives_are_read_off():
    tau = np.arange(0.0, 10.0, 0.01)
    assert half_life(tau, 3 * np.exp(-tau / 2)) == pytest.approx(2 * np.log(2), abs=1e-4)
    assert np.isnan(half_life(tau, np.ones(len(tau))))


def test_times_without_plasticity_are_those_of_random_couplings(numbers):
    data = numbers("plasticity_times")
    curve = dmft.solve(dmft.RandomNetwork(1.5))
    assert data["still"][0] == pytest.approx(
        half_life(curve.lags.tau, np.asarray(curve.C_phi.value)), abs=0.02)
    assert data["half_life"][0, 0] < 0.6 * data["still"][0]
    assert data["first_zero"][0, 0] < data["minimum_lag"][0, 0]


def test_phases_agree_with_known_points(numbers):
    data = numbers("plasticity_phases")
    names = [REGIONS[index][0] for index in data["region"].ravel()]
    assert names == ["quiescence alone", "quiescence alone", "oscillating chaos", "chaos"]
    assert data["half_life"][1, 0] == pytest.approx(3.191, abs=0.03)
    assert np.isnan(data["half_life"][0]).all()


def test_without_a_fold_a_branch_has_its_solutions_only(numbers):
    data = numbers("plasticity_branches")
    np.testing.assert_array_equal(data["g"], [[2.0, 1.5]])
    assert data["C"][0, 0] == pytest.approx(0.4207, rel=0.05)  # solved to 2e-3 in the docs
    assert data["half_life"][0, 0] == pytest.approx(2.95, rel=0.05)
    assert np.isnan(data["fold"][0])
    assert data["active"] == [1.0]
    assert 0 < data["mean"][0] < 1
    assert data["error"][0] > 0


def test_a_branch_continues_beyond_its_fold_in_order(monkeypatch):
    """Solutions at given g, then points of given amplitude, of which the first is a repeat."""
    strong, weak = (dmft.solve(dmft.RandomNetwork(g)) for g in (2.0, 1.5))
    points = [dmft.BranchPoint(dmft.Estimate(g, 0.1), weak, stable)
              for g, stable in ((1.5, True), (1.2, None), (1.3, False))]
    branch = dmft.Branch("g", np.array([2.0, 1.5]), (strong, weak), "", dmft.Estimate(1.2, 0.01),
                         True, tuple(points))
    monkeypatch.setattr(dmft, "continue_in", lambda *args, **options: branch)
    found = follow(dmft.PlasticNetwork(2.0, 1.4, 2.5), [2.0, 1.5, 1.0], 1e-2,
                   np.random.default_rng(0))
    assert found["g"].tolist() == [2.0, 1.5, 1.2, 1.3]
    assert found["g_stderr"].tolist() == [0.0, 0.0, 0.1, 0.1]
    np.testing.assert_array_equal(found["stable"], [1.0, 1.0, np.nan, 0.0])
    np.testing.assert_allclose(found["C"], [0.51318, *3 * [float(weak.C_phi[0])]], rtol=1e-4)
    assert (found["fold"], found["fold_stderr"]) == (1.2, 0.01)


def test_the_most_numerous_fixed_points_are_marginal(numbers):
    data = numbers("plasticity_marginal")
    assert data["C"][0] == pytest.approx(0.9419, abs=1e-4)
    assert np.nanmax(data["boundary"].real) == pytest.approx(0.0, abs=1e-3)
    # outer family: the edge is that of the unit at zero input, p z^2 + (1+p) z + 1 - k C phi' = 0
    k, p, C = 3.0, data["p"], 0.997518
    x = 3.0
    for _ in range(50):
        x = k * C * np.tanh(x)
    edge = max(np.roots([p, 1 + p, 1 - k * C / np.cosh(x) ** 2]))
    assert data["outer"][0] == pytest.approx(edge, abs=1e-3)


def test_eigenvalues_are_those_of_the_stable_points_that_are_counted():
    network = dmft.PlasticNetwork(1.5, 3.0, 2.5)
    found = stable_eigenvalues(network, 4, 5, seed=1)
    counts = validation.enumerate_fixed_points(network, 4, 5, rng=1)
    assert [2 * len(one) for one in found] == counts.stable[0].tolist()
    assert all(one.shape[1] == 8 and one.real.max() < 0 for one in found if len(one))


@pytest.mark.slow
def test_the_joint_spectrum_without_plasticity_is_a_disc(numbers):
    data = numbers("plasticity_spectra")
    row = list(data["k"]).index(0.0)
    edge = data["boundary"][row]
    radius = np.abs(edge[np.isfinite(edge)] + 1)
    np.testing.assert_allclose(radius, radius.mean(), rtol=5e-3)
    assert data["rightmost"][row] == pytest.approx(radius.mean() - 1, abs=5e-3)
    assert data["aspect"][row] == pytest.approx(1.0, abs=5e-3)
    assert data["aspect"][1 - row] > 1.1
    eigenvalues = data["eigenvalues"][row]
    assert np.sum(np.isfinite(eigenvalues)) == 20  # N of them, and 2N with plasticity
    assert np.sum(np.isfinite(data["eigenvalues"][1 - row])) == 40


def test_eigenvalues_far_from_the_support_are_counted():
    support = dmft.jacobian_spectrum(dmft.solve(dmft.PlasticNetwork(2.0, 0.0, 2.5)))
    edge = float(support.abscissa)
    values = np.array([-1.0, edge + 0.01, edge + 0.1, edge + 1.0])
    assert far(support, values) == 0.5
    assert far(support, values[:1]) == 0.0
    assert np.isnan(stacked([values, values[:1]])[1, 1:]).all()


def test_the_dimension_without_plasticity_is_exact(numbers):
    data = numbers("plasticity_dimension")
    plain = dmft.solve(dmft.RandomNetwork(2.0))
    for kind in ("phi", "x"):
        assert data[f"theory_{kind}"][0] == pytest.approx(
            float(dmft.dimension(plain, kind)), rel=1e-9)
    # 1/4.245(5) in networks and theory with noise
    assert data["strong_theory"][0] == pytest.approx(1 / 4.245, rel=0.01)


def test_the_exponent_without_plasticity_is_exact(numbers):
    data = numbers("plasticity_exponents")
    assert data["theory"][0] == pytest.approx(BY_NAME["tanh 2"].value("exponent"), abs=1e-5)
    assert data["all"].shape == (1, 2, 20)


@pytest.mark.slow
def test_families_and_thresholds(numbers):
    data = numbers("plasticity_fixed_points")
    assert data["C"][0, 0, 1, 0] == pytest.approx(0.69509, abs=1e-5)  # one unstable root each
    assert data["C"][0, 1, 0, 0] == pytest.approx(0.97906, abs=1e-5)
    assert data["sigma"][1] == pytest.approx(0.2170, abs=1e-4)
    assert data["onset"][0] == pytest.approx(1.2445, abs=1e-3)
    assert np.isnan(data["outer"][0])  # above g = 1 it exists for every k
    assert data["steady"][0] == dmft.active_family_onset(1.5, stable=True)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_strong_plasticity_freezes(numbers):
    data = numbers("plasticity_freezing")
    assert data["q"][0] < 0.7
    assert data["overlap"][0] > 0.9
    assert data["released"] - data["halted"] == pytest.approx(5.0)
