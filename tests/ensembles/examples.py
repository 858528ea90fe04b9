"""ENSEMBLES: examples of every ensemble; the contract is tested for each and for all pairs."""

from __future__ import annotations

import numpy as np

from dmft import IID, Hebbian, LowRank, Modes, RegionalHebbian, RegionalIID, Spectrum
from dmft.ensembles.ensemble import Ensemble

ENSEMBLES: tuple[Ensemble, ...] = (
    IID(1.5), IID(1.5, reciprocity=0.3), RegionalIID(np.array([[1.5, 0.4], [0.0, 1.8]])),
    RegionalIID(np.array([[1.5, 0.4], [0.6, 1.8]]), np.array([[0.3, -0.2], [-0.2, 0.0]])),
    RegionalHebbian(np.array([[-1.0, 0.5], [0.0, 0.3]]), 2.5),
    LowRank(np.array([0, 1]), np.array([1, 0]), np.array([[0.0, 1.5], [1.2, 0.0]]),
            np.diag([1.0, 0.8]), 2),
    Hebbian(-1.0, 2.5),
    Modes(Spectrum.flat(1.5, 0.5)), Modes(Spectrum.from_values([1.2, 1.6, 2.0], 0.6), 0.4),
)
