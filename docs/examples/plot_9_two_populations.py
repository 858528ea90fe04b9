"""
A bistable mean of fast and slow populations
============================================

Two populations excite one another: one of fast units, and one of units whose input passes a synapse
with time constant 4. The theory finds all stationary states, each with its stability. Networks
settle at the one near which they start.
"""

import matplotlib.pyplot as plt

import dmft
from dmft import validation


def network(current):
    return dmft.PopulationNetwork(
        mean=[[2.0, 0.6], [0.8, 0.5]], g=[[0.6, 0.4], [0.5, 0.6]],
        unit=(dmft.Leaky(), dmft.SynapticFilter(4.0)), noise=[0.4, 0.4], input=current)


states = dmft.solve(network(0.0))
print(states)

# %%
# Networks that start at the upper state, against the theory of that state. The control is a theory
# whose disorder is 15 % too strong.

upper = max(states.stable, key=lambda one: one.rates[0])
start = {"mean": upper.means, "variance": upper.variance}
runs = validation.simulate(network(0.0), neurons=(150, 600), networks=30, duration=20, burn_in=40,
                           lags=[0.0, 2.0, 4.0], rng=2, **start)
print(validation.compare(upper, runs))
strong = dmft.PopulationNetwork(
    mean=[[2.0, 0.6], [0.8, 0.5]], g=[[0.69, 0.46], [0.575, 0.69]],
    unit=(dmft.Leaky(), dmft.SynapticFilter(4.0)), noise=[0.4, 0.4])
control = validation.compare(max(dmft.solve(strong).stable, key=lambda one: one.rates[0]), runs)
print("control:", control.outcome, "p =", control.p_value)

# %%
# With an input, the lower state ends at a fold, where it meets the unstable one between them.

figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
for current in (0.0, 0.2, 0.4, 0.5):
    for state in states if current == 0 else dmft.solve(network(current)):
        axes.plot(current, state.rates[0], "o", color="C0" if state.stable else "white",
                  markeredgecolor="C0")
axes.set(xlabel="common input $I$", ylabel=r"mean output $\langle\phi(x)\rangle$, fast units",
         title="stable states filled, unstable ones open")

# %%
# Exercises: at which input does the lower state end? Start networks at the lower state, just below
# and just above that input.
