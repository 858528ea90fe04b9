"""The plain way: each theory as a research script does it, for benchmarks to compare with.

Nothing else calls these files; each is one subject, named as the benchmark that uses it.
"""
