"""The README's way from nothing to an own deadline in countdown, mail and calendar, word by word."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from conftest import NEW_YORK
from icalendar import Calendar
from servers import Mailbox

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
SECTION = README.partition("## Your own deadlines\n")[2].partition("\n## ")[0]
COMMANDS = [
    shlex.split(line, comments=True)
    for block in re.findall(r"^```bash\n(.*?)^```", SECTION, re.M | re.S)
    for line in block.replace("\\\n", " ").splitlines()
]
[SETTINGS] = re.findall(r"^```toml\n(.*?)^```", SECTION, re.M | re.S)


def at_hand(settings: str, box: Mailbox) -> str:
    """The settings for the mail server of the test; it speaks no TLS."""
    for old, new in {
        'host = "smtp.example.com"': 'host = "127.0.0.1"',
        "port = 587": f"port = {box.port}",
        'security = "starttls"': 'security = "none"',
        'user = "me@example.com"': 'user = "desk"',
    }.items():
        assert settings.count(old) == 1
        settings = settings.replace(old, new)
    return settings


def test_an_own_deadline_with_a_condition_by_mail_and_in_a_calendar(
    run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, mail_server: Mailbox
) -> None:
    (tmp_path / ".smtp-password").write_text("s3cret\n", encoding="utf-8")
    said = {}
    started = datetime.now(NEW_YORK)
    for program, *arguments in COMMANDS:
        assert program == "tariffwatch"
        done = run(*arguments, cwd=tmp_path)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), (arguments, done.stderr)
        said[" ".join(arguments[:3])] = done
        if arguments == ["remind", "init"]:
            [written] = re.findall(r"^Wrote (.*)$", done.stdout, re.M)
            with Path(written).open("a", encoding="utf-8") as settings:
                settings.write(at_hand(SETTINGS, mail_server))
    ended = datetime.now(NEW_YORK)

    due = {f"{at + timedelta(days=10):%Y-%m-%d, %A}" for at in (started, ended)}
    understood = said["record acme-pumps deadline"].stderr
    [day, weekday] = re.findall(r"at +(\S+) 17:00 E[SD]T, (\w+)", understood)[0]
    assert f"{day}, {weekday}" in due

    countdown = said["countdown --id acme-pumps"].stdout
    assert f"{day} 17:00" in countdown
    assert "filing due: Answer USTR's questions" in countdown
    assert "USTR" in countdown.split("\n")[2].split("questions")[1], "who decides"
    assert "Show that nobody in the US makes such pumps" in said["conditions --id acme-pumps"].stdout

    test, letter = mail_server.letters
    assert test["Subject"] == "tariffwatch: test of the channel mail"
    assert "filing due: Answer USTR's questions" in letter["Subject"] + letter.get_content()
    for words in (
        f"{day} 17:00",
        "Exclusion of Acme's pumps (acme-pumps)",
        "Decides: USTR",
        "USTR's letter to Acme",
    ):
        assert words in letter.get_content()

    calendar = Calendar.from_ical((tmp_path / "acme.ics").read_bytes())
    [event] = [
        e for e in calendar.walk("VEVENT") if "Answer USTR's questions" in e["SUMMARY"] + e["DESCRIPTION"]
    ]
    assert event["DTSTART"].dt.astimezone(NEW_YORK) == datetime.fromisoformat(f"{day}T17:00").replace(
        tzinfo=NEW_YORK
    )

    shown = json.loads(run("show", "acme-pumps", "--format", "json").stdout)["actions"][0]
    assert [(c["id"], c["finding"]) for c in shown["conditions"]] == [("proof", "met")]
    assert shown["file"].endswith(".local/share/tariffwatch/ledger/acme-pumps.toml")
    assert run("check").returncode == 0
