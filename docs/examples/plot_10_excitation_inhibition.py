"""
Excitation and inhibition, with adaptation and reciprocity
==========================================================

Excitatory units adapt, and the couplings between two of them in opposite directions are alike more
often than by chance, as in cortex. Does this reciprocity matter for the response to an input? No
paper treats this network. Its theory needs two populations with means, a unit that is not leaky,
and a memory: the couplings from i to j and back return the past of a unit to it.
"""

import matplotlib.pyplot as plt

import dmft
from dmft import validation

pulse = dmft.Pulse([0.8, 0.2], start=5.0, stop=10.0)


def network(reciprocity):
    """80 % excitatory units, which adapt; reciprocity among them; an input from t = 5 to 10."""
    return dmft.PopulationNetwork(
        mean=[[0.8, -1.0], [1.2, -0.6]], g=[[1.2, 0.6], [0.8, 0.5]], share=[0.8, 0.2],
        unit=(dmft.Adaptation(b=0.8, tau=4.0), dmft.Leaky()), noise=0.5,
        reciprocity=[[reciprocity, 0.0], [0.0, 0.0]],
        input=pulse)


# %%
# The populations are followed in time from independent units, by sampled paths that are marched
# once. Every value has a standard error.

times = dmft.Times(stop=15, dt=0.25)
solution = dmft.solve(network(0.6), times=times, variance=0.5, rng=0)
without = dmft.solve(network(0.0), times=times, variance=0.5, rng=0)
print(solution.rates[-1], solution.convergence.error)

# %%
# Networks of the same preparation, and the verdict. The control is the theory without reciprocity.

runs = validation.simulate(network(0.6), neurons=(150, 600), networks=30, times=times,
                           at=[2.5, 5, 7.5, 10, 12.5, 15], variance=0.5, rng=1)
quantities = ("variance", "rates")
print(validation.compare(solution, runs, quantity=quantities))
control = validation.compare(without, runs, quantity=quantities)
print("control:", control.outcome, "p =", control.p_value)

# %%
# Reciprocity slows the excitatory units, so that fluctuations are larger; the means, which
# reciprocity reaches only through phi, change little.

figure, axes = plt.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
for a, name in enumerate(("excitatory", "inhibitory")):
    for panel, quantity in zip(axes, ("rates", "variance"), strict=True):
        panel.plot(times.t, getattr(solution, quantity)[:, a].value, color=f"C{a}", label=name)
        panel.plot(times.t, getattr(without, quantity)[:, a].value, color=f"C{a}", ls=":")
        found = getattr(runs, quantity)[:, a]
        panel.errorbar(runs.at, found.value, found.stderr, fmt="o", color=f"C{a}")
for panel, name in zip(axes, (r"$\langle\phi(x)\rangle$", r"$\langle x^2\rangle$"), strict=True):
    panel.axvspan(5, 10, color="0.9", lw=0)
    panel.set(xlabel="time (neuronal time constants)", ylabel=name)
axes[0].legend(title="solid: reciprocity 0.6, dotted: 0", fontsize=8)

# %%
# Exercises: give the inhibitory units the adaptation instead. Add `k` and `p`, plastic couplings
# among the excitatory units: does the network keep a trace of the input after it has ended?
