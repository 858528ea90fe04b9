"""Plain reference scripts: each theory as a research script computes it, for comparison.

Only benchmarks call these files; each treats one subject and is named like the benchmark.
"""
