"""How work is run: threads of this process, fresh processes, and reports of progress.

`threads.py` runs tasks with one BLAS thread each; read it first. `fresh_processes.py` calls a
function in a process of its own, `progress.py` sends messages to whoever wants them.
"""
