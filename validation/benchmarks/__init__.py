"""Speed and accuracy, each against a plain script in the same process.

`registry.py` runs them by name; read it first. `measure.py` is how they measure, `page.py` the
table in docs/benchmarks.md; the others are one subject each, `plain/` the scripts that they are
compared with.
"""
