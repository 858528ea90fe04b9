"""An average over a Gaussian by a dense trapezoidal rule, independent of those of the package."""

import numpy as np


def gaussian_average(function, variance):
    """<function(x)>, exact to rounding for an analytic function with features of order one."""
    z = np.linspace(-8.8, 8.8, 2 * min(int(30 + 60 * variance**0.5), 3000) + 1)
    weight = np.exp(-0.5 * z**2)
    with np.errstate(over="ignore"):  # 1/(1 + exp(-x)) overflows and reaches its limit
        return float(weight @ function(np.sqrt(variance) * z) / weight.sum())
