"""What a scan computes of each network, as functions that other processes can import."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import dmft


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


def function_of(verb: str, solve: dict[str, Any]) -> Callable[..., Any]:
    """The function of a network that `dmft.scan` calls.

    `solve` are the options of the solution that a verb of OF_SOLUTIONS takes.
    """
    if verb in OF_NETWORKS:
        return getattr(dmft, verb)
    return partial(of_solution, verb=verb, solve=tuple(sorted(solve.items())))
