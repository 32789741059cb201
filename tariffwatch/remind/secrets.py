"""Words that must not stand in the open: read from the environment or from a file, when they are used."""

from __future__ import annotations

from collections.abc import Mapping

from tariffwatch.errors import TariffwatchError
from tariffwatch.settings.model import Secret


class SecretError(TariffwatchError):
    """A secret is not where the settings say."""


def read(secret: Secret, environ: Mapping[str, str]) -> str:
    """The secret itself; raises SecretError if it is not where it should be."""
    if secret.value is not None:
        return secret.value
    if secret.env is not None:
        if not (value := environ.get(secret.env, "").strip()):
            raise SecretError(f"the environment variable {secret.env} is not set")
        return value
    assert secret.file is not None, "a secret has one place"
    try:
        with secret.file.open(encoding="utf-8") as stream:
            value = stream.readline().strip()
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SecretError(f"{secret.file} cannot be read: {words.lower()}") from None
    if not value:
        raise SecretError(f"the first line of {secret.file} is empty")
    return value
