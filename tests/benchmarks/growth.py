"""Whether time grows in proportion to size: a plot in characters, and the figures under it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 60, 18

Series = Mapping[int, float]
"""Seconds by number of actions; 0 actions is the program with its shipped ledger alone."""


def beyond(series: Series) -> dict[int, float]:
    """The seconds that the actions themselves cost: without start-up and the shipped ledger."""
    return {
        count: series[count] - series[0] for count in sorted(series) if count and series[count] > series[0]
    }


def exponent(series: Series) -> float:
    """How time grows from the second largest size to the largest: 1 is in proportion, 2 with the square."""
    (one, some), (other, more) = list(beyond(series).items())[-2:]
    return math.log(more / some) / math.log(other / one)


def plot(named: Mapping[str, Series]) -> str:
    """A plot with logarithmic axes; a dot is where a series would be that grows in proportion.

    Each series is drawn with its first letter; its dots go through its second smallest size.
    """
    points = {name: beyond(series) for name, series in named.items()}
    counts = sorted({count for found in points.values() for count in found})
    seconds = [second for found in points.values() for second in found.values()]
    columns = _Scale(counts[0], counts[-1], WIDTH)
    rows = _Scale(min(seconds), max(seconds), HEIGHT)
    grid = [[" "] * WIDTH for _ in range(HEIGHT)]
    for found in points.values():
        base = list(found)[min(1, len(found) - 1)]
        for column in range(WIDTH):
            count = counts[0] * (counts[-1] / counts[0]) ** (column / (WIDTH - 1))
            row = rows(found[base] * count / base)
            if 0 <= row < HEIGHT:
                grid[row][column] = "."
    for name, found in points.items():
        for count, second in found.items():
            grid[rows(second)][columns(count)] = name[0]
    lines = [f"{_axis(row, seconds)} |{''.join(grid[row])}".rstrip() for row in reversed(range(HEIGHT))]
    return "\n".join([*lines, f"{'':9} +{'-' * WIDTH}", f"{'':11}{_names(counts, columns)}"])


def figures(named: Mapping[str, Series]) -> list[str]:
    """A Markdown table: microseconds for each action at every size, and the exponent."""
    counts = sorted({count for series in named.values() for count in beyond(series)})
    head = ["time for one action", *(f"{count:,}" for count in counts), "grows as n^"]
    lines = [_row(head), _row(["---", *["---:"] * (len(head) - 1)])]
    for name, series in named.items():
        found = beyond(series)
        cells = [f"{found[count] / count * 1e6:,.0f} µs" if count in found else "" for count in counts]
        lines.append(_row([name, *cells, f"{exponent(series):.2f}"]))
    return lines


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


class _Scale:
    """Where a value stands on a logarithmic axis of so many places."""

    def __init__(self, least: float, most: float, places: int) -> None:
        self.least, self.span, self.places = math.log(least), math.log(most / least) or 1, places

    def __call__(self, value: float) -> int:
        return round((math.log(value) - self.least) / self.span * (self.places - 1))


def _axis(row: int, seconds: Sequence[float]) -> str:
    """The label of every fourth row."""
    if row % 4:
        return " " * 9
    value = min(seconds) * (max(seconds) / min(seconds)) ** (row / (HEIGHT - 1))
    return f"{value:7.3f} s" if value < 10 else f"{value:7.1f} s"


def _names(counts: Sequence[int], columns: _Scale) -> str:
    """The sizes below their columns."""
    line = ""
    for count in counts:
        text = f"{count:,}"
        line = line.ljust(max(0, min(columns(count) - len(text) // 2, WIDTH - len(text)))) + text
    return f"{line}  actions"
