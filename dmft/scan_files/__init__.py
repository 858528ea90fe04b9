"""Scans that a TOML file describes: networks, what is computed of each, and the table of results.

Read `scan_file.py` first: it reads the file. `verbs.py` holds the functions that a scan may call,
`table.py` turns their results into rows.
"""
