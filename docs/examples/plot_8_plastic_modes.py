"""
Plasticity on random modes
==========================

Random modes confine activity to few dimensions; anti-Hebbian plasticity quickens it. What do both
do together? The couplings are a sum of two ensembles,

.. math:: J_{ij}(t) = \\sum_{a=1}^{\\alpha N} D_a\\, l^a_i r^a_j + A_{ij}(t), \\qquad
   p\\,\\dot A_{ij} = -A_{ij} + \\frac{k}{N}\\phi(x_i)\\phi(x_j)

so its theory follows from those of the two: the noise is that of the modes, the memory that of the
plasticity. No paper has put them together.
"""

import matplotlib.pyplot as plt
import numpy as np

import dmft
from dmft import validation

modes = dmft.Modes(dmft.Spectrum.flat(1.5, 0.5))  # g_eff, and modes per neuron
network = dmft.Network((modes, dmft.Hebbian(k=-1.0, p=2.5)), noise=0.7)
solution = dmft.solve(network)
print(solution)

# %%
# Is it right? Networks of two sizes, extrapolated in 1/N. The control leaves the plasticity out.

runs = validation.simulate(network, neurons=(125, 500), networks=40, duration=20, burn_in=15,
                           lags=np.arange(0.0, 7.0), rng=1)
verdict = validation.compare(solution, runs)
print(verdict)
without = dmft.solve(dmft.Network(modes, noise=0.7))
control = validation.compare(without, runs)
print("control:", control.outcome, "p =", control.p_value)

# %%
# Anti-Hebbian plasticity quickens the activity, and spreads it over more dimensions.

strengths = (-2.0, -1.0, -0.5, 0.0, 0.4)


def at(k):
    if k == 0:
        return without
    return dmft.solve(dmft.Network((modes, dmft.Hebbian(k, p=2.5)), noise=0.7), tol=5e-3)


found = [dmft.dimension(at(k)) for k in strengths]
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
for one, label, colour in ((solution, "theory, k = -1", "C0"), (without, "theory, k = 0", "0.5")):
    shown = one.lags.tau < 7
    left.plot(one.lags.tau[shown], one.C_phi[shown].value, label=label, color=colour)
left.errorbar(runs.lags, runs.C_phi.value, runs.C_phi.stderr, fmt="o", color="C1",
              label="40 networks, k = -1, N = 500")
left.set(xlabel=r"lag $\tau$ (neuronal time constants)", ylabel=r"$C_\phi(\tau)$")
left.legend(frameon=False)
right.errorbar(strengths, [float(one) for one in found], [float(one.stderr) for one in found],
               fmt="o-")
right.set(xlabel="strength of plasticity $k$", ylabel="dimension of activity per neuron")

# %%
# Exercises: lower the number of modes per neuron to 0.1; which of the two panels changes? Leave out
# the noise: at which strength of the modes does activity begin?
