r"""
The random network, from its onset to its dimension
===================================================

Sompolinsky, Crisanti and Sommers (1988) asked what a large network with random couplings does
without any input:

.. math:: \dot x_i = -x_i + \sum_j J_{ij} \phi(x_j),

with independent Gaussian :math:`J_{ij}` of variance :math:`g^2/N`. Below :math:`g = 1` all activity
decays. Above, it is chaotic. The theory replaces the network by one unit in a Gaussian noise whose
correlation is that of the unit's own output.
"""

import numpy as np

import dmft

network = dmft.RandomNetwork(g=2.0)
solution = dmft.solve(network)
print(solution.branch, "variance", float(solution.C_x[0]))

# %%
# Times are in units of the neuronal time constant. Each solution says what was checked of it.

print(solution.convergence)

# %%
# Theory as lines, and eight small networks as points. Networks of 300 units are smaller than the
# theory by a few percent: it holds for large N.

from dmft import validation  # noqa: E402

runs = validation.simulate(network, neurons=300, networks=8, trials=2, duration=50,
                           lags=np.arange(0, 12.1, 1.0), rng=1)
axes = solution.plot()
runs.plot(axes)

# %%
# The onset: the variance grows from zero at g = 1. The largest Lyapunov exponent is positive above.

strengths = np.array([1.05, 1.2, 1.5, 2.0, 2.5, 3.0])
solutions = dmft.scan(dmft.solve, [dmft.RandomNetwork(g) for g in strengths])
variance = [float(one.C_x[0]) for one in solutions]
exponent = [float(dmft.lyapunov_exponent(one)) for one in solutions]
for g, C, rate in zip(strengths, variance, exponent, strict=True):
    print(f"g = {g:.2f}   variance {C:.4f}   exponent {rate:.4f}")

# %%
# The dimension of activity is the participation ratio of the covariances of all units, over their
# number. It is small: most directions are hardly visited.

dimension = [float(dmft.dimension(one)) for one in solutions]
import matplotlib.pyplot as plt  # noqa: E402

figure, both = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
both[0].plot(strengths, exponent, "o-")
both[0].set(xlabel="$g$", ylabel=r"$\lambda_\mathrm{max}$")
both[1].plot(strengths, dimension, "o-", color="C1")
both[1].set(xlabel="$g$", ylabel="dimension of activity / $N$")

# %%
# Exercises: add white noise (``dmft.RandomNetwork(0.7, noise=0.4)``), which keeps the network
# active below the onset. Replace tanh by ``dmft.relu`` and read the error: what does it advise?
