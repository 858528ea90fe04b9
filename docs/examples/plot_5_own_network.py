"""
A nonlinearity and a sum of ensembles of one's own
==================================================

The nonlinearity is a sympy expression; its derivative and its Gaussian averages follow. Couplings
are a sum of independent ensembles.
"""

import matplotlib.pyplot as plt
import numpy as np
import sympy

import dmft

x = sympy.Symbol("x", real=True)
phi = dmft.Nonlinearity.from_sympy(x / sympy.sqrt(1 + x**2))
network = dmft.Network((dmft.IID(1.2), dmft.IID(1.6)), phi=phi, noise=0.3)
solution = dmft.solve(network)
print(solution)

# %%
# Theory against a few small networks.

from dmft import validation  # noqa: E402

runs = validation.simulate(network, neurons=300, networks=20, trials=4, duration=20,
                           lags=np.arange(0, 8.1, 1.0), rng=0)
figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
shown = solution.lags.tau < 10
axes.plot(solution.lags.tau[shown], np.asarray(solution.C_phi)[shown], label="theory")
axes.errorbar(runs.lags, runs.C_phi.value, runs.C_phi.stderr, fmt="o", label="20 networks, N = 300")
axes.set(xlabel=r"lag $\tau$ (neuronal time constants)", ylabel=r"$C_\phi(\tau)$")
axes.legend(frameon=False)
