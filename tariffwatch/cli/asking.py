"""Asking the person at the terminal, and what happens where there is none."""

from __future__ import annotations

import sys

import typer

from tariffwatch.errors import UsageError


def at_terminal() -> bool:
    """Whether somebody can answer."""
    return sys.stdin.isatty()


def confirmed(question: str, *, yes: bool, undone: str) -> bool:
    """Whether to go on: said beforehand, or asked; no is the default.

    Where nobody can be asked, raises UsageError that says what was not done.
    """
    if yes:
        return True
    if not at_terminal():
        raise UsageError(f"{undone}: there is no terminal to ask at; look at what is shown, and add --yes")
    return answered(question, default=False)


def answered(question: str, *, default: bool) -> bool:
    """What somebody at the terminal says; Ctrl-C and Ctrl-D mean no."""
    try:
        return typer.confirm(question, default=default, err=True)
    except typer.Abort:
        typer.echo(err=True)
        return False
