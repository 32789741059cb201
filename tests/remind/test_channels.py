"""Channels, with real counterparts: a mail server, an HTTP endpoint, programs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import NEW_YORK, instant
from hypothesis import given
from hypothesis import strategies as st
from servers import Endpoint, Mailbox, free_port

from tariffwatch.model import DeadlineKind, Loc
from tariffwatch.remind.channels import DeliveryError, Outside, PartlyError, check, letter, send
from tariffwatch.remind.items import Item, ItemKind
from tariffwatch.remind.message import Dispatch, Message, compose
from tariffwatch.results import Due, Key
from tariffwatch.settings.model import Channel, ChannelKind, Secret, Security

NOW = instant("2025-02-25 00:05")
LOC = Loc("config.toml", 7)
MESSAGE = Message("tariffwatch: in 7 days: pause ends", "IN 7 DAYS\nZürich, 25 %\n", "abc123", "thread1")


def outside(environ: Mapping[str, str] | None = None, write: Callable[[str], None] = print) -> Outside:
    return Outside(write, environ or {}, NOW)


def channel(kind: ChannelKind, **given: object) -> Channel:
    return Channel(name="it", kind=kind, loc=LOC, **given)  # type: ignore[arg-type]


def mail(port: int, **given: object) -> Channel:
    fields: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "security": Security.NONE,
        "sender": "Desk <desk@example.com>",
        "to": ("a@example.com",),
    }
    return channel(ChannelKind.EMAIL, **(fields | given))


def test_print() -> None:
    printed: list[str] = []
    send(channel(ChannelKind.STDOUT), MESSAGE, outside(write=printed.append))
    assert "".join(printed) == f"{MESSAGE.subject}\n\n{MESSAGE.body}"


def test_a_full_disk_behind_stdout_is_a_failure_of_the_channel() -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    with pytest.raises(DeliveryError, match="No space left on device"):
        send(channel(ChannelKind.STDOUT), MESSAGE, outside(write=lambda text: print(os.write(full, b"x"))))
    os.close(full)


def test_a_program_gets_the_message(tmp_path: Path) -> None:
    script = "import os, sys; print(sys.stdin.read(), file=open(sys.argv[1], 'w')); "
    script += "print(os.environ['TARIFFWATCH_SUBJECT'], file=open(sys.argv[1], 'a'))"
    out = tmp_path / "out.txt"
    command = (sys.executable, "-c", script, str(out))
    send(channel(ChannelKind.COMMAND, command=command), MESSAGE, outside({"LC_ALL": "C.UTF-8"}))
    assert out.read_text(encoding="utf-8") == f"{MESSAGE.body}\n{MESSAGE.subject}\n"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ((sys.executable, "-c", "import sys; sys.exit('out of paper')"), "exit code 1: out of paper"),
        (("/nowhere/at/all",), "No such file or directory"),
    ],
)
def test_a_program_that_fails(command: tuple[str, ...], said: str) -> None:
    with pytest.raises(DeliveryError, match=said):
        send(channel(ChannelKind.COMMAND, command=command), MESSAGE, outside())


def test_mail_is_plain_text_with_a_lasting_id(mail_server: Mailbox) -> None:
    both = mail(mail_server.port, to=("a@example.com", "b@example.com"))
    send(both, MESSAGE, outside())
    send(both, MESSAGE, outside())
    first, second = mail_server.letters
    assert first.get_content_type() == "text/plain"
    assert first.get_content().replace("\r\n", "\n") == MESSAGE.body
    assert first["Subject"] == MESSAGE.subject
    assert first["To"] == "a@example.com, b@example.com"
    assert first["Message-ID"] == second["Message-ID"] == "<abc123@tariffwatch.example.com>"
    assert first["References"] == first["In-Reply-To"] == "<thread1.thread@tariffwatch.example.com>"
    assert first["Date"].datetime == NOW
    assert first["Auto-Submitted"] == "auto-generated"
    assert all(len(line) <= 998 for line in mail_server.raw[0].split(b"\r\n"))  # RFC 5322 2.1.1


def test_mail_with_a_login(mail_server: Mailbox, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("s3cret\n", encoding="utf-8")
    send(mail(mail_server.port, user="desk", password=Secret(file=secret)), MESSAGE, outside())
    send(mail(mail_server.port, user="desk", password=Secret(env="P")), MESSAGE, outside({"P": "s3cret"}))
    assert len(mail_server.letters) == 2
    with pytest.raises(DeliveryError, match="535"):
        send(mail(mail_server.port, user="desk", password=Secret(env="P")), MESSAGE, outside({"P": "x"}))


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        (Secret(env="SMTP_PASSWORD"), "the environment variable SMTP_PASSWORD is not set"),
        (Secret(file=Path("/nowhere/secret")), "/nowhere/secret cannot be read: no such file"),
    ],
)
def test_a_missing_secret_is_a_failure_of_the_channel(
    mail_server: Mailbox, secret: Secret, said: str
) -> None:
    with pytest.raises(DeliveryError, match=said):
        send(mail(mail_server.port, user="desk", password=secret), MESSAGE, outside())


def test_a_mail_server_that_is_down() -> None:
    with pytest.raises(DeliveryError, match="Connection refused"):
        send(mail(free_port()), MESSAGE, outside())


def test_a_mail_server_that_does_not_speak_tls(mail_server: Mailbox) -> None:
    with pytest.raises(DeliveryError, match="STARTTLS"):
        send(mail(mail_server.port, security=Security.STARTTLS), MESSAGE, outside())


def test_a_refused_recipient_is_named_and_the_others_have_it(mail_server: Mailbox) -> None:
    with pytest.raises(PartlyError, match="refused for x@refused"):
        send(mail(mail_server.port, to=("a@example.com", "x@refused.example")), MESSAGE, outside())
    assert len(mail_server.letters) == 1
    with pytest.raises(DeliveryError) as failure:
        send(mail(mail_server.port, to=("x@refused.example",)), MESSAGE, outside())
    assert not isinstance(failure.value, PartlyError)


def test_apprise(endpoint: Endpoint) -> None:
    url = Secret(value=f"json://127.0.0.1:{endpoint.port}/hook")
    send(channel(ChannelKind.APPRISE, url=url), MESSAGE, outside())
    told = json.loads(endpoint.bodies[0])
    assert (endpoint.paths, told["title"]) == (["/hook"], MESSAGE.subject)
    assert told["message"].strip() == MESSAGE.body.strip()
    endpoint.status = 500
    with pytest.raises(DeliveryError):
        send(channel(ChannelKind.APPRISE, url=url), MESSAGE, outside())


def test_a_url_that_apprise_does_not_know() -> None:
    url = Secret(value="slak://x/y/z", loc=Loc("config.toml", 9))
    [problem] = check(channel(ChannelKind.APPRISE, url=url), {})
    assert (str(problem.loc), problem.code) == ("config.toml:9", "TW608")
    assert "slak" in problem.message
    assert check(channel(ChannelKind.APPRISE, url=Secret(value="json://localhost")), {}) == []


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    [problem] = check(channel(ChannelKind.APPRISE, url=Secret(value="json://localhost")), {})
    assert problem.fix == "pip install 'tariffwatch[apprise]'"


def item(title: str, n: int = 0) -> Item:
    due = Due(instant("2025-03-04 00:01") + timedelta(days=n), False, False, NEW_YORK, "US")
    key = Key(f"us-{n}", "pause", DeadlineKind.PAUSE_ENDS, True)
    return Item(
        id=f"id{n}", kind=ItemKind.WARNING, action=f"us-{n}", title=title, head="pause ends", due=due,
        lines=("pause ends: in force at 25%",), sources=("eo-1 sec. 1 https://example.com",), threads=(key,),
    )  # fmt: skip


DISPATCH = Dispatch(NOW, NEW_YORK, 30)


def test_a_subject_says_it_all() -> None:
    one = compose([(item("US duty on Canada"), NOW)], DISPATCH)
    assert one.subject == (
        "tariffwatch: in 7 days, 4 business days: pause ends: US duty on Canada (2025-03-04 00:01 EST)"
    )
    three = compose([(item(f"Duty {n}", n), NOW) for n in (2, 0, 1)], DISPATCH)
    assert three.subject.endswith("pause ends: Duty 0 (2025-03-04 00:01 EST) and 2 more")
    long = compose([(item("x" * 400), NOW)], DISPATCH)
    assert len(long.subject) == 150
    assert long.subject.endswith("... (2025-03-04 00:01 EST)")


def test_a_message_reads_well(golden: Callable[[str, str], None]) -> None:
    missed = Item(
        id="m", kind=ItemKind.MISSED, action="us-late", title="Late duty", head="expires",
        due=Due(instant("2025-02-20 00:01"), False, False, NEW_YORK, "US"), lines=("expires: 25%",),
        threads=(Key("us-late", "start", DeadlineKind.EXPIRES, True),),
    )  # fmt: skip
    changed = Item(
        id="c", kind=ItemKind.CHANGED, action="us-new", title="New duty", head="extended",
        due=Due(instant("2025-04-02 00:01"), False, False, NEW_YORK, "US"),
        lines=("extended: from 2025-03-04 00:01 EST to 2025-04-02 00:01 EDT pause ends: in force at 25%",),
        sources=("Executive Order 3 sec. 1 https://example.com/eo-3",),
    )  # fmt: skip
    dispatch = Dispatch(NOW, NEW_YORK, 30, silent_since=NOW - timedelta(days=9))
    items = [(changed, NOW), (item("US duty on Canada"), NOW - timedelta(hours=3)), (missed, NOW)]
    message = compose(items, dispatch)
    golden("reminder.txt", f"{message.subject}\n\n{message.body}")


def test_the_brake_sums_up_and_says_why() -> None:
    many = [(item(f"Duty {n}", n), NOW) for n in range(31)]
    message = compose(many, DISPATCH)
    assert message.body.startswith("31 things to tell at once, more than the 30 that one message lists")
    assert message.body.count("\n- ") == 10
    assert "Duty 29" not in message.body
    assert "Duty 29" in compose(many[:30], DISPATCH).body


@given(title=st.text(min_size=1), line=st.text(), source=st.text())
def test_no_text_of_a_ledger_reaches_a_header_or_draws_on_a_terminal(
    title: str, line: str, source: str
) -> None:
    hostile = Item(
        id="id", kind=ItemKind.CHANGED, action="us-x", title=title, head="moved", due=None, lines=(line,),
        sources=(source,),
    )  # fmt: skip
    message = compose([(hostile, NOW)], DISPATCH)
    raw = letter(mail(25), message, NOW).as_bytes()
    head = raw.split(b"\r\n\r\n")[0].decode("ascii")
    names = [part.partition(":")[0] for part in head.split("\r\n") if not part.startswith((" ", "\t"))]
    assert sorted(names) == sorted(
        ["Subject", "From", "To", "Date", "Message-ID", "References", "In-Reply-To", "Auto-Submitted",
         "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
    )  # fmt: skip
    assert all(c.isprintable() or c == "\n" for c in message.subject + message.body)


def test_a_title_with_a_line_end_stays_one_subject() -> None:
    message = compose([(item("Duty\r\nBcc: all@example.com"), NOW)], DISPATCH)
    assert letter(mail(25), message, NOW)["Bcc"] is None
    assert "\n" not in message.subject
