"""Covariances of pairs of neurons: how they fluctuate over pairs, for any sum of ensembles."""

from .quadrature import check_solution, equal_lag_integral, pair_quadrature
from .site_spectra import OBSERVABLES, own_curves

__all__ = ["OBSERVABLES", "check_solution", "equal_lag_integral", "own_curves", "pair_quadrature"]
