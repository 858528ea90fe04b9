"""Figures of random modes: the numbers drawn are the theory's and satisfy its identities."""

from __future__ import annotations

import numpy as np
import pytest

import dmft
from dmft.validation.execution import fresh_processes
from dmft.validation.figures import registry
from dmft.validation.figures.random_modes.mushroom_body import (
    MUSHROOM_BODY,
    couplings,
    measured,
    predicted,
    run,
    signed,
)
from dmft.validation.figures.random_modes.networks import effective_rank, network
from dmft.validation.figures.random_modes.networks import measured as measured_networks
from dmft.validation.figures.random_modes.overlaps import strength
from tests.solvable import BY_NAME

NAMES = {figure.name: figure for figure in registry.figures("random-modes")}
BRIEF = {"networks": 2, "trials": 2, "duration": 6.0, "burn_in": 2.0, "dt": 0.2}
TINY = {  # settings in place of the quick ones
    "random_modes_correlations": {"couplings": [3.0], "lags": [0.0, 1.0, 4.0], "neurons": 20,
                                  **BRIEF},
    "random_modes_dimension": {"span": (1.5, 10.0), "points": 4, "couplings": [3.0],
                               "neurons": [20, 40, 60],
                               "networks": [2, 2, 2], "noisy_couplings": [1.5],
                               "noisy_neurons": 20, "noisy_networks": 2, "trials": 2,
                               "duration": 6.0, "burn_in": 2.0, "dt": 0.2},
    "random_modes_spectra": {"ranks": 4, "neurons": 20, **BRIEF},
    "random_modes_collapse": {"neurons": 20, **BRIEF},
    "random_modes_four_point": {"longest": 4.0, "lags": [1.0, 2.0], "points": 3, "neurons": 20,
                                **BRIEF},
    "random_modes_heterogeneity": {"points": 3, "neurons": 20, **BRIEF},
    "random_modes_overlaps": {"edge": 6.0, "values": [-0.2, 0.0], "tau": (4.0, 9), "tol": 5e-2,
                              "drawn": 60, "lags": [0.0, 1.0], "neurons": 20, **BRIEF},
    "random_modes_lyapunov_spectra": {
        "lags": [0.0, 2.0], "thresholds": [-0.8, -0.4],
        "correlations": {"neurons": 20, **BRIEF},
        "exponents": {"neurons": 20, "networks": 2, "duration": 4.0, "burn_in": 2.0, "dt": 0.2}},
    "connectivity_structure": {"shuffles": 20},
    "connectivity_noise": {"g": {"no overlaps": [0.1, 0.5], "overlaps": [0.3]},
                           "simulated": [0.3], "tol": 5e-2, **BRIEF},
    "connectivity_chaos": {"points": 2, "couplings": [2.0], "signs": 2, "overlap_signs": 1,
                           "overlap_g": [3.0], "tol": 5e-2, **BRIEF},
}


@pytest.fixture(scope="module")
def numbers():
    """Data of a figure at tiny settings, computed once, in this process."""
    known, patched = {}, pytest.MonkeyPatch()

    def each(module, function, cases, report):
        found = getattr(__import__(f"dmft.validation.{module}", fromlist=[function]), function)
        return [found(**case) for case in cases]

    patched.setattr(fresh_processes, "each", each)

    def of(name):
        if name not in known:
            known[name] = NAMES[name].data(**{**NAMES[name].quick, **TINY[name]})
        return known[name]

    yield of
    patched.undo()


@pytest.mark.filterwarnings("ignore")  # warnings that such short simulations are not stationary
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_drawn_the_same_again_from_its_file(numbers, name, tmp_path):
    data = dmft.load(dmft.save(numbers(name), tmp_path / name))
    assert set(data) == set(numbers(name))
    path = registry.picture(NAMES[name], data, tmp_path / f"{name}.png")
    first = path.read_bytes()
    assert first.startswith(b"\x89PNG")
    assert first == registry.picture(NAMES[name], numbers(name), path).read_bytes()


def test_the_correlation_is_that_of_independent_couplings(numbers):
    data = numbers("random_modes_correlations")
    assert data["C"][0, 0] == pytest.approx(BY_NAME["erf 3"].value("C"), abs=1e-8)
    assert data["C_mean"].shape == data["Delta_error"].shape == (1, 2, 3)
    spectra = numbers("random_modes_spectra")
    assert spectra["C_deviation"] < 1e-10
    mean_square = np.nansum(spectra["D"] ** 2, axis=1) / len(spectra["place"])
    np.testing.assert_allclose(mean_square, 1.5**2, rtol=2e-3)
    for kind in ("phi", "x"):
        line = np.interp(np.log(spectra["shape_rank"]), np.log(spectra["rank"]), spectra[kind])
        np.testing.assert_allclose(spectra[f"{kind}_theory"], line, rtol=0.1)


