"""Functions of this package called in separate processes, each with one BLAS thread.

Several small matrix products are computed fastest with one in each process. Where cores are shared,
BLAS threads that wait for one another cost far more than they save: on a busy machine with two
cores, a step of 500 units took 80 times as long with two threads as with one.
"""

from __future__ import annotations

import importlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import dmft
from dmft.storage.parent_process import Process, end_with

from .progress import Report
from .threads import cores

# These select kernels for older versions of OpenBLAS, and slow a current one down.
REMOVED_VARIABLES = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
              "VECLIB_MAXIMUM_THREADS")


def call(module: str, function: str, **arguments: Any) -> Any:
    """Result of dmft.validation.<module>.<function>(**arguments), computed in a new process.

    Arguments and result must be representable in JSON, which keeps floats to the last bit;
    dataclasses are returned as dicts. The process ends with this one, however this one ends.

    Raises
    ------
    RuntimeError
        If the function fails; the message contains the end of the error output of the process.
    """
    child = subprocess.run(
        [sys.executable, "-m", "dmft.validation.execution.fresh_processes", module, function,
         str(os.getpid())],
        input=json.dumps(arguments), capture_output=True, text=True, env=environment())
    if child.returncode != 0:
        raise RuntimeError(f"{module}.{function} failed:\n{child.stderr[-2000:]}")
    sys.stderr.write(child.stderr)  # warnings of the process
    return json.loads(child.stdout)


def each(module: str, function: str, cases: Iterable[dict[str, Any]],
         report: Report) -> list[Any]:
    """`call` for each of the cases, as many at once as there are cores; results in order."""
    cases, results = list(cases), []
    with ThreadPoolExecutor(min(len(cases), cores()) or 1) as pool:
        tasks = [pool.submit(call, module, function, **case) for case in cases]
        try:
            for done, task in enumerate(tasks, 1):
                results.append(task.result())
                report(f"{function} {done}/{len(cases)}")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return results


def environment() -> dict[str, str]:
    """Environment of this process, with one BLAS thread, and with this copy of dmft importable."""
    inherited = {key: value for key, value in os.environ.items() if key not in REMOVED_VARIABLES}
    root = str(Path(dmft.__file__).resolve().parent.parent)
    paths = os.pathsep.join(filter(None, [root, inherited.get("PYTHONPATH", "")]))
    return {**inherited, **dict.fromkeys(ONE_THREAD, "1"), "PYTHONPATH": paths}


if __name__ == "__main__":
    owner = Process(socket.gethostname(), int(sys.argv[3]))
    if os.name == "posix" and os.getppid() != owner.pid:
        sys.exit("the process that started this one has ended")
    end_with(owner)
    found = getattr(importlib.import_module(f"dmft.validation.{sys.argv[1]}"), sys.argv[2])
    print(json.dumps(found(**json.load(sys.stdin)), default=asdict))
