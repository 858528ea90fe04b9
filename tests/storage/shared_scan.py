"""A scan into a store as a separate process: `python -m tests.storage.shared_scan STORE ...`.

Each call of the function writes a line to the file STORE.log when it begins, and one when it ends.
A call lasts as many seconds as an environment variable gives. They are not part of the scan, so
that a fast process may finish what a slow one began.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import dmft

ROOT = Path(__file__).resolve().parents[2]
SECONDS = "SECONDS_OF_A_NETWORK"


def slow(g, log=""):
    write(log, f"begin {g:g} {os.getpid()}")
    time.sleep(float(os.environ.get(SECONDS, "0")))
    write(log, f"end {g:g} {os.getpid()}")
    return 2 * g


def write(log, line):
    descriptor = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{line}\n".encode())  # one write: lines of two processes do not mix
    os.close(descriptor)


def lines(store, kind):
    """What followed this word in the log of a store, in order."""
    log = Path(f"{store}.log")
    found = log.read_text().splitlines() if log.exists() else []
    return [line.split()[1:] for line in found if line.startswith(kind)]


def networks(count):
    return [10.0 * index for index in range(count)]


def start(store, count, how="pool", seconds=0.05) -> subprocess.Popen:
    """The scan in a separate process."""
    command = [sys.executable, "-m", "tests.storage.shared_scan", str(store), str(count), how]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            text=True, env={**os.environ, "PYTHONPATH": str(ROOT),
                                            SECONDS: str(seconds)})


def scanned(store, count, **options):
    return dmft.scan(slow, networks(count), store=store, log=f"{store}.log", **options)


def main(store, count, how):
    if how == "dask":
        from distributed import LocalCluster

        with (LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
              cluster.get_client() as client):
            return scanned(store, count, executor=client.get_executor())
    with ProcessPoolExecutor(2) as executor:
        return scanned(store, count, executor=executor)


if __name__ == "__main__":
    from tests.storage import shared_scan  # so that the function is not that of __main__

    print(shared_scan.main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
