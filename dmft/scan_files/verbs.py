"""What a scan computes of each network, as functions that other processes can import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

import dmft

from ..base.errors import ModelError
from ..fluctuations.pair_quadrature import check_fluctuations
from ..lyapunov.lyapunov_exponent import check_exponent
from ..plasticity.freezing import freezable_ensembles


def of_solution(network: Any, rng: np.random.Generator, *, verb: str,
                solve: tuple[tuple[str, Any], ...] = (), **options: Any) -> Any:
    """A function of the solution of a network, by its public name.

    Parameters
    ----------
    network : Network
    rng : numpy.random.Generator
        For `dmft.solve`.
    verb : str
        Name in `dmft`, such as "lyapunov_exponent".
    solve : tuple of (str, object)
        Options of `dmft.solve`.
    **options
        Options of the function.
    """
    return getattr(dmft, verb)(dmft.solve(network, rng=rng, **dict(solve)), **options)


OF_NETWORKS = ("solve", "phase", "freezing_onset", "fixed_points", "solution_class",
               "activity_class")
OF_SOLUTIONS = ("dimension", "freeze", "lyapunov_exponent", "lyapunov_spectrum", "timescales")


# what these verbs refuse before anything is computed
CHECKS: dict[str, Callable[[Any], object]] = {
    "dimension": check_fluctuations, "freeze": freezable_ensembles,
    "lyapunov_exponent": check_exponent}


def check_verb(verb: str, networks: Sequence[Any]) -> None:
    """Refuse a verb that has no theory for any of the networks, with the refusal of the first.

    Raises
    ------
    ModelError
    """
    refusals = []
    for network in networks if verb in CHECKS else ():
        try:
            CHECKS[verb](network)
        except ModelError as error:
            refusals.append(error)
        else:
            return
    if refusals:
        raise refusals[0]


def function_of(verb: str, solve: dict[str, Any]) -> Callable[..., Any]:
    """The function of a network that `dmft.scan` calls.

    `solve` are the options of the solution that a verb of OF_SOLUTIONS takes.
    """
    if verb in OF_NETWORKS:
        return getattr(dmft, verb)
    return partial(of_solution, verb=verb, solve=tuple(sorted(solve.items())))
