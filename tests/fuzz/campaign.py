"""A long campaign of fuzzing, guided by coverage; run on request.

    python tests/fuzz/campaign.py --seconds 3600 --findings /tmp/findings

Atheris (``pip install atheris``; wheels for CPython on Linux) mutates what reaches new branches of the
program: bytes themselves where a case is a file, else the bytes from which hypothesis makes a case. Each
target runs in turn in a process of its own, by its share of the time, until the time is over. At the end
stands a table: cases, findings, hangs, branches reached. A finding is kept once for each place in the code,
with its input and traceback; what the program ran for longer than it may is one, too. Leaves with 1 if
anything was found.

``--target NAME`` (may be given again) runs only that; ``--rounds`` says in how many turns each gets its time.
A finding is run again with ``python tests/fuzz/campaign.py --again FILE``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import pkgutil
import shutil
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

PACKAGE = f"{os.sep}tariffwatch{os.sep}"
SLOWEST = 60
"""Seconds after which a case that does not even come back from C code is ended with its process."""


class Record:
    """What one process saw: written as it goes, so that a crash of the process loses little."""

    def __init__(self, folder: Path, target: str) -> None:
        self.folder, self.target = folder, target
        self.cases = 0
        self.found: Counter[str] = Counter()
        self._written = 0.0
        folder.mkdir(parents=True, exist_ok=True)

    def case(self, run: Callable[[Any], None], case: Any) -> None:
        """Run a case, and keep what is wrong with it."""
        self.cases += 1
        try:
            run(case)
        except BaseException as error:  # a Hang, too
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            self._keep(error, case)
        if time.monotonic() - self._written > 1:
            self.write()

    def write(self) -> None:
        """The counts so far."""
        self._written = time.monotonic()
        told = {"cases": self.cases, "found": dict(self.found)}
        (self.folder / "counts.json").write_text(json.dumps(told), encoding="utf-8")

    def _keep(self, error: BaseException, case: Any) -> None:
        frames = traceback.extract_tb(error.__traceback__)
        inside = [frame for frame in frames if PACKAGE in frame.filename] or list(frames)
        place = f"{Path(inside[-1].filename).name}:{inside[-1].name}:{inside[-1].line}"
        name = hashlib.sha256(f"{type(error).__name__} {place}".encode()).hexdigest()[:10]
        self.found[f"{type(error).__name__} {place} {name}"] += 1
        file = self.folder / f"{name}.case"
        if not file.exists():
            file.write_bytes(pickle.dumps((self.target, case)))
            told = "".join(traceback.format_exception(error))
            file.with_suffix(".txt").write_text(
                f"{case!r}\n\n{told}", encoding="utf-8", errors="backslashreplace"
            )


def child(name: str, seconds: int, folder: Path, seed: int) -> None:
    """Fuzz one target for a while, in this process."""
    import atheris
    from hypothesis import HealthCheck, given, settings

    with atheris.instrument_imports(include=["tariffwatch", "tomllib"]):
        import tomllib  # noqa: F401

        import tariffwatch

        for module in pkgutil.walk_packages(tariffwatch.__path__, "tariffwatch."):
            if not module.name.endswith(("__main__", "keys")):
                import_module(module.name)
        from targets import shuffled, targets
    target, record = targets()[name], Record(folder, name)
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, data in enumerate(target.seeds() if target.seeds else shuffled(seed, 8, 2000)):
        (corpus / f"seed-{number}").write_bytes(data)

    @settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(target.cases)
    def made(case: Any) -> None:
        record.case(target.run, case)

    def one(data: bytes) -> None:
        if target.seeds:
            record.case(target.run, data)
        else:
            made.hypothesis.fuzz_one_input(data)

    words = folder / "words"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.words), encoding="ascii")
    options = [
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-timeout={SLOWEST}",
        f"-artifact_prefix={folder}/",
    ]
    options += ["-len_control=0", "-max_len=4096", "-rss_limit_mb=4096", "-print_final_stats=1"]
    options += [f"-dict={words}"] if target.words else []
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    try:
        atheris.Fuzz()
    finally:
        record.write()


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def parent(names: list[str], shares: dict[str, float], seconds: float, folder: Path, rounds: int) -> int:
    """Give each target its turns, and say at the end what they saw."""
    rows: dict[str, Counter[str]] = {name: Counter() for name in names}
    found: Counter[str] = Counter()
    whole = sum(shares[name] for name in names)
    for turn in range(rounds):
        for name in names:
            turn_seconds = max(5, int(seconds * shares[name] / whole / rounds))
            place = folder / name
            (place / "counts.json").unlink(missing_ok=True)
            command = [sys.executable, __file__, "--child", name, "--seconds", str(turn_seconds),
                       "--findings", str(place), "--seed", str(turn + 1)]  # fmt: skip
            place.mkdir(parents=True, exist_ok=True)
            with open(place / "log", "ab") as log:
                end = subprocess.run(command, stdout=log, stderr=log, check=False).returncode
            _gather(place, name, rows[name], found)
            rows[name]["ended badly"] += end != 0
            print(_row(name, rows[name]), flush=True)
    print("\nAll told\n" + "\n".join(_row(name, row) for name, row in rows.items()))
    total = sum((Counter(row) for row in rows.values()), Counter())
    print(_row("together", total))
    for what, times in found.most_common():
        print(f"  {times:6} x {what}")
    return 1 if found or total["ended badly"] else 0


def _gather(place: Path, name: str, row: Counter[str], found: Counter[str]) -> None:
    if (place / "counts.json").exists():
        told = json.loads((place / "counts.json").read_text(encoding="utf-8"))
        row["cases"] += told["cases"]
        row["findings"] += sum(told["found"].values())
        row["hangs"] += sum(times for what, times in told["found"].items() if what.startswith("Hang "))
        found.update({f"{name}: {what}": times for what, times in told["found"].items()})
    reached = [line for line in (place / "log").read_text(errors="replace").splitlines() if " cov: " in line]
    if reached:
        row["branches"] = max(row["branches"], int(reached[-1].partition(" cov: ")[2].split()[0]))


def _row(name: str, row: Counter[str]) -> str:
    told = ", ".join(f"{row[key]:,} {key}" for key in ("findings", "hangs", "ended badly", "branches"))
    return f"{name:18} {row['cases']:>9,} cases; {told}"


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--target", action="append")
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"))
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--again", type=Path)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--seed", type=int, default=1, help=argparse.SUPPRESS)
    given = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).parent))
    if given.child:
        child(given.child, int(given.seconds), given.findings, given.seed)
        return 0
    from targets import targets

    if given.again:
        name, case = pickle.loads(given.again.read_bytes())
        targets()[name].run(case)
        return 0
    known = targets()
    folder = given.findings.absolute()
    shutil.rmtree(folder, ignore_errors=True)
    shares = {name: target.share for name, target in known.items()}
    return parent(given.target or list(known), shares, given.seconds, folder, given.rounds)


if __name__ == "__main__":
    sys.exit(main())