def test_the_dimension_is_known_at_some_strengths(numbers):
    data = numbers("random_modes_dimension")
    assert np.all(np.diff(data["phi"], axis=0) < 0)  # with falling rank
    assert np.all(np.diff(data["phi"], axis=1) > 0)  # with rising strength
    assert np.all(data["x"] < data["phi"])
    solution = dmft.solve(network(3.0, ["independent"]))
    assert float(dmft.dimension(solution)) == pytest.approx(
        BY_NAME["erf 3"].value("PR_phi"), rel=1e-6)
    assert data["noisy"][0, 0] == pytest.approx(1.0, abs=1e-2)


@pytest.mark.parametrize("kind", ["phi", "x"])
def test_dimensions_of_all_strengths_lie_on_one_curve(numbers, kind):
    """PR at a given g_eff depends on PR_D alone, as u/(1 + u) in units set by that strength."""
    data = numbers("random_modes_collapse")
    u = data["rank"] / data[f"scale_{kind}"][:, None]
    np.testing.assert_allclose(data[kind] / data[f"limit_{kind}"][:, None], u / (1 + u), rtol=1e-5)
    column = ("phi", "x").index(kind)
    u = data["simulated_rank"] / data["noisy_scale"][column]
    np.testing.assert_allclose(data[f"noisy_{kind}"] / data["noisy_limit"][column], u / (1 + u),
                               rtol=1e-5)


def test_pairs_last_longer_than_single_neurons(numbers):
    data = numbers("random_modes_four_point")
    for name in ("same", "opposite", "own"):
        assert data[name][0] == pytest.approx(1.0, abs=1e-6)
    assert np.all(data["same"][1:] > data["opposite"][1:])
    assert np.all(data["opposite"][1:] > data["own"][1:])
    assert np.all(data["collective"] > 2 * data["single"])
    C0, PR = BY_NAME["erf 3"].value("C"), BY_NAME["erf 3"].value("PR_phi")
    at_zero = C0**2 / PR - C0**2
    four = int(np.argmin(np.abs(data["tau"] - 4.0)))
    C = numbers("random_modes_correlations")["C"][0]  # up to lag 4
    assert data["own"][four] == pytest.approx((C[-1] / C[0]) ** 2, rel=1e-6)
    assert data["same"][four] * at_zero == pytest.approx(7.706, abs=2e-3)
    assert data["opposite"][four] * at_zero == pytest.approx(4.659, abs=2e-3)


def test_structure_is_in_the_exponents_and_not_in_single_neurons(numbers):
    data = numbers("random_modes_lyapunov_spectra")
    assert np.ptp(data["C"], axis=0).max() < 1e-6
    solution = dmft.solve(dmft.RandomNetwork(2.0))
    assert data["C"][0, 0] == pytest.approx(float(solution.C_phi[0]), rel=1e-6)
    far = np.abs(data["s"] + 1) > 0.1
    assert np.all(np.diff(data["above"][:, far]) <= 0)
    half = np.argmin(np.abs(data["s"] + 0.5))  # fewer modes have fewer exponents above
    assert np.all(np.diff(data["above"][:, half]) < -0.03)
    assert data["above_mean"] * 40 == pytest.approx(np.rint(data["above_mean"] * 40))


def test_output_gains_are_like_modes_and_input_gains_are_not(numbers):
    data = numbers("random_modes_heterogeneity")
    np.testing.assert_allclose(data["raw"][1], data["modes"], rtol=1e-5)
    np.testing.assert_allclose(data["scored"][1], data["raw"][1], rtol=1e-6)
    assert np.all(data["raw"][0, 1:] > 1.1 * data["raw"][1, 1:])
    # z-scored: the dimension of x rises, that of phi falls
    assert np.all(data["scored"][0, 1:, 1] > 1.02 * data["raw"][0, 1:, 1])
    assert np.all(data["scored"][0, 1:, 0] < 0.99 * data["raw"][0, 1:, 0])
    middle = data["spread"] == 0.5
    np.testing.assert_allclose(data["scored"][0, middle], [[0.0334, 0.0252]], atol=1e-4)
    # all units have equal variance: z-scoring is one common factor
    np.testing.assert_allclose(data["ratio_mean"][1], 1.0, rtol=1e-4)
    assert np.all(data["ratio_error"][0] > 0)


