"""Files that are written for other programs: whole, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from tariffwatch.errors import UsageError

BESIDE = ".tariffwatch-"
"""Begins the names of files that are being written; a run that was killed may leave one."""


def replace_file(name: str, content: bytes, option: str) -> None:
    """Write a file, in one step over what was there, with its permissions; through a link, what it names.

    A device or a pipe is written to. Raises UsageError that says why it cannot be written, and the mend.
    """
    try:
        place = Path(os.path.realpath(name))
        if place.is_symlink():
            raise OSError(errno.ELOOP, "its links go round in a circle")
        if place.is_dir():
            raise UsageError(f"{option}: {name or '.'} is a folder; name a file in it")
        if not place.parent.is_dir():
            raise UsageError(f"{option}: there is no folder {place.parent}; make it, or name another")
        if place.exists() and not os.access(place, os.W_OK):
            raise PermissionError
        if place.exists() and not place.is_file():
            with open(place, "wb") as device:
                device.write(content)
        else:
            swap(place, content)
    except OSError as error:
        raise UsageError(f"{option}: {name} cannot be written: {reason(error)}; name another file") from None


def swap(place: Path, content: bytes) -> None:
    """Write beside the file, then put it in its place: a reader sees the old one or the new one."""
    beside = place.with_name(f"{BESIDE}{os.urandom(8).hex()}")
    try:
        with open(beside, "xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if place.exists():
            shutil.copymode(place, beside)
        os.replace(beside, place)
    finally:
        beside.unlink(missing_ok=True)


def reason(error: OSError) -> str:
    """Why a file cannot be written, in a word or two."""
    if isinstance(error, PermissionError):
        return "permission denied"
    return (error.strerror or str(error)).lower()
