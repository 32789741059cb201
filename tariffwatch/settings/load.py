"""The only reader of the settings file: TOML -> settings and problems."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tariffwatch.errors import Problem, UsageError
from tariffwatch.ledger.fields import Field
from tariffwatch.ledger.kinds import NEW_YORK, hint
from tariffwatch.ledger.load import Ledger
from tariffwatch.ledger.records import Records, decode, toml
from tariffwatch.model import Loc
from tariffwatch.results import Filters
from tariffwatch.settings import fields
from tariffwatch.settings.model import (
    BRAKE,
    EVERY,
    LADDER,
    Channel,
    ChannelKind,
    Files,
    Reminder,
    Secret,
    Settings,
)

EXAMPLE = Path(__file__).with_name("example.toml")
"""The commented file that ``remind init`` writes."""
MOST_BYTES = 1_000_000

Named = TypeVar("Named", Reminder, Channel)


@dataclass(slots=True)
class Loaded:
    """What a settings file says, and what is wrong with it."""

    settings: Settings = field(default_factory=Settings)
    problems: list[Problem] = field(default_factory=list)


def load(path: Path, *, head_only: bool = False) -> Loaded:
    """Read a settings file; one that is not there says nothing.

    ``head_only`` leaves the reminders unread: a slip there is no business of other commands. Raises
    UsageError for a file that cannot be read.
    """
    try:
        data = contents(path)
    except FileNotFoundError:
        return Loaded()
    return read(data, path, head_only=head_only)


def contents(path: Path) -> bytes:
    """The bytes of a settings file; raises FileNotFoundError, and UsageError if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES)
    except FileNotFoundError:
        raise
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        raise UsageError(f"{path}: the settings cannot be read: {words}") from None


def read(data: bytes, path: Path, *, head_only: bool = False) -> Loaded:
    """Read the text of a settings file; paths in it start from its folder."""
    loaded = Loaded()
    name = path.as_posix()
    text = decode(data, name, loaded.problems)
    document = None if text is None else toml(text, name, loaded.problems)
    if text is not None and document is not None:
        reader = _Reader(text, name, loaded.problems, NEW_YORK)
        reader.folder = path.parent
        reader.read(document, loaded, head_only=head_only)
    return loaded


def check(settings: Settings, ledger: Ledger, name: str) -> list[Problem]:
    """What is wrong with the reminders in the light of a ledger: ids and watches that match nothing."""
    problems = []
    for reminder in settings.reminders:
        for id in sorted(reminder.watch.ids - ledger.actions.keys()):
            fix = hint(id, list(ledger.actions), "tariffwatch status lists the ids")
            problems.append(Problem(reminder.loc, "TW604", f'no action is called "{id}"', fix))
        if not reminder.ledger and not reminder.files:
            message = f'reminder "{reminder.name}" watches nothing: neither the ledger nor a file'
            problems.append(Problem(reminder.loc, "TW605", message, "name entries or shipments"))
        if reminder.ledger and not any(map(reminder.watch.takes, ledger.actions.values())):
            message = f'reminder "{reminder.name}" watches nothing: no action matches all that it asks'
            problems.append(Problem(reminder.loc, "TW605", message, "correct on, by, authority or id"))
    if not settings.reminders:
        fix = "add [[reminders]]; tariffwatch remind init shows how"
        problems.append(Problem(Loc(name, 1), "TW606", "no reminder is set up", fix))
    return problems


