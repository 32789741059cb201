"""The rooms of the house: which module may import which. Read with ``ast``, nothing is run."""

from __future__ import annotations

import ast
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "tariffwatch"

ROOMS = [
    *("stamps", "years", "zones", "model", "errors", "clocks", "closed_days", "calendars", "timeline"),
    *("ledger", "results", "facts", "citing", "prospect", "query", "outlook", "kept"),
    *("courses", "changes", "worlds", "drift", "entries", "columns", "words"),
    *("settings", "remind", "views", "cli"),
]
"""From the bottom up: a room imports only from itself and from those before it."""

CORE = [
    *("years", "zones", "model", "clocks", "closed_days", "calendars", "timeline"),
    *("results", "facts", "citing", "prospect", "query", "outlook"),
    *("courses", "changes", "worlds", "drift", "entries", "words"),
]
PURE = {f"remind/{name}.py" for name in ("items", "plan", "telling", "message")}
"""Pure: no files, environment, terminal or clock."""

IMPURE = {"os", "sys", "io", "pathlib", "typer", "rich", "subprocess", "socket", "sqlite3", "tomllib", "time"}
CLOCKS = {"now", "utcnow", "today"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def inside(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the room"
            found |= {node.module or ""} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def rooms_imported(path: Path) -> set[str]:
    return {
        parts[1]
        for name in imports(path)
        if (parts := name.split("."))[0] == "tariffwatch" and len(parts) > 1 and parts[1] in ROOMS
    }


def test_every_module_stands_in_a_known_room() -> None:
    assert {room(path) for path in modules()} == {*ROOMS, "__init__", "__main__"}


@pytest.mark.parametrize("path", modules(), ids=inside)
def test_dependencies_point_downwards(path: Path) -> None:
    if room(path) in ROOMS:
        allowed = set(ROOMS[: ROOMS.index(room(path)) + 1])
        assert rooms_imported(path) <= allowed


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Nor by way of others, nor by an import within a function."""
    names = {"tariffwatch." + inside(path).removesuffix(".py").replace("/", "."): path for path in modules()}
    graph = {name: imports(path) & names.keys() - {name} for name, path in names.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(names)


@pytest.mark.parametrize(
    "path", [p for p in modules() if room(p) in CORE or inside(p) in PURE], ids=lambda path: path.name
)
def test_the_core_touches_nothing_outside(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & IMPURE


@pytest.mark.parametrize("path", modules(), ids=inside)
def test_only_cli_prints_and_asks_the_time(path: Path) -> None:
    if room(path) == "cli":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            assert not (isinstance(called, ast.Name) and called.id in {"print", "input"})
            assert not (isinstance(called, ast.Attribute) and called.attr in CLOCKS)


def test_only_one_place_asks_the_time() -> None:
    calls = [
        path.name
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]
    assert calls == ["present.py"]


def test_only_the_loader_and_check_open_ledger_files() -> None:
    openers = {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"open", "read_text", "read_bytes"}
    }
    ledger = {"ledger/load.py", "ledger/sealed.py", "cli/check.py"}  # sealed.py keeps what load.py read
    ledger |= {"ledger/incoming.py", "cli/mending.py"}  # texts, not facts
    settings = {"settings/load.py", "remind/secrets.py"}
    state = {f"cli/{name}.py" for name in ("overview", "remind/run", "remind/manage")}  # State.open
    state |= {"cli/looks.py", "cli/store.py"}  # which ledger is in use
    state |= {"cli/lock.py"}  # os.open
    own = {"cli/own_file.py"}  # the mapping of one's own file of entries or shipments
    # times.py reads the name of the machine's zone; main.py reopens /dev/null when the reader went away;
    # lock.py holds a file without content.
    assert openers <= ledger | settings | state | own | {"cli/times.py", "cli/main.py", "cli/lock.py"}


def test_only_the_terminal_view_imports_rich() -> None:
    importers = [p.name for p in modules() if any(n.split(".")[0] == "rich" for n in imports(p))]
    assert importers == ["fit.py", "terminal.py"]  # fit.py measures text for the live countdown


def test_coverage_is_reported_for_the_core_and_nothing_else() -> None:
    settings = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))
    told = settings["tool"]["coverage"]["report"]["include"]
    covered = {inside(path) for path in modules() if any(path.match(pattern) for pattern in told)}
    assert covered == {inside(path) for path in modules() if room(path) in CORE or inside(path) in PURE}
