r"""
Random modes, from a spectrum to a connectome
=============================================

Clark, Marschall, van Meegen and Litwin-Kumar (2025) write a connectivity as a sum of modes,
:math:`J = \sum_a D_a\, l_a r_a^T`. Single units know only :math:`g_\mathrm{eff}^2 = \langle D^2
\rangle`. How activity is shared among units depends on the whole spectrum of strengths.
"""

import matplotlib.pyplot as plt
import numpy as np

import dmft

figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
ranks, dimensions = [], []
for beta in (0.5, 1.0, 2.0, 4.0, 8.0):
    spectrum = dmft.Spectrum.exponential(g=2.0, beta=beta)
    solution = dmft.solve(dmft.RandomModeNetwork(spectrum))
    ranks.append(spectrum.effective_rank)
    dimensions.append(float(dmft.dimension(solution)))
    print(f"beta = {beta:g}: variance {float(solution.C_x[0]):.6f}, rank {ranks[-1]:.3f}, "
          f"dimension {dimensions[-1]:.5f}")
axes.plot(ranks, dimensions, "o-")
axes.set(xlabel="effective rank / $N$", ylabel="dimension of activity / $N$")

# %%
# The variance of a unit is the same in all of them. The dimension is not.
#
# Your own matrix: the modes of its singular value decomposition take the place of the spectrum. An
# independent Gaussian matrix has infinitely many modes in theory, so that its size alone limits the
# effective rank that is measured, and the dimension is the largest that this strength allows.

rng = np.random.default_rng(0)
J = rng.standard_normal((300, 300)) * 2.0 / np.sqrt(300)
measured = dmft.RandomModeNetwork.from_connectivity(J)
print(measured.g_eff, measured.effective_rank, dmft.dimension(dmft.solve(measured)))

# %%
# Exercises: give left and right modes an overlap (``overlaps=0.3``, with some noise) and watch the
# correlation slow down. Load a connectome with ``dmft.load_connectivity``.
