"""The mean response of a sampled site: from its transfer function to time, and back."""

import numpy as np
import pytest

import dmft
from dmft.grids.impulse_response import impulse_response
from dmft.grids.lag_transforms import causal_transform
from dmft.grids.lags import Lags

W = np.array([0.0, 0.05, 0.3, 1.0, 3.0])
SITES = {  # transfer functions 0.5 / (i omega) at high frequency
    "no memory": lambda w: 0.5 / (1 + 1j * w),
    "slow memory": lambda w: 0.5 / (1.42 + 1j * w + 0.3 / (1 + 2j * w)),
    "oscillating": lambda w: 0.5 * (1 + 1j * w) / ((1 + 1j * w) ** 2 + 4),
    "fast": lambda w: 0.5 / (6.7 + 1j * w),
}


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("dt", [0.4, 0.1])
def test_known_responses_are_transformed_and_back(name, dt):
    """From a coarse grid of the paths to the finer grid of the output."""
    site, lags, output = SITES[name], Lags(60.0, dt), Lags(60.0, 0.1)
    R = impulse_response(site(lags.omega), 0.5, lags, output)
    np.testing.assert_allclose(causal_transform(output, R, W), site(W), atol=1e-4)
    assert R[0] == pytest.approx(0.5, abs=5e-4)
    if name == "fast":
        np.testing.assert_allclose(R, 0.5 * np.exp(-6.7 * output.tau), atol=1e-9)


def test_the_dimension_does_not_depend_on_the_lags():
    """An error of 3 % of the response at zero frequency doubles the dimension of this network."""
    network = dmft.RandomModeNetwork(dmft.Spectrum.flat(4.409133, 0.5), -0.3, phi=dmft.erf)
    one, two = (dmft.dimension(dmft.solve(network, lags=lags, rng=5))
                for lags in (None, dmft.Lags(40.0, 0.05)))
    assert float(one) == pytest.approx(float(two), abs=4 * float(np.hypot(one.stderr, two.stderr)))
    assert float(one.stderr) < 0.05 * float(one)
