"""Where settings, ledger, state and cache are kept: as the environment says, or where the system does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def settings_file(environ: Mapping[str, str]) -> Path:
    """TARIFFWATCH_CONFIG, or config.toml in the user's configuration folder."""
    if named := environ.get("TARIFFWATCH_CONFIG"):
        return Path(named).expanduser().absolute()
    from platformdirs import user_config_path

    return user_config_path("tariffwatch", appauthor=False) / "config.toml"


def ledger_folder() -> Path:
    """The ledger of the user's own that needs no setting: in the user's data folder. It may not be there."""
    from platformdirs import user_data_path

    return user_data_path("tariffwatch", appauthor=False) / "ledger"


def state_folder(environ: Mapping[str, str]) -> Path:
    """TARIFFWATCH_STATE, or the user's state folder."""
    if named := environ.get("TARIFFWATCH_STATE"):
        return Path(named).expanduser().absolute()
    from platformdirs import user_state_path

    return user_state_path("tariffwatch", appauthor=False)


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Where parsed files are kept: TARIFFWATCH_CACHE, or the user's cache folder; None keeps nothing."""
    if (named := environ.get("TARIFFWATCH_CACHE")) is not None:
        return Path(named) if named else None
    from platformdirs import user_cache_path

    return user_cache_path("tariffwatch", appauthor=False)
