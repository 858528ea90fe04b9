"""Write docs/composition.md from what the code says: `make composition`.

Every pair of built-in ensembles, with noise or bias and an odd phi or not: each verb has it, or the
refusal is quoted. Nothing is solved; the checks are those that the verbs make themselves.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import numpy as np
import sympy

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import dmft  # noqa: E402
from dmft.base.errors import ModelError  # noqa: E402
from dmft.validation.couplings.draw import draw_sum  # noqa: E402
from dmft.validation.simulation.checked_call import checked_call  # noqa: E402

PAGE = ROOT / "docs" / "composition.md"
n = dmft.notation
MOTIFS = dmft.ensemble(0.3 / n.N**2 * (n.delta(n.j, n.k) + n.delta(n.i, n.l) + n.delta(n.i, n.k)
                                       + n.delta(n.j, n.l)), name="chains")
ENSEMBLES = {
    "IID": dmft.IID(0.5), "IID with reciprocity": dmft.IID(0.5, 0.3),
    "Modes": dmft.Modes(dmft.Spectrum.flat(0.5, 0.5)),
    "Modes with overlaps": dmft.Modes(dmft.Spectrum.flat(0.5, 0.5), 0.4),
    "Hebbian": dmft.Hebbian(-0.5, 2.5), "MeanCouplings": dmft.MeanCouplings([[0.5]]),
    "LowRank": dmft.LowRank([0], [0], [[0.5]], [[1.0]], 1),
    "RegionalIID, 2 regions": dmft.RegionalIID(np.full((2, 2), 0.3)),
    "LowRank, 2 regions": dmft.LowRank([0, 1], [1, 0], [[0.0, 0.5], [0.5, 0.0]], np.eye(2), 2),
    "your own (chains)": MOTIFS,
}
OTHER = dmft.Nonlinearity.from_sympy(sympy.tanh(sympy.Symbol("x") + 1), "tanh(x + 1)")
CONDITIONS = {
    "noise, odd": {"noise": 0.5}, "bias, odd": {"bias": 0.5},
    "noise, not odd": {"noise": 0.5, "phi": OTHER}, "bias, not odd": {"bias": 0.5, "phi": OTHER},
}
VERBS = ("solve", "solve in time", "four_point", "lyapunov_exponent", "simulate")
HEAD = """# Composition

Any sum of built-in ensembles is a network. This page says what each verb does with every pair of
them: a dot where it is supported, or the number of the refusal, quoted below. It is written by
`docs/write_composition.py` from the checks that the verbs make themselves, `dmft.support(network)`,
with nothing solved, and a test compares it with the code. `four_point` stands for `dimension` too;
`simulate` for `compare`. With a dot, a verb may still refuse a state of the network.

"""


def support(pair: tuple, condition: dict) -> dict[str, str]:
    """The refusal of each verb, "" where there is none."""
    try:
        network = dmft.Network(pair, **condition)
    except ModelError as error:
        return dict.fromkeys(VERBS, str(error))
    found = dmft.support(network)
    try:
        checked_call(network, 12, 1)
        draw_sum(network.ensembles, 12, np.random.SeedSequence(0), np.float32)
        found["simulate"] = ""
    except ModelError as error:
        found["simulate"] = str(error)
    return found


def problem(refusal: str) -> str:
    """What is wrong, without the value of the field and the advice."""
    field, _, rest = refusal.partition("=")
    return f"{field}: " + rest.partition(": ")[2].rpartition("; ")[0].split("; ")[0]


def page() -> str:
    """The text of the page."""
    pairs = [*((name,) for name in ENSEMBLES), *itertools.combinations(ENSEMBLES, 2)]
    found = {(pair, name): support(tuple(ENSEMBLES[one] for one in pair), condition)
             for pair in pairs for name, condition in CONDITIONS.items()}
    numbers: dict[str, int] = {}
    text, solved = "", 0
    for verb in VERBS:
        text += f"## {verb}\n\n| couplings | {' | '.join(CONDITIONS)} |\n|---|{'---|' * 4}\n"
        for pair in pairs:
            cells = []
            for name in CONDITIONS:
                refusal = found[pair, name][verb]
                solved += not refusal
                cells.append(str(numbers.setdefault(problem(refusal), len(numbers) + 1))
                             if refusal else "·")
            text += f"| {' + '.join(pair)} | {' | '.join(cells)} |\n"
        text += "\n"
    count = len(VERBS) * len(found)
    quoted = "".join(f"{number}. {says.replace('|', '/')}\n" for says, number in numbers.items())
    return (HEAD + f"Supported are {solved} of {count} cells.\n\n" + text + "## Refusals\n\n"
            + quoted)


if __name__ == "__main__":
    PAGE.write_text(page())
    print(PAGE)
