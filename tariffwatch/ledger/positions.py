"""Where each table and key stands in a TOML text: ``tomllib`` does not say."""

from __future__ import annotations

import re
from functools import cached_property

_HEADER = re.compile(r"\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*[.=]""")
_LONG = re.compile(r'"""|\'\'\'')
_BRACKET = re.compile(r"[\[\]{}]")
# A quote that stays open goes to the end of the line: to look for its end again and again would take long.
_QUIET = re.compile(r'"(?:\\.?|[^"\\])*(?:"|$)|\'[^\']*(?:\'|$)')


class Positions:
    """Line numbers (1 is the first) of the tables and keys of one file, found when first asked for."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()

    def line(self, table: str = "", index: int = 0, key: str | None = None) -> int:
        """The line of a key in the index-th table of that name; of its header if the key is not there."""
        header = self._index.get((table, index, None), 1)
        return self._index.get((table, index, key), header)

    def text(self, line: int) -> str:
        """What stands on a line; empty past the end."""
        return self._lines[line - 1] if 0 < line <= len(self._lines) else ""

    @cached_property
    def _index(self) -> dict[tuple[str, int, str | None], int]:
        index: dict[tuple[str, int, str | None], int] = {}
        counts: dict[str, int] = {}
        table, fence, depth = "", "", 0
        for number, line in enumerate(self._lines, start=1):
            outside = not fence and depth == 0
            if outside and (header := _HEADER.match(line)):
                table = header[1].strip()
                counts[table] = counts.get(table, -1) + 1
                index[table, counts[table], None] = number
            elif outside and (key := _KEY.match(line)):
                place = (table, counts.get(table, 0), key[1] or key[2] or key[3])
                index.setdefault(place, number)
            fence = _fence_after(line, fence)
            if not fence and not (outside and header):
                depth = max(0, depth + _brackets(line))
        return index


def _fence_after(line: str, fence: str) -> str:
    """The long quote still open at the end of a line, given the one open at its start."""
    if not _LONG.search(line):
        return fence
    if not fence:
        line = line.split("#")[0]
    for found in _LONG.findall(line):
        fence = "" if found == fence else (fence or found)
    return fence


def _brackets(line: str) -> int:
    """How many more brackets a line opens than it closes, outside quotes and comments."""
    if not _BRACKET.search(line):
        return 0
    bare = _QUIET.sub("", line).split("#")[0]
    return sum(bare.count(sign) for sign in "[{") - sum(bare.count(sign) for sign in "]}")
