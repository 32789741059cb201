"""How long ``tariffwatch remind`` takes with nothing due, beside a bare Typer command, pair by pair.

Run on request: ``python tests/benchmarks/idle_reminder.py [PAIRS]``. The target is a ratio of 1.5.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BARE = "import typer\napp = typer.Typer()\n@app.command()\ndef hello() -> None:\n    pass\napp()\n"


def timed(command: list[str], env: dict[str, str]) -> float:
    """Seconds of wall time of one whole process."""
    started = time.perf_counter()
    subprocess.run(command, env=env, check=True, capture_output=True)
    return time.perf_counter() - started


def main(pairs: int) -> None:
    """Print the medians and the ratio, measured in turn."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE, encoding="utf-8")
        own = {"TARIFFWATCH_STATE": folder, "TARIFFWATCH_CONFIG": f"{folder}/config.toml"}
        env = dict(os.environ) | own
        remind = [sys.executable, "-m", "tariffwatch", "remind"]
        timed([*remind, "init"], env)
        for _ in range(2):
            timed(remind, env)
        rows = [(timed([sys.executable, str(bare)], env), timed(remind, env)) for _ in range(pairs)]
    theirs, ours = zip(*rows, strict=True)
    ratios = [mine / other for other, mine in rows]
    print(f"bare Typer command   {statistics.median(theirs) * 1000:8.1f} ms")
    print(f"remind, nothing due  {statistics.median(ours) * 1000:8.1f} ms")
    print(
        f"ratio, pair by pair  {statistics.median(ratios):8.2f}    ({min(ratios):.2f} to {max(ratios):.2f})"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
