"""The settings file: the example is right, and every slip is named with its line and the mend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest

from tariffwatch.ledger.load import Ledger
from tariffwatch.model import DeadlineKind, Phase
from tariffwatch.settings.load import EXAMPLE, check, load, read
from tariffwatch.settings.model import LADDER, ChannelKind, Quiet, Rung, Secret, Security, Unit

WHERE = Path("/home/me/config.toml")
GOOD = """\
zone = "Europe/Brussels"
data = ["mine", "/abs"]
every = "1h"
brake = 7
heartbeat_url_env = "BEAT"

[[reminders]]
name = "canada"
on = ["CA"]
by = ["US"]
authority = "IEEPA"
id = ["us-example"]
phase = ["suspended"]
kind = ["pause-ends"]
before = ["4w", "5bd", "2h"]
news = false
quiet = "22:00-07:00"
channels = ["mail"]

[[channels]]
name = "mail"
kind = "email"
host = "smtp.example.com"
port = 465
security = "tls"
user = "me"
password_file = "secret"
from = "Desk <desk@example.com>"
to = ["a@example.com", "b@example.com"]
"""


def test_every_key_is_read() -> None:
    loaded = read(GOOD.encode(), WHERE)
    assert loaded.problems == []
    settings = loaded.settings
    assert settings.zone is not None
    assert (settings.zone.key, settings.every, settings.brake) == ("Europe/Brussels", timedelta(hours=1), 7)
    assert settings.data == (Path("/home/me/mine"), Path("/abs"))
    assert settings.heartbeat_url is not None
    assert settings.heartbeat_url.env == "BEAT"
    [reminder] = settings.reminders
    watch = reminder.watch
    assert (watch.on, watch.by, watch.ids) == ({"CA"}, {"US"}, {"us-example"})
    assert (watch.authority, watch.phases, watch.kinds) == (
        "IEEPA",
        {Phase.SUSPENDED},
        {DeadlineKind.PAUSE_ENDS},
    )
    assert reminder.before == (Rung(4, Unit.WEEKS), Rung(5, Unit.BUSINESS_DAYS), Rung(2, Unit.HOURS))
    assert (reminder.news, reminder.quiet) == (False, Quiet(time(22), time(7)))
    channel = settings.channel("mail")
    assert channel is not None
    assert (channel.kind, channel.port, channel.security) == (ChannelKind.EMAIL, 465, Security.TLS)
    assert (channel.sender, len(channel.to)) == ("Desk <desk@example.com>", 2)
    assert channel.password == Secret(
        file=Path("/home/me/secret"), loc=channel.password and channel.password.loc
    )


def test_the_example_reads_clean_and_so_does_every_line_that_it_comments_out() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    loaded = read(text.encode(), WHERE)
    assert loaded.problems == []
    assert loaded.settings.reminders[0].before == LADDER
    bare = "\n".join(
        line.removeprefix("# ")
        if line.startswith("# ") and ("=" in line.split("#")[1] or "[[" in line)
        else line
        for line in text.splitlines()
    )
    assert read(bare.encode(), WHERE).problems == []
    assert len(read(bare.encode(), WHERE).settings.channels) == 4


@pytest.mark.parametrize(
    ("old", "new", "line", "said", "mend"),
    [
        ('zone = "Europe/Brussels"', 'zone = "Europe/Bruxelles"', 1, "no zone", "America/New_York"),
        ('every = "1h"', 'every = "often"', 3, "no interval", '"5m"'),
        ("brake = 7", "brake = 0", 4, "whole number from 1 to 1000", "30"),
        ("brake = 7", "break = 7", 4, 'unknown key "break"', 'did you mean "brake"?'),
        ('before = ["4w", "5bd", "2h"]', 'before = ["soon"]', 15, "no span", '"7d"'),
        ('before = ["4w", "5bd", "2h"]', "before = []", 15, "is empty", '"7d"'),
        ('on = ["CA"]', 'on = ["Canada"]', 9, "two capital letters", '["CA"]'),
        ('phase = ["suspended"]', 'phase = ["suspend"]', 13, "not one of", "suspended"),
        ('quiet = "22:00-07:00"', 'quiet = "at night"', 17, "hours of the day", '"22:00-07:00"'),
        ('channels = ["mail"]', 'channels = ["male"]', 18, 'no channel is called "male"', '"mail"'),
        ('kind = "email"', 'kind = "e-mail"', 22, "not one of", "email"),
        ('host = "smtp.example.com"', "", 20, 'lacks "host"', "smtp.example.com"),
        ('to = ["a@example.com", "b@example.com"]', 'to = ["a"]', 29, "e-mail address", "desk@example.com"),
        ('from = "Desk <desk@example.com>"', 'from = "a\\nBcc: x@example.com"', 28, "address", "me@example"),
        ('password_file = "secret"', 'password = "x"', 27, 'unknown key "password"', "password_"),
        ('password_file = "secret"', 'password_file = "s"\npassword_env = "P"', 27, "both say", "keep one"),
        ("[[channels]]", "[channels]", 20, "must be written as tables", "[[channels]]"),
        ('name = "mail"', 'name = "mail', 21, "not TOML", "correct"),
        ('kind = "email"', 'kind = "apprise"', 20, 'lacks "url"', "url_env"),
        ('data = ["mine", "/abs"]', 'data = ["~no-such-user/x"]', 2, "no path on this machine", "tariffs"),
        ('data = ["mine", "/abs"]', 'data = ["a\\u0000b"]', 2, "no path on this machine", "tariffs"),
        ('name = "mail"', f"name = 0x{'f' * 4000}", 1, "more than 64 bits", "correct"),
    ],
)
def test_a_slip_is_named_with_its_line_and_the_mend(
    old: str, new: str, line: int, said: str, mend: str
) -> None:
    assert GOOD.count(old) == 1
    problems = read(GOOD.replace(old, new).encode(), WHERE).problems
    found = [p for p in problems if p.loc.line == line and said in p.message]
    assert found, [f"{p.loc}: {p.message}" for p in problems]
    assert mend in found[0].fix + found[0].message


def test_files_of_ones_own_start_from_the_folder_of_the_settings() -> None:
    more = 'entries = ["mine.csv", "/abs.csv"]\nentries_map = "map.toml"\nledger = false\nnews = false'
    [reminder] = read(GOOD.replace("news = false", more).encode(), WHERE).settings.reminders
    assert reminder.files.entries == ("/home/me/mine.csv", "/abs.csv")
    assert reminder.files.places == (*map(Path, reminder.files.entries), Path("/home/me/map.toml"))
    assert (reminder.files.shipments, reminder.ledger) == ((), False)
    [plain] = read(GOOD.encode(), WHERE).settings.reminders
    assert (bool(plain.files), plain.ledger) == (False, True)


def test_a_reminder_without_ledger_and_files_watches_nothing(ledger: Callable[..., Ledger]) -> None:
    settings = read(GOOD.replace("news = false", "ledger = false").encode(), WHERE).settings
    found = [problem.message for problem in check(settings, ledger(us_example=""), "c")]
    assert found == ['reminder "canada" watches nothing: neither the ledger nor a file']


def test_names_are_taken_once() -> None:
    problems = read((GOOD + GOOD[GOOD.index("[[channels]]") :]).encode(), WHERE).problems
    assert [(p.code, p.loc.line) for p in problems] == [("TW602", 31)]


def test_ids_and_watches_are_checked_against_the_ledger(ledger: Callable[..., Ledger]) -> None:
    books = ledger(us_example="")
    good = GOOD.replace('on = ["CA"]', 'on = ["FD"]')
    assert check(read(good.encode(), WHERE).settings, books, "c") == []
    slip = read(good.replace('"us-example"', '"us-exmple"').encode(), WHERE).settings
    first, second = check(slip, books, "c")
    assert (first.loc.line, first.message) == (12, 'no action is called "us-exmple"')
    assert first.fix == 'did you mean "us-example"?'
    assert "watches nothing" in second.message
    [empty] = check(read(b"", WHERE).settings, books, "c")
    assert "no reminder is set up" in empty.message


def test_other_commands_read_only_the_head(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(GOOD.replace('kind = "email"', "kind = 5"), encoding="utf-8")
    assert load(path, head_only=True).problems == []
    assert load(path, head_only=True).settings.data[1] == Path("/abs")
    path.write_text("zone = 5", encoding="utf-8")
    assert len(load(path, head_only=True).problems) == 1
    assert load(tmp_path / "none.toml").problems == []


def test_a_file_that_is_no_text() -> None:
    [problem] = read(b"zone = \xff", WHERE).problems
    assert problem.message == "byte 0xff is not UTF-8"
