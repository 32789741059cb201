"""Where settings, ledger, state and cache are kept: as the environment says, or where the system does."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tariffwatch.errors import UsageError

if TYPE_CHECKING:
    from tariffwatch.settings.model import Settings
    from tariffwatch.views.ledgers import Named


def settings_file(environ: Mapping[str, str]) -> Path:
    """TARIFFWATCH_CONFIG, or config.toml in the user's configuration folder."""
    if named := environ.get("TARIFFWATCH_CONFIG"):
        return absolute(named, "TARIFFWATCH_CONFIG")
    from platformdirs import user_config_path

    return user_config_path("tariffwatch", appauthor=False) / "config.toml"


def own_ledger() -> Path:
    """The ledger of the user's own that needs no setting: in the user's data folder. It may not be there."""
    from platformdirs import user_data_path

    return user_data_path("tariffwatch", appauthor=False) / "ledger"


def state_folder(environ: Mapping[str, str]) -> Path:
    """TARIFFWATCH_STATE, or the user's state folder."""
    if named := environ.get("TARIFFWATCH_STATE"):
        return absolute(named, "TARIFFWATCH_STATE")
    from platformdirs import user_state_path

    return user_state_path("tariffwatch", appauthor=False)


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Where parsed files are kept: TARIFFWATCH_CACHE, or the user's cache folder; None keeps nothing."""
    if (named := environ.get("TARIFFWATCH_CACHE")) is not None:
        return Path(named) if named else None
    from platformdirs import user_cache_path

    return user_cache_path("tariffwatch", appauthor=False)


def updates_folder(environ: Mapping[str, str]) -> Path:
    """Where newer ledgers are kept: TARIFFWATCH_UPDATES, or in the user's data folder."""
    if named := environ.get("TARIFFWATCH_UPDATES"):
        return absolute(named, "TARIFFWATCH_UPDATES")
    from platformdirs import user_data_path

    return user_data_path("tariffwatch", appauthor=False) / "updates"


def own_settings(environ: Mapping[str, str]) -> Settings:
    """The user's zone and ledger folders; raises UsageError for a settings file that cannot be understood."""
    from tariffwatch.settings.load import load

    loaded = load(settings_file(environ), head_only=True)
    for problem in loaded.problems:
        raise UsageError(f"{problem.loc}: {problem.message}; {problem.fix}")
    return loaded.settings


def folders(data: Iterable[Path] | None, environ: Mapping[str, str], settings: Settings) -> list[Path]:
    """The ledger's folders: the one in use, the user's own if it is there, then those that are named.

    Named are those of the settings, of TARIFFWATCH_DATA and of --data, in this order.
    """
    return [ledger_in_use(environ), *own_folders(data, environ, settings)]


def own_folders(data: Iterable[Path] | None, environ: Mapping[str, str], settings: Settings) -> list[Path]:
    """The folders that are laid over the ledger in use, as :func:`folders` has them."""
    own = own_ledger()
    return [*([own] if os.path.isdir(own) else []), *settings.data, *_named(environ), *(data or ())]


def ledger_in_use(environ: Mapping[str, str]) -> Path:
    """The ledger that came with the program, or a newer one that ``update`` has put in its place.

    Raises LedgerError if it cannot be told which.
    """
    from tariffwatch.cli.store import Store
    from tariffwatch.ledger.load import shipped

    return Store(updates_folder(environ)).in_use(shipped())


def ledger_named(environ: Mapping[str, str]) -> Named:
    """The ledger in use, as people are told of it. Raises LedgerError if it cannot be told which."""
    from tariffwatch.cli.store import Store

    return Store(updates_folder(environ)).named(ledger_in_use(environ))


def own_folder(data: Path | None, environ: Mapping[str, str], settings: Settings) -> Path:
    """The folder that ``add``, ``record`` and ``edit`` write to, which may not be there yet.

    --data, else the first of the settings, else the first of TARIFFWATCH_DATA, else the user's own.
    """
    return next(iter([*([data] if data else []), *settings.data, *_named(environ)]), own_ledger())


def _named(environ: Mapping[str, str]) -> list[Path]:
    return [Path(part) for part in environ.get("TARIFFWATCH_DATA", "").split(os.pathsep) if part]


def absolute(path: str, variable: str) -> Path:
    """A path of the environment, absolute; raises UsageError for the home of nobody."""
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError:
        raise UsageError(f"{variable}: {path} begins with a home that is not there; write it whole") from None
