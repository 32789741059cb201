"""One process, measured: its wall time, its processor time and its peak memory.

A process takes over the peak of the one that starts it (Linux, ``exec``), so a small Python stands
between: what needs less than that, about 10 MB, cannot be told apart.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

COLUMNS = 120

_BETWEEN = """
import json, os, subprocess, sys, threading, time

def drain(end):
    try:
        while os.read(end, 65536):
            pass
    except OSError:  # Linux: the other end of a terminal was closed
        pass

terminal, command = sys.argv[1] == "terminal", sys.argv[2:]
out = subprocess.DEVNULL
if terminal:
    import pty
    ours, out = pty.openpty()
    threading.Thread(target=drain, args=(ours,), daemon=True).start()
started = time.perf_counter()
child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE)
said = child.stderr.read()
_, status, used = os.wait4(child.pid, 0)
seconds = time.perf_counter() - started
print(json.dumps([seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024,
                  os.waitstatus_to_exitcode(status), said.decode(errors="replace")[-2000:]]))
"""


class FailedError(Exception):
    """A program that was to be measured did not do its work."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What one run of a program took."""

    seconds: float
    """Wall time."""
    processor: float
    """Seconds of processor time, of user and system: steadier where a machine is shared."""
    peak: int
    """The most memory at any time, in bytes."""


def measure(command: Sequence[str], env: Mapping[str, str], *, terminal: bool = False) -> Measure:
    """Run a program once, its output thrown away; raises FailedError if its exit code is not 0.

    ``terminal``: it is given one; else it writes into nothing, as into a pipe.
    """
    between = [sys.executable, "-I", "-S", "-c", _BETWEEN, "terminal" if terminal else "pipe"]
    surroundings = {**env, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    ended = subprocess.run([*between, *command], env=surroundings, capture_output=True, text=True, check=True)
    seconds, processor, peak, code, said = json.loads(ended.stdout)
    if code:
        raise FailedError(f"{' '.join(command)} ended with exit code {code}: {said}")
    return Measure(seconds, processor, peak)


def bare(home: str) -> dict[str, str]:
    """An environment in which no program finds settings or caches of the person who measures."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "HOME": home, "LC_ALL": "C.UTF-8", "TZ": "America/New_York"}
