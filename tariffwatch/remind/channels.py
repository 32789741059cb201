"""How a message leaves the machine: printed, given to a program, mailed, or sent through Apprise."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tariffwatch.errors import Problem, TariffwatchError
from tariffwatch.remind.message import Message
from tariffwatch.remind.secrets import SecretError, read
from tariffwatch.settings.model import Channel, ChannelKind, Security

if TYPE_CHECKING:
    import smtplib
    from email.message import EmailMessage

PATIENCE = 30
"""Seconds that a server or a program is given."""
EXTRA = "pip install 'tariffwatch[apprise]'"


class DeliveryError(TariffwatchError):
    """A channel did not take a message; its text says why, and the mend."""


class PartlyError(DeliveryError):
    """A server took the message for some recipients and refused others: sending again would repeat it."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What channels need of the world."""

    write: Callable[[str], None]
    """Prints a text and flushes it; raises OSError."""
    environ: Mapping[str, str]
    now: datetime


def send(channel: Channel, message: Message, outside: Outside) -> None:
    """Send a message; returns once the channel has taken it, else raises DeliveryError."""
    try:
        _SENDERS[channel.kind](channel, message, outside)
    except SecretError as error:
        raise DeliveryError(str(error)) from None
    except OSError as error:  # smtplib's errors are OSErrors too
        raise DeliveryError((error.strerror or str(error) or type(error).__name__).strip()) from None


def check(channel: Channel, environ: Mapping[str, str]) -> list[Problem]:
    """What is wrong with a channel's URL, seen without connecting.

    A secret that is missing is no problem of the settings: the channel is down until it is there.
    """
    if channel.kind is not ChannelKind.APPRISE or channel.url is None:
        return []
    loc = channel.url.loc or channel.loc
    try:
        url = read(channel.url, environ)
        known = _apprise().Apprise.instantiate(url, suppress_exceptions=True)
    except SecretError:
        return []
    except DeliveryError as error:
        return [Problem(loc, "TW608", str(error), EXTRA)]
    if known:
        return []
    message = f'Apprise does not know the URL of channel "{channel.name}" ({url.partition("://")[0]}://...)'
    return [Problem(loc, "TW608", message, "see https://github.com/caronc/apprise/wiki for its form")]


def _print(channel: Channel, message: Message, outside: Outside) -> None:
    outside.write(f"{message.subject}\n\n{message.body}")


def _run(channel: Channel, message: Message, outside: Outside) -> None:
    """Any program: the message on its stdin, the subject and id in its environment."""
    environ = {**outside.environ, "TARIFFWATCH_SUBJECT": message.subject, "TARIFFWATCH_ID": message.id}
    program = channel.command[0]
    try:
        done = subprocess.run(
            [os.path.expanduser(program), *channel.command[1:]],
            input=message.body,
            env=environ,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="backslashreplace",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DeliveryError(f"{program} did not end within {PATIENCE} seconds") from None
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        last = f": {said[-1]}" if said else ""
        raise DeliveryError(f"{program} ended with exit code {done.returncode}{last}")


def _mail(channel: Channel, message: Message, outside: Outside) -> None:
    with _connected(channel) as smtp:
        if channel.user and channel.password:
            smtp.login(channel.user, read(channel.password, outside.environ))
        refused = smtp.send_message(letter(channel, message, outside.now))
    if refused:
        raise PartlyError("refused for " + ", ".join(f"{to} ({said[0]})" for to, said in refused.items()))


def _connected(channel: Channel) -> smtplib.SMTP:
    """A protected connection to the mail server; its certificate is verified."""
    import smtplib
    import ssl

    if channel.security is Security.TLS:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(channel.host, channel.port, timeout=PATIENCE, context=context)
    smtp = smtplib.SMTP(channel.host, channel.port, timeout=PATIENCE)
    try:
        if channel.security is Security.STARTTLS:
            smtp.starttls(context=ssl.create_default_context())
    except BaseException:
        smtp.close()
        raise
    return smtp


def letter(channel: Channel, message: Message, now: datetime) -> EmailMessage:
    """A message as e-mail (RFC 5322): plain text, a Message-ID that stays, References to its thread.

    No text of a ledger reaches a header but through the subject, which is one printable line.
    """
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime, parseaddr

    host = parseaddr(channel.sender)[1].rpartition("@")[2] or "localhost"
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = message.subject
    mail["From"] = channel.sender
    mail["To"] = ", ".join(channel.to)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.id}@tariffwatch.{host}>"
    mail["References"] = mail["In-Reply-To"] = f"<{message.thread}.thread@tariffwatch.{host}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notices in answer
    mail.set_content(message.body)
    return mail


def _notify(channel: Channel, message: Message, outside: Outside) -> None:
    import logging

    apprise = _apprise()
    assert channel.url is not None, "the settings were checked"
    service = apprise.Apprise()
    service.add(read(channel.url, outside.environ))
    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as said:
        taken = service.notify(title=message.subject, body=message.body)
        words = said.getvalue().strip().splitlines()
    if not taken:
        raise DeliveryError(words[-1] if words else "the service did not take the message")


def _apprise() -> Any:
    """The library, quiet; raises DeliveryError where the extra is not installed."""
    try:
        import apprise
    except ImportError:
        raise DeliveryError("channels of kind apprise need a library that is not installed") from None
    apprise.logger.setLevel("CRITICAL")
    return apprise


_SENDERS: Mapping[ChannelKind, Callable[[Channel, Message, Outside], None]] = {
    ChannelKind.STDOUT: _print,
    ChannelKind.COMMAND: _run,
    ChannelKind.EMAIL: _mail,
    ChannelKind.APPRISE: _notify,
}
