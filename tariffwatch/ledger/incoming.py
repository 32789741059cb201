"""A ledger from outside, a folder or a zip file, taken into memory: what belongs to one, and nothing else.

Whoever made it may have meant harm. Nothing is unpacked: names, kinds and sizes are looked at first, and what
is taken is written by the program under names that cannot lead out of a folder.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from tariffwatch.errors import LedgerError
from tariffwatch.ledger.load import CLOCKS_FILE
from tariffwatch.ledger.parse import MAX_BYTES
from tariffwatch.ledger.reference import SCHEMA_FILE

MOST_ENTRIES = 20_000
"""Files and folders that are looked at."""
MOST_BYTES = 50_000_000
"""Of a zip file, and of what is taken out of it or a folder: fifty times the shipped ledger."""
LONGEST_LINE = 4_000
"""In bytes; some readers of TOML need time that grows with the square of a line."""
DEEPEST = 3
"""Folders and file: ``us/s232-copper.toml`` is two deep."""
MOST_PRESSED = 100
"""How many times smaller a member may be in the zip file; text is some ten times smaller."""
SMALL = 64_000
"""Of a member this small, nothing is asked about that."""

_WORDS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_ROOT = re.compile(rf"((?:[^/]+/)?(?:data/)?){re.escape(CLOCKS_FILE)}")
_BESIDE = ("README.md", SCHEMA_FILE)

Files = dict[str, bytes]
"""What a ledger holds, by paths such as ``us/s232-copper.toml``."""


def collect(path: Path) -> Files:
    """Take a ledger from a folder, a checkout of the project, or a zip file of either.

    Raises LedgerError, with what is wrong and where, for anything that is no ledger or may be a trap.
    """
    try:
        if path.is_dir():
            files = dict(_folder(path))
        elif path.is_file():
            files = _zip(path)
        else:
            raise LedgerError(f"there is no folder or zip file {path}")
    except OSError as error:
        raise LedgerError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from None
    _refuse_odd(path, files)
    return files


def _folder(path: Path) -> Iterator[tuple[str, bytes]]:
    root = path if (path / CLOCKS_FILE).exists() else path / "data"
    if root.is_symlink() or not (root / CLOCKS_FILE).is_file():
        raise LedgerError(f"{path} is no ledger: neither it nor its folder data holds {CLOCKS_FILE}")
    taken = 0
    for entry, name in _walk(root):
        if entry.is_symlink() or not entry.is_file(follow_symlinks=False):
            raise LedgerError(f"{entry.path} is a link or no ordinary file; put the file itself there")
        if not _belongs(name, path):
            continue
        with open(entry.path, "rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        taken += len(content)
        _refuse_size(path, name, len(content), taken)
        yield name, content


def _walk(root: Path) -> Iterator[tuple[os.DirEntry[str], str]]:
    """What is no folder below a folder, with its path from there; hidden names are left out."""
    waiting, seen = [(root, "")], 0
    while waiting:
        folder, prefix = waiting.pop()
        with os.scandir(folder) as entries:
            for entry in entries:
                if (seen := seen + 1) > MOST_ENTRIES:
                    raise _crowd(root)
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((Path(entry.path), f"{prefix}{entry.name}/"))
                else:
                    yield entry, prefix + entry.name


def _zip(path: Path) -> Files:
    _refuse_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            wanted = _wanted(path, archive.infolist())
            return {name: _content(archive, member, path) for name, member in wanted.items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise LedgerError(f"{path} is damaged, or no zip file: {_told(str(error))}") from None


def _refuse_directory(path: Path) -> None:
    """Refuse a zip file whose list of members alone would take long to read, before it is read.

    The list's length stands in the last record of the file (PKWARE APPNOTE 4.3.16).
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise LedgerError(
            f"{path} is larger than {MOST_BYTES:,} bytes; zip the folder data of the project alone"
        )
    with path.open("rb") as stream:
        stream.seek(max(0, size - 65_558))  # the record, 22 bytes, and the longest comment after it
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise LedgerError(f"{path} is no zip file")
    if tail[: max(0, at)][-20:].startswith(b"PK\x06\x07"):
        raise LedgerError(f"{path} is a zip file for huge archives (zip64), which no ledger needs")
    if int.from_bytes(tail[at + 12 : at + 16], "little") > 200 * MOST_ENTRIES:
        raise _crowd(path)


