"""The common style of all figures: colours, and matplotlib's settings."""

from __future__ import annotations

from typing import Any

# Okabe & Ito's palette: distinguishable with every common colour vision deficiency, and by
# lightness in greyscale
BLUE = "#0072B2"
ORANGE = "#E69F00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
SKY = "#56B4E9"
RED = "#D55E00"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, SKY, RED)
STYLE: dict[Any, Any] = {
    "font.size": 10, "axes.titlesize": 10, "axes.labelsize": 10, "legend.fontsize": 9,
    "legend.frameon": False, "legend.title_fontsize": 9,
    "axes.spines.top": False, "axes.spines.right": False,
    "lines.linewidth": 1.6, "lines.markersize": 4.5, "errorbar.capsize": 2.0,
    "mathtext.fontset": "dejavusans", "savefig.dpi": 200,
}
