"""Figures of the multiregion theory: the numbers drawn are the solver's; every figure is drawn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import dmft
from dmft.validation.figures import registry
from dmft.validation.figures.multiregion.class_map import (
    CURRENTS,
    UNITS,
    activity_map,
    class_entropy,
    usual_class,
)
from tests.solvable import LOSS

NAMES = {figure.name: figure for figure in registry.figures("multiregion")}


@pytest.fixture(scope="module")
def numbers():
    """Data of a figure in its quick form, computed once."""
    known = {}

    def of(name):
        if name not in known:
            known[name] = NAMES[name].data(**NAMES[name].quick)
        return known[name]

    return of


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_drawn_the_same_again(numbers, name, tmp_path):
    path = registry.picture(NAMES[name], numbers(name), tmp_path / f"{name}.png")
    first = path.read_bytes()
    assert first.startswith(b"\x89PNG")
    assert first == registry.picture(NAMES[name], numbers(name), path).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_data_come_back_from_their_file(numbers, name, tmp_path):
    data = numbers(name)
    again = dmft.load(dmft.save(data, tmp_path / name, note={"settings": NAMES[name].quick}))
    assert (
        dmft.storage.files.header(tmp_path / f"{name}.npz")["note"]["settings"] == NAMES[name].quick
    )
    assert set(again) == set(data)


def test_currents_start_as_prepared_and_points_lie_near(numbers):
    data = numbers("multiregion_currents")
    for R in (2, 3):
        np.testing.assert_allclose(data[f"z{R}_mean"][0], data[f"z{R}"][0], atol=1e-6)
        early = data["at"] <= 2
        theory = data[f"z{R}"][[int(np.argmin(np.abs(data["t"] - t))) for t in data["at"][early]]]
        assert np.max(np.abs(data[f"z{R}_mean"][early] - theory)) < 0.4


def test_the_limit_cycle_has_its_period(numbers):
    data = numbers("multiregion_limit_cycle")
    np.testing.assert_allclose(data["period"][:, 0], [6.188, 6.158], rtol=2e-3)
    assert np.all(data["Delta"][1][np.diag_indices(data["Delta"].shape[1])] > 0)


def test_the_pulse_moves_the_route_and_not_the_activity(numbers):
    data = numbers("multiregion_routing")
    size = np.sqrt(2 / np.pi * (1.5**2 - 1))
    assert data["z"][0, 0, 1] == pytest.approx(size, rel=1e-9)
    assert abs(data["z"][-1, 0, 1]) < 0.1
    assert data["z"][-1, 0, 2] == pytest.approx(size, rel=0.05)
    np.testing.assert_allclose(data["variance"][-1], size**2, rtol=0.1)


def test_phases_of_one_region_meet_at_their_boundaries(numbers):
    data = numbers("multiregion_phases")
    structured = data["z"] > 0
    for i, overlap in enumerate(data["T"]):
        if overlap > 1:
            assert np.array_equal(structured[i], data["g"] < dmft.structure_loss(overlap))
        else:
            assert not structured[i].any()
    assert np.all(data["C"][data["T"] < 1][:, data["g"] < 1] == 0)


def test_structure_has_its_onset_and_its_loss(numbers):
    data = numbers("multiregion_structure")
    np.testing.assert_allclose(data["onset"], (2 * data["b"] ** 2 - 1) ** 0.25, rtol=1e-12)
    np.testing.assert_allclose(data["loss"], list(LOSS.values()), rtol=1e-8)
    np.testing.assert_allclose(data["amplitude"][:, 0],
                               np.sqrt(2 / np.pi * (data["b"] ** 2 - 1)), rtol=1e-9)


def test_generation_takes_from_transmission(numbers):
    data = numbers("multiregion_generation")
    assert np.all(np.diff(data["z"], axis=0) < 1e-9)
    there = data["z"][:, 0] > 1e-3
    np.testing.assert_allclose(np.prod(data["psi"][there], axis=1), 1 / 4, rtol=1e-6)


def test_the_energy_falls_to_that_of_the_manifold(numbers):
    data = numbers("multiregion_energy")
    # the currents of the quick settings are accurate to 1e-4 only
    assert np.all(np.diff(data["energy"], axis=1) < 1e-4)
    assert np.all(np.abs(data["energy"][:, -1]) < 0.05)


def test_manifolds_have_their_dimension(numbers):
    data = numbers("multiregion_manifold")
    K = np.broadcast_to(data["regions"][:, None], data["dimension"].shape)
    held = data["star"] == 0
    assert np.array_equal(data["dimension"][held], (K * (K - 3) // 2)[held])
    np.testing.assert_allclose(data["least"], data["closed"], atol=1e-9)


def test_the_spectrum_is_the_networks(numbers):
    data = numbers("multiregion_spectrum")
    assert data["radius"] == 1.5
    assert len(data["values"]) == 3 * data["neurons"]
    assert np.all(np.abs(data["outliers"]) > 1.5)
    # tracked in time, each eigenvalue changes little between steps
    assert np.max(np.abs(np.diff(data["instant"], axis=0))) < 0.3


def test_the_map_counts_classes(numbers):
    data = numbers("multiregion_map")
    assert data["units"].shape == data["sure"].shape == (2, 2, 1, 2)
    assert data["currents"].shape == data["period"].shape == (2, 2, 1)
    np.testing.assert_allclose(data["real"], [1.375, 2.125])
    np.testing.assert_allclose(data["imaginary"], [0.375, 1.125])
    # where no currents are left, the units are chaotic, as g = 1.5
    none = (data["currents"] == CURRENTS.index("no currents")) & data["currents_sure"]
    assert np.all(data["units"][none] == UNITS.index("chaos"))
    sure = np.ones(4, dtype=bool)
    assert class_entropy(np.array([[0, 1, 2, 2]]), sure[None], 3)[0] == pytest.approx(1.5)
    assert class_entropy(np.array([[3, 3]]), sure[None, :2], 4)[0] == 0


def test_the_map_leaves_out_classes_that_are_not_certain():
    kind = np.array([[2, 2, 2, 1], [1, 1, 5, 5]])
    certain = np.array([[False, False, False, True], [True, True, True, False]])
    assert list(usual_class(kind, certain, 6)) == [1, 1]
    assert class_entropy(kind, certain, 6)[0] == 0
    assert class_entropy(kind, certain, 6)[1] == pytest.approx(
        -(2 / 3 * np.log2(2 / 3) + 1 / 3 * np.log2(1 / 3)))
    certain[1] = False
    assert usual_class(kind, certain, 6)[1] == 6
    assert np.isnan(class_entropy(kind, certain, 6)[1])


def test_a_map_with_more_draws_reads_those_that_exist(tmp_path):
    how = NAMES["multiregion_map"].quick | {"cells": 1, "stop": 32.0}
    one = activity_map(**how, store=tmp_path / "map", executor=ThreadPoolExecutor(1))
    before = sorted(path.stat().st_mtime_ns for path in (tmp_path / "map").glob("*.npz"))
    two = activity_map(**(how | {"draws": 2}), store=tmp_path / "map",
                       executor=ThreadPoolExecutor(1))
    after = sorted(path.stat().st_mtime_ns for path in (tmp_path / "map").glob("*.npz"))
    assert (len(before), len(after)) == (1, 2)
    assert after[0] == before[0]
    np.testing.assert_array_equal(two["depth"][:, :, :1], one["depth"])


def test_chaotic_currents_leave_the_theory(numbers):
    data = numbers("multiregion_chaos")
    assert np.all(data["distance"][:, 0] < 1e-4)  # prepared alike
    assert np.all(data["distance"][:, -1] > 3 * data["distance"][:, 1])
    assert data["exponent"].shape == data["exponent_stderr"].shape == (2,)


def test_the_march_is_of_second_order(numbers):
    data = numbers("multiregion_accuracy")
    slopes = np.diff(np.log(data["marched"])) / np.diff(np.log(data["dt"]))
    assert np.all(slopes > 1.7)
    assert data["solved"][-1, 1] < 1e-3