class _Reader(Records):
    """Turns one parsed document into settings."""

    folder = Path()

    def read(self, document: dict[str, Any], loaded: Loaded, *, head_only: bool) -> None:
        known = fields.HEAD if head_only else fields.HEAD + fields.REMIND
        top = {key: value for key, value in document.items() if key not in fields.TABLES}
        if head_only:
            top = {key: value for key, value in top.items() if any(key == f.key for f in known)}
        head = self.record(top, known, tables=fields.TABLES)
        channels, reminders = ([], []) if head_only else self._tables_of(document)
        loaded.settings = Settings(
            zone=head.get("zone"),
            data=tuple(self._path(path) for path in head.get("data", ())),
            every=head.get("every", EVERY),
            brake=head.get("brake", BRAKE),
            heartbeat_file=self._path(head["heartbeat_file"]) if "heartbeat_file" in head else None,
            heartbeat_url=self._secret(head, "heartbeat_url", "", 0),
            reminders=tuple(reminders),
            channels=tuple(channels),
        )

    def _tables_of(self, document: dict[str, Any]) -> tuple[list[Channel], list[Reminder]]:
        channels = self._tables(document, "channels")
        names = [str(item.get("name")) for _, item in channels]
        reminders = [self._reminder(*at, names) for at in self._tables(document, "reminders")]
        return self._once("channels", [self._channel(*at) for at in channels]), self._once(
            "reminders", reminders
        )

    def _tables(self, document: dict[str, Any], table: str) -> list[tuple[int, dict[str, Any]]]:
        value = document.get(table, [])
        return list(enumerate(value)) if self.are_tables(value, table) else []

    def _reminder(self, index: int, item: dict[str, Any], channels: list[str]) -> Reminder | None:
        before = len(self.problems)
        values = self.record(item, fields.REMINDER, "reminders", index)
        for name in values.get("channels", ()):
            if name not in channels:
                fix = hint(name, channels, f'add [[channels]] with name = "{name}"')
                message = f'no channel is called "{name}"'
                self.problem("TW601", "reminders", index, "channels", message, fix)
        if len(self.problems) > before:
            return None
        watch = Filters(
            ids=frozenset(values.get("id", ())),
            on=frozenset(values.get("on", ())),
            by=frozenset(values.get("by", ())),
            authority=values.get("authority"),
            phases=frozenset(values.get("phase", ())),
            kinds=frozenset(values.get("kind", ())),
        )
        return Reminder(
            name=values["name"],
            watch=watch,
            ledger=values.get("ledger", True),
            files=self._files(values),
            before=tuple(dict.fromkeys(values.get("before", LADDER))),
            news=values.get("news", True),
            quiet=values.get("quiet"),
            channels=tuple(dict.fromkeys(values["channels"])),
            loc=self.loc("reminders", index, "id"),
        )

    def _files(self, values: dict[str, Any]) -> Files:
        files = {
            key: tuple(str(self._path(p)) for p in values.get(key, ())) for key in ("entries", "shipments")
        }
        maps = {key: self._path(values[key]) for key in ("entries_map", "shipments_map") if key in values}
        return Files(files["entries"], files["shipments"], **maps)

    def _channel(self, index: int, item: dict[str, Any]) -> Channel | None:
        before = len(self.problems)
        kind = item.get("kind")
        known = fields.CHANNELS[ChannelKind(kind) if kind in list(ChannelKind) else ChannelKind.STDOUT]
        if kind not in list(ChannelKind):
            item = {key: value for key, value in item.items() if key in ("name", "kind")}
        values = self.record(item, known, "channels", index)
        password = self._secret(values, "password", "channels", index)
        url = self._secret(values, "url", "channels", index)
        if kind == ChannelKind.APPRISE and url is None:
            self._lacks(known, "url", index)
        if len(self.problems) > before:
            return None
        plain = ("name", "kind", "command", "host", "port", "security", "user", "to")
        return Channel(
            **{key: values[key] for key in plain if key in values},
            sender=values.get("from", ""),
            password=password,
            url=url,
            loc=self.loc("channels", index),
        )

    def _lacks(self, known: Iterable[Field], key: str, index: int) -> None:
        example = next(f.example for f in known if f.key == key)
        message = f'[[channels]] lacks "{key}"'
        fix = f"add {key} = {example}, {key}_env or {key}_file"
        self.problem("TW102", "channels", index, None, message, fix)

    def _secret(self, values: dict[str, Any], key: str, table: str, index: int) -> Secret | None:
        """The secret that one of KEY, KEY_env and KEY_file gives."""
        given = [k for k in (key, f"{key}_env", f"{key}_file") if k in values]
        if not given:
            return None
        if len(given) > 1:
            message = f'"{given[0]}" and "{given[1]}" both say where it is'
            self.problem("TW603", table, index, given[1], message, "keep one of them")
        file = values.get(f"{key}_file")
        loc = self.loc(table, index, given[0])
        return Secret(values.get(key), values.get(f"{key}_env"), self._path(file) if file else None, loc)

    def _once(self, table: str, found: list[Named | None]) -> list[Named]:
        """Those that could be read; a problem for a name that is taken."""
        taken: set[str] = set()
        for index, one in enumerate(found):
            if one and one.name in taken:
                message = f'"{one.name}" is the name of another of the [[{table}]]'
                self.problem("TW602", table, index, "name", message, "give each a name of its own")
            elif one:
                taken.add(one.name)
        return [one for one in found if one]

    def _path(self, path: Path) -> Path:
        return (self.folder / path).absolute()
