"""Speed and accuracy, each compared with a plain script in the same process.

`registry.py` runs them by name; read it first. `measure.py` measures times, `page.py` writes the
table in docs/benchmarks.md, `tuning.py` holds sizes and settings; the other files treat one subject
each, and `plain/` holds the scripts that they are compared with.
"""
