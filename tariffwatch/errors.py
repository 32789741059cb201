"""What can go wrong: problems in the data (values), failures in running (exceptions), exit codes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tariffwatch.model import Loc


class ExitCode(IntEnum):
    """How a run ended."""

    DONE = 0
    PROBLEMS = 1
    """``check`` found problems, or ``--exit-code`` was asked and something is due."""
    USAGE = 2
    """An option or argument could not be understood."""
    BAD_DATA = 3
    """Part of the ledger could not be read; the rest was shown."""
    UNDELIVERED = 4
    """A reminder could not be delivered; it is kept for the next run."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a ledger file: where, what, and how to mend it."""

    loc: Loc
    code: str
    message: str
    fix: str
    warning: bool = False
    """A warning is worth a look, but does not fail ``check``."""

    @property
    def order(self) -> tuple[str, int, str, str]:
        """The order in which problems are reported: by file, then line."""
        return (self.loc.file, self.loc.line, self.code, self.message)


class TariffwatchError(Exception):
    """The family of failures that end a run with one clear sentence."""

    exit_code = ExitCode.USAGE


class UsageError(TariffwatchError):
    """An option, argument or environment variable that cannot be understood."""


class LedgerError(TariffwatchError):
    """A ledger folder that cannot be read at all."""

    exit_code = ExitCode.BAD_DATA
