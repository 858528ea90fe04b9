"""The edge of the spectrum of overlapping modes, and the stability of quiescence."""

import numpy as np
import pytest

import dmft
from dmft.base.errors import ModelError
from dmft.ensembles.iid import IID
from dmft.ensembles.modes import Modes
from dmft.spectra.contour_spectrum import ContourSpectrum
from dmft.validation.couplings.draw import draw


@pytest.mark.parametrize(("g", "alpha", "rho"), [
    (2.0, 0.5, 0.5), (2.0, 0.5, -0.5), (1, 2, 0.8), (1.0, 0.05, 0.75), (1.0, 0.2, -0.75)])
def test_identical_modes_fill_an_ellipse(g, alpha, rho):
    network = dmft.RandomModeNetwork(dmft.Spectrum.flat(g, alpha), rho)
    spectrum = dmft.jacobian_spectrum(network)
    edge, centre = spectrum.boundary(64), g * rho * (1 + alpha) / np.sqrt(alpha)
    across, up = (edge.real - centre) / (g * (1 + rho**2)), edge.imag / (g * (1 - rho**2))
    np.testing.assert_allclose(across**2 + up**2, 1, atol=1e-9)
    onset = g * (1 + rho / np.sqrt(alpha)) * (1 + rho * np.sqrt(alpha))
    # With fewer modes than neurons the rest of the eigenvalues are zero.
    rightmost = max(onset, 0.0) if alpha < 1 else onset
    assert spectrum.abscissa == pytest.approx(rightmost, rel=1e-9)
    assert spectrum.growth_rate(dmft.erf) == pytest.approx(spectrum.abscissa - 1, rel=1e-9)


def test_reciprocity_gives_the_known_ellipse():
    for r in (-0.5, 0.3):
        edge = ContourSpectrum((IID(2.0, r),)).boundary(32)
        known = (edge.real / (1 + r)) ** 2 + (edge.imag / (1 - r)) ** 2
        np.testing.assert_allclose(known, 4.0, rtol=1e-9)


def test_eigenvalues_of_drawn_matrices_lie_inside():
    ensembles = (Modes(dmft.Spectrum.from_values([1.0, 2.5], 0.6), np.array([0.6, -0.4])),
                 IID(0.8, 0.3))
    spectrum = dmft.jacobian_spectrum(dmft.Network(ensembles))
    J = sum(draw(one, 500, np.random.default_rng(k)).apply(np.eye(500, dtype=np.float32))
            for k, one in enumerate(ensembles))
    values = np.linalg.eigvals(J)
    assert np.mean(spectrum.contains(values)) > 0.97
    assert np.mean(spectrum.contains(1.15 * values)) < 0.95
    assert np.max(values.real) == pytest.approx(spectrum.abscissa, rel=0.06)
    assert not spectrum.contains(spectrum.abscissa + 0.01)


def test_gains_of_states_are_refused():
    with pytest.raises(ModelError, match="gain"):
        dmft.jacobian_spectrum(dmft.RandomModeNetwork(2.0, 0.5), gain=0.5, mean_square_gain=0.3)