def test_overlapping_modes_have_the_ellipse_that_is_known(numbers):
    """Centre g rho (1 + alpha)/sqrt(alpha), half axes g (1 +- rho^2)."""
    data = numbers("random_modes_overlaps")
    for k, rho in enumerate(data["values"]):
        g = data["g"][list(data["rho"]).index(rho)]
        z = data["boundary"][k] - g * rho * 1.5 / np.sqrt(0.5)
        unit = (z.real / (g * (1 + rho**2))) ** 2 + (z.imag / (g * (1 - rho**2))) ** 2
        np.testing.assert_allclose(unit, 1.0, atol=2e-3)
        assert np.max(data["boundary"][k].real) == pytest.approx(6.0, rel=1e-6)
    assert strength(2.0, ["flat", 0.5], 0.0) == pytest.approx(2.0, rel=1e-9)
    assert np.all(data["C_stderr"][0] > 0)
    assert np.all(data["C_stderr"][1] == 0)  # no overlaps: solved without sampling


def test_ratios_of_networks_are_taken_by_the_jackknife():
    found = measured_networks(2.0, ["flat", 0.5], 20, 4, 3, trials=2, duration=6.0, burn_in=20.0,
                              dt=0.2, dimension=True, cross_lags=[[0, 0], [1, 1]])
    assert found["Psi"][0] == pytest.approx(1.0, abs=1e-12)
    assert found["Psi_error"][0] == pytest.approx(0.0, abs=1e-12)
    assert effective_rank(["independent"]) == np.inf


# ---- a given matrix


def test_the_mushroom_body_is_measured(numbers):
    data = numbers("connectivity_structure")
    assert (data["neurons"], data["without_input"], data["without_output"]) == (209, 59, 24)
    assert np.mean(data["s"] ** 2) == pytest.approx(1.0)
    assert np.max(data["eigenvalues"].real) == pytest.approx(2.86, abs=0.01)
    assert np.mean(data["D"] ** 2) + data["unstructured"] ** 2 == pytest.approx(1.0)


def test_signs_of_outputs_leave_the_singular_values():
    J = couplings(MUSHROOM_BODY)
    turned = signed(J, 3)
    np.testing.assert_allclose(np.linalg.svd(turned, compute_uv=False)[:20],
                               np.linalg.svd(J, compute_uv=False)[:20], rtol=1e-10)
    np.testing.assert_array_equal(np.abs(turned), J)
    assert np.all((turned >= 0).all(axis=0) | (turned <= 0).all(axis=0))  # Dale's law
    assert abs(measured(MUSHROOM_BODY, 3).matrix.mean()) < 0.2 * J.mean()


@pytest.mark.filterwarnings("ignore")
def test_a_network_with_the_measured_matrix_reaches_a_fixed_point():
    found = run(MUSHROOM_BODY, 2.0, 0.0, 2, 1, trials=4, duration=10.0, burn_in=80.0,
                dt=0.1)
    assert found["still"] == 1.0
    assert found["C_phi"] > 0.9
    driven = run(MUSHROOM_BODY, 0.05, 1.0, 4, 1, trials=4, duration=40.0,
                 burn_in=10.0, dt=0.1)
    assert driven["dimension_phi"] == pytest.approx(1.0, abs=0.05)  # hardly coupled


def test_a_missing_prediction_gives_its_reason():
    found = predicted(MUSHROOM_BODY, "overlaps", 3.0, 0.0)
    assert np.isnan(found["C_phi"])
    assert "outlier" in found["why"]
    assert predicted(MUSHROOM_BODY, "no overlaps", 0.5, 0.0)["why"] == "quiescent"


def test_a_figure_whose_matrix_does_not_exist_is_omitted(tmp_path, monkeypatch):
    figure = NAMES["connectivity_structure"]
    gone = registry.Figure("gone", figure.data, figure.draw, {}, {"path": "no.csv", "shuffles": 5,
                                                               "seed": 1}, panels=3)
    here = registry.Figure("here", figure.data, figure.draw, {}, {**figure.quick, "shuffles": 5},
                          panels=3)
    monkeypatch.setattr(registry, "figures", lambda theory: (gone, here))
    with pytest.warns(UserWarning, match=r"gone is omitted: there is no file no.csv"):
        made = registry.regenerate("random-modes", tmp_path, quick=True)
    assert made == [tmp_path / "here.png"]
