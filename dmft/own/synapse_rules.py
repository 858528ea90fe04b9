"""Synapses of an ensemble of your own: its mean as kernels of the past of the two units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from ..base import checks
from .compiled import compiled_weight
from .definition import with_values


@dataclass(frozen=True, eq=False)
class Rule:
    """N J_ij(t) = integral of weight(a, b) phi_i(t - a - delay_i) phi_j(t - b - delay_j).

    Parameters
    ----------
    weight : function of (a, b)
        Lags of unit i and of unit j; where only one is integrated over, both are the same lag.
    has_i, has_j : bool
        Whether the activity of unit i, and that of unit j, enters.
    pairs : bool
        Whether the two units are taken at two instants, each integrated over.
    delay_i, delay_j : float
        Constant delays.
    """

    weight: Callable[[np.ndarray, np.ndarray], np.ndarray]
    has_i: bool
    has_j: bool
    pairs: bool
    delay_i: float
    delay_j: float


def synapse_rules(own: Any) -> tuple[Rule, ...]:
    """The rules whose sum is the mean, for terms that contain phi.

    Raises
    ------
    ModelError
        For terms with several activities of one unit.
    """
    return _rules(own.mean, own.values)


@lru_cache(maxsize=64)
def _rules(mean: Any, values: tuple[tuple[str, float], ...]) -> tuple[Rule, ...]:
    import sympy as sp

    from ..derivations.engine.disorder import phi

    terms = sp.Add.make_args(sp.expand(with_values(mean, dict(values))))
    return tuple(_rule(one, dict(values)) for one in terms if one.has(phi))


def _rule(term: Any, values: dict[str, float]) -> Rule:
    import sympy as sp

    from ..derivations.engine.disorder import N, i, j, phi, s, t, u
    from ..derivations.engine.stationary_site import tau, v

    weight, lags = term * N, {}
    for field in term.atoms(sp.Indexed):
        site, instant = field.indices
        known = site in lags or sp.Pow(field, 2) in sp.Mul.make_args(term)
        if field.base != phi or site not in (i, j) or known:
            checks.reject("ensembles", term, "has several activities of one unit, which is not "
                          "simulated from its definition", "simulate it with code of your own")
        lags[site] = with_values(instant, values)
        weight = weight / field
    at_i, delay_i = _place(lags.get(i), t, s, u)
    at_j, delay_j = _place(lags.get(j), t, s, u)
    pairs = at_i is not None and at_j is not None and at_i != at_j
    first = at_i if at_i is not None else at_j
    put = {first: t - tau, **({at_j: t - v} if pairs else {})}
    return Rule(compiled_weight(sp.expand(weight.subs(put))), i in lags, j in lags, pairs,
                delay_i, delay_j)


def _place(instant: Any, t: Any, s: Any, u: Any) -> tuple[Any, float]:
    """The instant that is integrated over, and the delay from it."""
    if instant is None:
        return None, 0.0
    found = instant.free_symbols & {s, u}
    if len(found) != 1 or instant.has(t):
        checks.reject("ensembles", instant, "no instant s or u of the past with a constant delay",
                      "write phi[i, s - d] with a number d")
    own = found.pop()
    return own, float(own - instant)
