"""support: which verbs a network has, from the refusals of the code itself, without solving it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .base.errors import ModelError
from .fluctuations.pair_quadrature import check_fluctuations
from .grids.times import Times
from .lyapunov.lyapunov_exponent import check_exponent
from .network.network import AnyNetwork
from .network.structure import structure
from .solvers import solver_of


def _solve(network: AnyNetwork) -> Any:
    return solver_of(network, structure(network), None, "auto")


def _in_time(network: AnyNetwork) -> Any:
    return solver_of(network, structure(network), Times(1.0, 0.5), "auto")


def _after_solving(check: Callable[[AnyNetwork], Any]) -> Callable[[AnyNetwork], Any]:
    def both(network: AnyNetwork) -> None:
        _solve(network)
        check(network)

    return both


VERBS: dict[str, Callable[[AnyNetwork], Any]] = {
    "solve": _solve,
    "solve in time": _in_time,
    "four_point": _after_solving(check_fluctuations),
    "lyapunov_exponent": _after_solving(check_exponent),
}


def support(network: AnyNetwork) -> dict[str, str]:
    """Which verbs a network has: the refusal of each, or "" where there is none.

    The checks are those that the verbs make themselves, before anything is computed. A verb may
    still fail where the state is outside its range: quiescent, or not resolved.

    Parameters
    ----------
    network : Network

    Returns
    -------
    dict of str to str
        For "solve", "solve in time", "four_point" (also `dimension`) and "lyapunov_exponent".

    Raises
    ------
    ModelError
        For what is not a network.

    Examples
    --------
    >>> import dmft
    >>> found = dmft.support(dmft.RandomNetwork(2.0, bias=0.5))
    >>> [verb for verb, refusal in found.items() if not refusal]
    ['solve', 'solve in time', 'lyapunov_exponent']
    """
    structure(network)
    found = {}
    for verb, check in VERBS.items():
        try:
            check(network)
        except ModelError as error:
            found[verb] = str(error)
        else:
            found[verb] = ""
    return found
