"""Derivations of every equation of the package, carried out symbolically.

A derivation starts from a network's equation of motion (or from a Gaussian density, or from a
linear filter) and performs the calculation with sympy.  Its formulas are printed into
``dmft/equations``, its text into ``docs/equations``; see `derivations.printing.emit`.  This module
imports nothing: sympy is loaded only when a derivation is requested.
"""

from functools import cache
from importlib import import_module

CATALOGUE: dict[str, tuple[str, str]] = {
    "transfer": (
        "gaussian.transfer",
        "transfer functions, their slopes and primitives, without overflow",
    ),
    "gaussian": (
        "gaussian.closed_forms",
        "averages of two functions of jointly Gaussian variables",
    ),
    "linear_response": (
        "units.linear_response",
        "the leaky unit: filter, noise, exponential time steps",
    ),
    "stationary": (
        "stationary.stationary_process",
        "the stationary Gaussian process and its Lyapunov exponent",
    ),
    "fluctuations": (
        "fluctuations.unit_covariances",
        "covariances between units, from second derivatives of W",
    ),
    "iid": (
        "random_networks.iid",
        "independent couplings with reciprocity, from the action to a single site",
    ),
    "random_modes": (
        "random_modes.random_mode_network",
        "sums of random modes, from a mode's determinant to the dimension of activity",
    ),
    "plasticity": (
        "plasticity.plastic_network",
        "Hebbian and anti-Hebbian couplings: chaos, fixed points, freezing and stability",
    ),
    "lyapunov_spectra": (
        "lyapunov_spectra.lyapunov_spectrum",
        "all Lyapunov exponents: counting, disorder average, stationary function",
    ),
    "gains": (
        "random_modes.gains",
        "heterogeneous gains of the units, and their effect on the dimension of activity",
    ),
    "multiregion": (
        "multiregion.multiregion_network",
        "regions coupled by low-rank currents: fixed points, energy and stability",
    ),
}


@cache
def load(name: str):
    """Return the `Derivation` that the catalogue lists under ``name``."""
    if name not in CATALOGUE:
        raise KeyError(f"no derivation {name!r}; choose one of {', '.join(CATALOGUE)}")
    return import_module(f".{CATALOGUE[name][0]}", __name__).derive()
