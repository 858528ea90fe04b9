"""Speed of sampled solves against an earlier commit, in the same run.

Each network is solved by both versions in turn, each time in a fresh process with one thread and
with its own default settings. The time to a given standard error goes with its inverse square, so
that time x error^2 is compared.

    git worktree add /tmp/earlier 2b6f1cc
    python -m tests.earlier_speed /tmp/earlier --output docs/sampled-speed.md
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parents[1]
PLASTIC = "dmft.PlasticNetwork({}, {}, {})"
NETWORKS = {
    "g=2, k=1, p=2.5": PLASTIC.format(2.0, 1.0, 2.5),
    "g=2, k=1.5, p=2.5": PLASTIC.format(2.0, 1.5, 2.5),
    "g=1.1, k=1, p=2.5": PLASTIC.format(1.1, 1.0, 2.5),
    "g=1.5, k=2, p=2.5": PLASTIC.format(1.5, 2.0, 2.5),
    "g=2.5, k=1.5, p=2.5": PLASTIC.format(2.5, 1.5, 2.5),
    "g=1.1, k=-1, p=2.5": PLASTIC.format(1.1, -1.0, 2.5),
    "g=0.9, k=1.8, p=2.5": PLASTIC.format(0.9, 1.8, 2.5),
    "g=2, reciprocity 0.3": "dmft.RandomNetwork(2.0, reciprocity=0.3)",
    "modes, g_eff^2=2, rank 0.5, overlap 0.5":
        "dmft.RandomModeNetwork(dmft.Spectrum.flat(2.0, 0.5), 0.5)",
}
CALL = """
import json, sys, time, warnings
import dmft
warnings.simplefilter("ignore")
begun = time.process_time()
found = dmft.solve({network}, rng={seed}, strict=False)
print(json.dumps([time.process_time() - begun, float(found.C_phi[0]), float(found.C_phi[0].stderr),
                  bool(found.convergence.success), found.branch]))
"""


def solved(tree: Path, network: str, seed: int, limit: float) -> list | None:
    """Seconds, C_phi(0), its standard error, success and branch; None after so many seconds."""
    environment = os.environ | {"PYTHONPATH": str(tree), "OPENBLAS_NUM_THREADS": "1"}
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        environment.pop(name, None)
    try:
        out = subprocess.run([sys.executable, "-c", CALL.format(network=network, seed=seed)],
                             env=environment, cwd=tree, timeout=limit, capture_output=True,
                             text=True, check=True)
    except subprocess.TimeoutExpired:
        return None
    return json.loads(out.stdout.splitlines()[-1])


def row(name: str, earlier: Path, seeds: int, limit: float) -> str:
    """One line of the table: medians over seeds, the two versions in turn."""
    both: dict[Path, list] = {earlier: [], HERE: []}
    for seed in range(seeds):
        for tree, found in both.items():
            found.append(solved(tree, NETWORKS[name], seed, limit))
    cells, costs = [name], []
    for found in both.values():
        done = [one for one in found if one is not None and one[3] and one[4] != "quiescent"]
        if not done:
            why = "no end" if None in found else "quiescent" if found[0][3] else "fails"
            cells.append(f"{why} in {limit:.0f} s" if None in found else why)
            costs.append(np.inf)
            continue
        time, C, error = (float(np.median([one[k] for one in done])) for k in range(3))
        cells.append(f"{time:.2g} s, {C:.5g} at {error / C:.2%}")
        costs.append(time * (error / C) ** 2)
    cells.append(f"{costs[0] / costs[1]:.3g}" if np.isfinite(costs[0]) else "-")
    return "| " + " | ".join(cells) + " |"


PAGE = """# Speed of sampled solves

Made by `python -m tests.earlier_speed`: default settings, processor seconds of one thread, start
included; C(0) and its relative standard error; medians over {seeds} seeds, both versions in turn in
the same run. The last column compares times to the same standard error, which go with its inverse
square. (The standard errors of the earlier version are up to three times too small at some seeds.)

| network | earlier ({commit}) | now | ratio at equal error |
|---|---|---|---|
"""


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("earlier", type=Path, help="a checkout of the earlier commit")
    parser.add_argument("names", nargs="*", help="parts of names of networks (default: all)")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=600.0, help="seconds for one solve")
    parser.add_argument("--output", type=Path)
    given = parser.parse_args()
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=given.earlier,
                            capture_output=True, text=True, check=True).stdout.strip()
    text = PAGE.format(seeds=given.seeds, commit=commit)
    for name in NETWORKS:
        if given.names and not any(part in name for part in given.names):
            continue
        text += row(name, given.earlier, given.seeds, given.limit) + "\n"
        print(text.splitlines()[-1], flush=True)
    if given.output:
        given.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