def _wanted(path: Path, members: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """The members that belong to the ledger; nothing has been unpacked when one is refused."""
    if len(members) > MOST_ENTRIES:
        raise _crowd(path)
    for member in members:
        _refuse_way_out(path, member.orig_filename)
    root = _root(path, members)
    wanted: dict[str, zipfile.ZipInfo] = {}
    taken = 0
    for member in members:
        name = member.filename.removeprefix(root)
        if not member.filename.startswith(root) or member.is_dir() or _hidden(name):
            continue
        _refuse_kind(path, member)
        if not _belongs(name, path):
            continue
        if name in wanted:
            raise LedgerError(f"{path} holds {name} twice")
        taken += member.file_size
        _refuse_size(path, name, member.file_size, taken)
        if member.file_size > max(SMALL, MOST_PRESSED * member.compress_size):
            raise LedgerError(
                f"{path}: {name} unpacks to more than {MOST_PRESSED} times its size: a zip bomb?"
            )
        wanted[name] = member
    return wanted


def _root(path: Path, members: Iterable[zipfile.ZipInfo]) -> str:
    """The folder of the ledger in a zip file, with its slash: the top or ``data``, or in one folder more."""
    found = {root[1] for member in members if (root := _ROOT.fullmatch(member.filename))}
    if len(found) == 1:
        return found.pop()
    if not found:
        raise LedgerError(f"{path} holds no ledger: there is no {CLOCKS_FILE} in it, or in its folder data")
    raise LedgerError(f"{path} holds more than one ledger: {', '.join(sorted(map(_told, found)))}")


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> bytes:
    """What a member holds: as much as it said, or it is refused."""
    with archive.open(member) as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) != member.file_size:
        raise LedgerError(f"{path}: {_told(member.filename)} is not as long as it says")
    return content


def _refuse_way_out(path: Path, name: str) -> None:
    """Refuse a zip file with any member that could land elsewhere, on any system."""
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or set("\\:") & set(name) or not name.isprintable():
        raise LedgerError(f"{path}: {_told(name)} leads out of the folder; nothing of such a file is taken")


def _refuse_kind(path: Path, member: zipfile.ZipInfo) -> None:
    """Refuse links, devices, and what is encrypted or pressed in an unusual way."""
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise LedgerError(f"{path}: {_told(member.filename)} is a link or no ordinary file")
    if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise LedgerError(
            f"{path}: {_told(member.filename)} is encrypted, or not pressed as zip files usually are"
        )


def _belongs(name: str, path: Path) -> bool:
    """Whether a file is one that a ledger holds; raises LedgerError for one that looks so and is not."""
    if name in _BESIDE:
        return True
    if not name.lower().endswith(".toml"):
        return False
    parts = name.split("/")
    plain = all(_WORDS.fullmatch(part) and not _DEVICE.fullmatch(part) for part in parts)
    if not plain or len(parts) > DEEPEST or not name.endswith(".toml"):
        raise LedgerError(f"{path}: {_told(name)} is no name of a ledger file, such as us/s232-copper.toml")
    return True


def _hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


def _refuse_size(path: Path, name: str, size: int, taken: int) -> None:
    if size > MAX_BYTES:
        raise LedgerError(
            f"{path}: {_told(name)} is larger than {MAX_BYTES:,} bytes; a file holds one action"
        )
    if taken > MOST_BYTES:
        raise LedgerError(f"{path} holds more than {MOST_BYTES:,} bytes of ledger files")


def _refuse_odd(path: Path, files: Files) -> None:
    """Refuse names that are one on some systems, and lines that nobody types."""
    folders = {parent for name in files for parent in accumulate(name.split("/")[:-1], "{}/{}".format)}
    names = [name.lower() for name in (*files, *folders)]
    if len(set(names)) < len(names):
        raise LedgerError(
            f"{path} holds two names that differ in capitals only, or a folder named like a file"
        )
    for name, content in files.items():
        if max(map(len, content.split(b"\n"))) > LONGEST_LINE and name.endswith(".toml"):
            raise LedgerError(f"{path}: {name} has a line of more than {LONGEST_LINE:,} bytes; break it up")


def _crowd(path: Path) -> LedgerError:
    return LedgerError(f"{path} holds more than {MOST_ENTRIES:,} files; name the ledger alone")


def _told(name: str) -> str:
    """A name from outside as a message may show it."""
    return ascii(name[:80])
