"""A random matrix in every format and variant is read back equal, or is refused."""

from __future__ import annotations

import collections
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dmft
from tests.random_modes.connectivity.formats import FORMATS
from tests.random_modes.connectivity.writers import edges, outcome, table

SPARSE = ("sparse", "Market", "Graph", "graph", "GML", "GEXF", "edge", "structured")
NAMES = ["APL", "KC-a", "KC b", "MBON", "Zé"]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("counts", [True, False])
def test_every_format_comes_back(name, counts, tmp_path):
    rng = np.random.default_rng(5)
    J = rng.integers(0, 9, (5, 5)).astype(float) if counts else rng.standard_normal((5, 5))
    J[rng.random((5, 5)) < 0.4] = 0.0
    J[3] = J[:, 3] = 0.0  # a neuron without connections
    names = NAMES if name != "edge list of networkx" else [n.replace(" ", "_") for n in NAMES]
    given, has_names, needed = FORMATS[name](tmp_path, J, names)
    found = dmft.load_connectivity(given, **needed)
    assert np.array_equal(np.asarray(found), J)
    if has_names:
        assert found.names == tuple(names)
    else:
        assert found.names in (None, tuple(range(5)), tuple(needed.get("names", ())))
    assert found.is_sparse == (any(word in name for word in SPARSE) and "dense" not in name)
    assert "from neuron j to neuron i" in str(found)
    assert np.array_equal(dmft.measure_connectivity(found, shuffles=0).singular_values,
                          dmft.measure_connectivity(J, shuffles=0).singular_values)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), kind=st.sampled_from([table, edges]))
def test_every_variant_of_a_text_comes_back_or_is_refused(data, kind):
    with tempfile.TemporaryDirectory() as folder:
        outcome(kind(lambda options: data.draw(st.sampled_from(options)), Path(folder)))


@settings(max_examples=40, deadline=None)
@given(data=st.data(), name=st.sampled_from(sorted(FORMATS)))
def test_every_format_comes_back_for_any_matrix(data, name):
    N = data.draw(st.integers(2, 5))
    J = np.array(data.draw(st.lists(st.lists(
        st.sampled_from([0.0, 1.0, 2.0, -0.125, 1e-300, 1 / 3]), min_size=N, max_size=N),
        min_size=N, max_size=N)))
    J[0, 1] = 2.5
    names = [f"n{k}" for k in range(N)]
    with tempfile.TemporaryDirectory() as folder:
        given, _, needed = FORMATS[name](Path(folder), J, names)
        assert np.array_equal(np.asarray(dmft.load_connectivity(given, **needed)), J)


@pytest.mark.slow
def test_two_thousand_files_come_back_or_are_refused(tmp_path):
    count = collections.Counter()
    for k in range(2000):
        rng = np.random.default_rng([12, k])
        kind = (table, edges)[k % 2]
        count[kind, outcome(kind(lambda options, rng=rng: options[int(rng.integers(len(options)))],
                                 tmp_path))] += 1
    for kind in (table, edges):  # most files say what they are
        assert count[kind, "read"] > 2 * count[kind, "refused"]
