"""Covariances of pairs of neurons: how they fluctuate over pairs, for any sum of ensembles."""

from .quadrature import check_solution, pair_quadrature
from .site_spectra import OBSERVABLES

__all__ = ["OBSERVABLES", "check_solution", "pair_quadrature"]
