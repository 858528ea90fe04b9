"""Figures: the numbers drawn are the solver's; the cache is used when settings and version agree.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import dmft
from dmft import ModelError, StorageError
from dmft.validation.figures import iid, registry
from tests.solvable import BY_NAME

TINY = {"networks": 2, "trials": 2, "duration": 2.0, "dt": 0.2, "seed": 3}


@pytest.fixture(scope="module")
def correlations():
    return iid.correlations.correlations(
        couplings=[1.5, 3.0], lags=[0.0, 1.0, 5.0], neurons=20, **TINY
    )


@pytest.fixture(scope="module")
def transition():
    return iid.correlations.transition(span=(0.8, 2.0), points=4, couplings=[0.8, 2.0],
                                  neurons=[10, 20], **TINY)


@pytest.fixture(scope="module")
def spectra():
    return iid.lyapunov_spectra.spectra(couplings=[0.5, 3.0], thresholds=[-1.5, -0.5], neurons=10,
                                        networks=2, duration=4.0, dt=0.2, seed=3)


EXPONENTS = {"neurons": 24, "networks": 2, "count": 12, "duration": 4.0, "burn_in": 2.0, "dt": 0.2}


@pytest.fixture(scope="module")
def growth():
    published = {"g": [2.0], "entropy_rate": [9e-4], "dimension": [0.035]}
    return iid.entropy_and_dimension.growth(span=(2.0, 5.0), points=2, couplings=[3.0],
                                            published=published, seed=3, **EXPONENTS)


@pytest.fixture(scope="module")
def along():
    """Against white noise, and against reciprocity (only at 0)."""
    options = {"g": 2.0, "threshold": -0.2, "networks": EXPONENTS, "seed": 3}
    return [iid.spectra_along.spectra(parameter=name, values=[0.0], simulated=at, tol=tol,
                                      **options)
            for name, at, tol in (("noise", [0.3], None), ("reciprocity", [0.0], 1e-6))]


def test_entropy_rate_and_dimension_are_theory_and_networks(growth):
    assert growth["g"] == pytest.approx([2.0, 5.0])
    assert growth["entropy_rate"] == pytest.approx([8.97e-4, 7.29e-3], rel=0.02)
    assert growth["dimension"] == pytest.approx([0.0353, 0.0802], rel=0.02)
    runs = dmft.validation.lyapunov_spectrum(dmft.RandomNetwork(3.0), rng=3, **EXPONENTS)
    rows = runs.per_network["exponents"]
    sums = np.sum(rows[rows > 0]) / 2 / 24
    assert growth["networks_entropy_rate"][0] == pytest.approx(sums)
    assert growth["networks_dimension"][0] == pytest.approx(float(runs.dimension))


def test_numbers_of_spectra_are_theory_and_networks(along):
    for data in along:
        assert data["largest"] == pytest.approx(0.11246, rel=1e-3)
        assert data["dimension"] == pytest.approx(0.0353, rel=5e-3)
        assert data["entropy_rate"] == pytest.approx(8.97e-4, rel=1e-2)
        assert data["above"] == pytest.approx(0.0596, rel=1e-2)
        assert data["networks_above"] * 48 == pytest.approx(np.rint(data["networks_above"] * 48))
    assert along[0]["networks_largest"] != along[1]["networks_largest"]


def test_spectra_are_theory_and_counts(spectra):
    found = dmft.lyapunov_spectrum(dmft.solve(dmft.RandomNetwork(3.0)), rng=3)
    assert spectra["F"][1, 100] == float(found.F(spectra["s"][100]))
    runs = dmft.validation.lyapunov_spectrum(dmft.RandomNetwork(0.5), 10, 2, duration=4.0, dt=0.2,
                                             rng=3)
    below = runs.per_network["exponents"] < -0.5
    assert spectra["F_mean"][0, 1] == pytest.approx(below.mean())


@pytest.mark.parametrize("index", [0, 1])
def test_correlation_lines_are_the_solution(correlations, index):
    lags = dmft.Lags(span=150.0, dt=0.05)
    solution = dmft.solve(dmft.RandomNetwork(correlations["g"][index]), lags=lags)
    tau = correlations["tau"]
    for at in (0, 40, 200):
        k = round(tau[at] / lags.dt)
        assert correlations["Delta"][index, at] == pytest.approx(
            float(solution.C_x[k] / solution.C_x[0]), abs=1e-6)
        assert correlations["C"][index, at] == pytest.approx(float(solution.C_phi[k]), abs=1e-6)


def test_correlation_points_are_the_simulation(correlations):
    from dmft import validation

    runs = validation.simulate(dmft.RandomNetwork(3.0), 20, 2, trials=2, duration=2.0, dt=0.2,
                               lags=[0.0, 1.0, 5.0], rng=3 + 1)
    np.testing.assert_allclose(correlations["C_mean"][1], runs.C_phi.value, rtol=1e-5)
    np.testing.assert_allclose(correlations["C_error"][1], runs.C_phi.stderr, rtol=1e-4)
    assert np.all(correlations["Delta_mean"][:, 0] == 1)


def test_transition_lines_are_the_solution(transition):
    quiet = transition["g"] <= 1
    assert 1.0 in transition["g"]
    assert np.all(transition["Delta0"][quiet] == 0)
    np.testing.assert_allclose(transition["exponent"][quiet], transition["g"][quiet] - 1,
                               atol=1e-9)
    solution = dmft.solve(dmft.RandomNetwork(2.0))
    assert transition["Delta0"][-1] == pytest.approx(float(solution.C_x[0]), rel=1e-9)
    assert transition["exponent"][-1] == pytest.approx(
        BY_NAME["tanh 2"].value("exponent"), abs=1e-8)


def test_transition_points_have_one_row_for_each_size(transition):
    assert transition["Delta0_mean"].shape == transition["exponent_error"].shape == (2, 2)
    assert np.all(transition["exponent_mean"][:, 0] < 0)
    assert np.all(transition["Delta0_mean"] >= 0)


def test_figures_are_drawn(correlations, transition, spectra, growth, along, tmp_path):
    made = (correlations, transition, spectra, growth, *along)
    for figure, data in zip(registry.figures("iid"), made, strict=True):
        path = registry.picture(figure, data, tmp_path / f"{figure.name}.png")
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.read_bytes() == registry.picture(figure, data, path).read_bytes()


def test_drawing_leaves_the_users_style_alone(correlations, tmp_path):
    import matplotlib

    before = dict(matplotlib.rcParams)
    registry.picture(registry.figures("iid")[0], correlations, tmp_path / "one.png")
    assert dict(matplotlib.rcParams) == before


@pytest.mark.parametrize("theory", registry.THEORIES)
def test_every_figure_has_a_name_of_its_own_and_two_settings(theory):
    made = registry.figures(theory)
    assert len({figure.name for figure in made}) == len(made)
    for figure in made:
        assert set(figure.quick) == set(figure.settings)


@pytest.fixture
def counted(monkeypatch):
    """A theory of one figure that counts how often its data are computed."""
    calls = []

    def data(*, size, report):
        calls.append(size)
        return {"values": np.arange(size)}

    figure = registry.Figure("one", data, lambda data, axes: axes[0].plot(data["values"]),
                            settings={"size": 5}, quick={"size": 2}, panels=1)
    known = {"now": figure}
    monkeypatch.setattr(registry, "figures", lambda theory: (known["now"],))
    return calls, known


def test_data_are_used_again(counted, tmp_path):
    calls, _ = counted
    paths = registry.regenerate("iid", tmp_path)
    assert registry.regenerate("iid", tmp_path) == paths == [tmp_path / "one.png"]
    assert calls == [5]
    registry.regenerate("iid", tmp_path, quick=True)  # has a separate file
    registry.regenerate("iid", tmp_path)
    assert calls == [5, 2]


def test_data_of_other_settings_or_version_are_not_used(counted, tmp_path, monkeypatch):
    calls, known = counted
    registry.regenerate("iid", tmp_path)
    known["now"] = dataclasses.replace(known["now"], settings={"size": 6})
    registry.regenerate("iid", tmp_path)
    monkeypatch.setattr(dmft, "__version__", "99")
    registry.regenerate("iid", tmp_path)
    assert calls == [5, 6, 6]


def test_damaged_data_are_computed_again_and_reported(counted, tmp_path):
    calls, _ = counted
    messages = []
    (tmp_path / "one.npz").write_bytes(b"not an archive")
    registry.regenerate("iid", tmp_path, progress=messages.append)
    assert calls == [5]
    assert any("computed again" in message for message in messages)


def test_settings_come_back_equal_from_a_file(tmp_path):
    """Otherwise the cache would never be used."""
    for figure in registry.figures("iid"):
        path = dmft.save({}, tmp_path / figure.name, note={"settings": figure.settings})
        assert dmft.storage.files.header(path)["note"]["settings"] == figure.settings


def test_an_unknown_theory_is_refused(tmp_path):
    with pytest.raises(ModelError, match="theory='glass'"):
        registry.regenerate("glass", tmp_path)


def test_a_folder_that_is_not_there_is_refused_before_computing(counted, tmp_path):
    (tmp_path / "file").touch()
    for folder in (tmp_path / "none", tmp_path / "file"):
        with pytest.raises(StorageError, match=str(folder)):
            registry.regenerate("iid", folder)
    assert counted[0] == []


def test_only_the_named_figures_are_made(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(registry, "cached", lambda figure, *rest: made.append(figure.name))
    monkeypatch.setattr(registry, "picture", lambda figure, data, path: path)
    paths = registry.regenerate("plasticity", tmp_path, only=["plasticity_phases"])
    assert made == ["plasticity_phases"]
    assert [path.name for path in paths] == ["plasticity_phases.png"]
    for wrong in (["phases"], "plasticity_phases"):
        with pytest.raises(dmft.ModelError, match="only="):
            registry.regenerate("plasticity", tmp_path, only=wrong)
