"""
Is my simulation right? Verdicts and their resolution
=====================================================

A simulation that "looks like" the theory proves little. ``compare`` tests it: each quantity at
each lag, with standard errors over networks, adjusted for the number of tests. And it says which
error it would have noticed.
"""

from dmft import RandomNetwork, erf, solve, validation

network = RandomNetwork(g=2.0, phi=erf)
runs = validation.simulate(network, neurons=(100, 400), networks=30, trials=4, duration=20,
                           lags=[0.0, 2.0, 4.0], rng=1)
verdict = validation.compare(solve(network), runs)
print(verdict)

# %%
# ``resolution`` is the smallest error of the theory that this comparison detects with a power of
# 90 %. If it is above 5 %, a theory that is not rejected is "undecided", not right.

axes = verdict.plot()

# %%
# A control that must be rejected: a theory of couplings that are 10 % too strong.

control = validation.compare(solve(RandomNetwork(g=2.2, phi=erf)), runs)
print(control.outcome, "p =", control.p_value)

# %%
# Exercises: how does the resolution change with the number of networks? Why must networks, and not
# units, be counted as independent?
