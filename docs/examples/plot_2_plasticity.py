r"""
Plasticity, from slowing to frozen states
=========================================

Clark and Abbott (2024) let the synapses of the random network move. Around the random couplings
:math:`J_{ij}` each synapse has a plastic part

.. math:: p\, \dot A_{ij} = -A_{ij} + \frac{k}{N} \phi(x_i) \phi(x_j).

Hebbian plasticity (k > 0) pulls the activity back to where it was, so that it becomes slower.
Anti-Hebbian plasticity (k < 0) makes it faster, and lets it oscillate.
"""

import matplotlib.pyplot as plt

import dmft

figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
solutions = {}
for k, colour in ((-2.0, "C0"), (0.0, "0.4"), (1.0, "C1")):
    solutions[k] = one = dmft.solve(dmft.PlasticNetwork(g=1.5, k=k, p=2.5), tol=5e-3)
    shown = one.lags.tau < 40
    axes.plot(one.lags.tau[shown], one.C_phi[shown] / one.C_phi[0], color=colour,
              label=f"k = {k:g}")
    print(f"k = {k:g}: half-life", dmft.timescales(one).half_life)
axes.set(xlabel=r"lag $\tau$ (neuronal time constants)", ylabel=r"$C_\phi(\tau)/C_\phi(0)$")
axes.legend(frameon=False)

# %%
# These numbers come from sampled paths of one unit with a memory of its own past, since such a unit
# is not Gaussian. Every one carries its standard error.
#
# What happens if plasticity is halted, so that all synapses keep their values? At strong Hebbian
# plasticity the network then stays at a fixed point near its last state: chaos can be frozen.

frozen = dmft.freeze(solutions[1.0])
print(frozen)
print("overlap with the state at the halt", frozen.overlap)

# %%
# Exercises: at which k does the frozen state become stable (``dmft.freezing_onset``)? Does weaker
# plasticity, k = 0.6, freeze? Use ``validation.start`` to store a state of a finite network and to
# recall it.
