"""What the shell offers for a word that is being typed. Slips and unreadable files offer nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from typer import Context

from tariffwatch.errors import TariffwatchError

if TYPE_CHECKING:
    from tariffwatch.ledger.load import Ledger
    from tariffwatch.model import Action


def ids(incomplete: str) -> list[str]:
    """The ids of actions: the names of the ledger's files, which need not be read."""
    from tariffwatch.cli.places import folders, own_settings

    with suppress(TariffwatchError, OSError):
        places = folders(None, os.environ, own_settings(os.environ))
        names = {file.stem for place in places for file in place.rglob("*.toml")}
        return sorted(name for name in names - {"clocks", "instruments"} if name.startswith(incomplete))
    return []


def instruments(context: Context, incomplete: str) -> list[str]:
    """The instruments that the facts of the action before name."""
    from tariffwatch.citing import cited
    from tariffwatch.model import END

    with suppress(TariffwatchError, OSError):
        ledger = _ledger()
        if action := ledger.actions.get(context.params.get("action") or ""):
            names = (instrument.id for instrument in cited(action, ledger.instruments, END))
            return sorted(name for name in names if name.startswith(incomplete))
    return []


def countries(incomplete: str) -> list[str]:
    """The countries on whose goods there is any measure."""
    return _of_actions(lambda action: action.on, incomplete)


def governments(incomplete: str) -> list[str]:
    """The governments that impose any measure."""
    return _of_actions(lambda action: [action.imposed_by], incomplete)


def authorities(incomplete: str) -> list[str]:
    """The laws on which measures rest, as the ledger words them."""
    return _of_actions(lambda action: [action.authority], incomplete)


def clocks(incomplete: str) -> list[str]:
    """The ids of legal clocks."""
    from tariffwatch.cli.places import cache_folder, ledger_in_use
    from tariffwatch.ledger.load import load

    with suppress(TariffwatchError, OSError):
        ledger = load([ledger_in_use(os.environ)], cache_folder(os.environ))
        return sorted(id for id in ledger.clocks if id.startswith(incomplete))
    return []


def _of_actions(words: Callable[[Action], Iterable[str]], incomplete: str) -> list[str]:
    with suppress(TariffwatchError, OSError):
        found = {word for action in _ledger().actions.values() for word in words(action)}
        return sorted(word for word in found - {"*"} if word.startswith(incomplete))
    return []


def _ledger() -> Ledger:
    """The user's ledger, with folders named by settings and environment; raises TariffwatchError."""
    from tariffwatch.cli.places import cache_folder, folders, own_settings
    from tariffwatch.ledger.load import load

    return load(folders(None, os.environ, own_settings(os.environ)), cache_folder(os.environ))
