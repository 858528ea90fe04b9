"""
A correlation above and below the transition
============================================

Without noise a random network is quiescent for g < 1 and chaotic above; white noise keeps it
active on both sides. The correlation decays with the network's own time, which grows towards the
transition.
"""

import matplotlib.pyplot as plt

import dmft

figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
for g, noise, style in [(0.7, 0.4, ":"), (1.2, 0.0, "--"), (2.0, 0.0, "-")]:
    solution = dmft.solve(dmft.RandomNetwork(g=g, phi=dmft.tanh, noise=noise),
                          lags=dmft.Lags(span=120.0, dt=0.05))
    C = solution.C_x
    axes.plot(solution.lags.tau, C / float(C[0]), style, color="C0",
              label=f"g = {g:g}, noise = {noise:g} ({solution.branch})")
axes.set(xlim=(0, 30), xlabel=r"lag $\tau$ (neuronal time constants)",
         ylabel=r"$\Delta(\tau)/\Delta(0)$")
axes.legend(frameon=False)

# %%
# Each solution says what was checked of it.

print(solution.convergence)

# %%
# The largest Lyapunov exponent is positive in the chaotic state, and its own error is shown by the
# refinement and by a mode whose eigenvalue is known to be zero.

exponent = dmft.lyapunov_exponent(solution)
print(float(exponent), exponent.refinement, exponent.zero_mode)
