r"""
Regions, from structured states to routing
==========================================

Clark and Beiran (2025) join several random networks by couplings of low rank. Region :math:`\mu`
receives from :math:`\nu` one number, the current :math:`S^{\mu\nu}`. Inside a region, the disorder
of strength g makes chaos; the currents make structure. Each suppresses the other.
"""

import numpy as np

import dmft

network = dmft.MultiregionNetwork.symmetric(g=1.5, c=[[0.3, 2.0], [2.0, 0.2]])
states = dmft.solve(network)
print(states)

# %%
# The first state is stable. ``z`` are its currents, and ``branch`` says whether its regions are
# static or chaotic.

state = states[0]
print(np.round(state.z, 3), state.branch)

# %%
# In the last one, which is unstable, there are no currents, and both regions are chaotic.

axes = states[-1].plot()

# %%
# From an initial state the currents follow the causal theory in time.

times = dmft.Times(stop=20, dt=0.1)
solution = dmft.solve(network, times=times, currents=[[0.0, 0.5], [0.1, 0.0]], variance=1.0)
pair = solution.plot()

# %%
# Routing: a region that sends nothing is silenced. The others go on without it.

silenced = dmft.solve(network.silenced(1))
print(silenced)

# %%
# Exercises: raise g of one region until the currents vanish. Which class of activity
# (``dmft.activity_class``) has each region before and after?
