"""
Scans, on one machine and on a cluster
======================================

``scan`` applies a function to many networks, each with its own seed. With a store, every result
is written when it is ready. Called again, after an interruption or with more networks, it computes
only what is missing.
"""

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

import dmft

store = Path(tempfile.mkdtemp()) / "onset"
strengths = np.linspace(0.8, 2.0, 13)
networks = [dmft.RandomNetwork(g) for g in strengths]
first = dmft.scan(dmft.solve, networks[:6], store=store)
calls = []
found = dmft.scan(dmft.solve, networks, store=store,
                  callback=lambda done, total, index, result: calls.append(index))
print(len(found), "results;", "the first six were read:", calls[:6])

# %%
figure, axes = plt.subplots(figsize=(5, 3.2), layout="constrained")
axes.plot(strengths, [float(one.C_x[0]) for one in found], "o-")
axes.set(xlabel="$g$", ylabel=r"variance $C_x(0)$")

# %%
# Any executor with the interface of ``concurrent.futures`` serves: a process pool,
#
# .. code-block:: python
#
#     with concurrent.futures.ProcessPoolExecutor() as pool:
#         dmft.scan(dmft.solve, networks, executor=pool, store="onset")
#
# or a dask cluster, ``executor=client.get_executor()``. Results do not depend on it.
#
# Exercises: stop a scan with Ctrl-C and start it again. Scan a function of your own.
