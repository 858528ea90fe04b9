"""Configuration of the documentation site: `make docs`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

import dmft  # noqa: E402

copyright = "the dmft developers"
project, author, version = "dmft", "dmft developers", dmft.__version__
extensions = [
    "myst_parser", "numpydoc", "sphinx.ext.autodoc", "mathml", "sphinx_gallery.gen_gallery",
]
html_math_renderer = "mathml"
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "examples/*", "**/.ipynb_checkpoints"]
html_theme = "furo"
html_title = "dmft"
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # numpydoc's sections say them
numpydoc_show_class_members = False
sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"/plot_",
    "download_all_examples": False,
    "show_memory": False,
    "write_computation_times": False,
    "abort_on_example_error": True,
    "reset_modules": ("matplotlib",),
}
suppress_warnings = ["config.cache"]  # sphinx-gallery's configuration is not picklable
