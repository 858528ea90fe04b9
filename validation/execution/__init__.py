"""Execution of tasks: in threads of this process, in separate processes, with progress reports.

`threads.py` runs tasks with one BLAS thread each; read it first. `fresh_processes.py` calls a
function in a new process, `progress.py` defines how progress is reported.
"""
