"""How long ``tariffwatch entries`` takes over a large file, by columns and row by row, and how much memory.

Run on request: ``python tests/benchmarks/big_entries.py [ROWS [PLAIN_ROWS]]``: a million rows by columns, and
a tenth of that without Polars, unless told otherwise. The targets: a million rows in 60 s and 1 GB.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import made_entries
import polars as pl

HIDDEN = "raise ModuleNotFoundError('No module named polars', name='polars')\n"
"""A module of that name, put before the real one."""


def timed(name: str, rows: int, arguments: list[str], env: dict[str, str]) -> None:
    """Print what one whole process took: wall time, its own time on all processors, peak memory."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "tariffwatch", "entries", *arguments, "--as-of", f"{made_entries.FILED}"],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - started
    assert os.waitstatus_to_exitcode(status) in (0, 3), "the run failed"
    spent, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    print(
        f"{name:28s} {rows:>9,} {took:7.1f} s {spent:7.1f} s {rows / took:>9,.0f} {peak:7.0f} MB", flush=True
    )


def main(rows: int, plain_rows: int) -> None:
    """Make the files, and print a line for each way of reading them."""
    with tempfile.TemporaryDirectory() as folder:
        big = made_entries.write(Path(folder) / "big.csv", rows)
        some = made_entries.write(Path(folder) / "some.csv", plain_rows)
        parquet = Path(folder) / "big.parquet"
        pl.scan_csv(big, infer_schema=False, truncate_ragged_lines=True).sink_parquet(parquet)
        hidden = Path(folder) / "hidden"
        hidden.mkdir()
        (hidden / "polars.py").write_text(HIDDEN, encoding="utf-8")
        env = dict(os.environ)
        bare = env | {"PYTHONPATH": os.pathsep.join([str(hidden), env.get("PYTHONPATH", "")])}
        print(f"{big.stat().st_size / 1e6:.0f} MB of CSV, {parquet.stat().st_size / 1e6:.0f} MB of Parquet")
        print(f"{'':28s} {'rows':>9s} {'time':>9s} {'spent':>9s} {'rows/s':>9s} {'peak':>10s}")
        timed("by columns, CSV", rows, [str(big)], env)
        timed("by columns, Parquet", rows, [str(parquet)], env)
        timed("by columns, every clock", rows, [str(big), "--format", "csv"], env)
        timed("by columns", plain_rows, [str(some)], env)
        timed("row by row (no Polars)", plain_rows, [str(some)], bare)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    main(count, int(sys.argv[2]) if len(sys.argv) > 2 else count // 10)
