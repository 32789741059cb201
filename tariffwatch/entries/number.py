"""Entry numbers: a filer code of three letters or digits, seven digits, and a check digit.

CBP and Trade Automated Interface Requirements (CATAIR), appendix E, "Valid Entry Numbers"; the same
formula stands in appendix 1 of the instructions to CBP Form 7501. Letters count as digits (A to I are 1 to
9, J to R are 1 to 9, S to Z are 2 to 9). From the right, every other digit is doubled, the digits of what
comes out are added to the rest, and the check digit makes the sum a multiple of ten. CBP's own example is
B76-0324527-8.
"""

from __future__ import annotations

import re

NUMBER = re.compile(r"([A-Z0-9]{3})-?([0-9]{7})-?([0-9])")
_VALUES = {letter: str(place % 9 + 1) for place, letter in enumerate("ABCDEFGHIJKLMNOPQR")}
_VALUES |= {letter: str(place) for place, letter in enumerate("STUVWXYZ", start=2)}
_LETTERS = str.maketrans(_VALUES)
_DOUBLED = str.maketrans("0123456789", "0246813579")
"""Each digit doubled, and the digits of what comes out added."""


def parse(text: str) -> str:
    """An entry number as CBP writes it: ``B76-0324527-8``. Raises ValueError that says what is wrong."""
    written = text.strip().upper().replace(" ", "")
    found = NUMBER.fullmatch(written)
    if not found:
        raise ValueError(f'"{text}" is not an entry number, such as B76-0324527-8{_why(written)}')
    return "-".join(found.groups())


def check_digit(number: str) -> int:
    """The check digit that the first ten characters of an entry number ask for."""
    digits = number.replace("-", "")[:10].translate(_LETTERS)
    return -sum(map(int, digits[-2::-2] + digits[::-2].translate(_DOUBLED))) % 10


def _why(written: str) -> str:
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", written):
        return "; a spreadsheet wrote it as a power of ten: format the column as text, and export it again"
    bare = written.replace("-", "")
    if bare.isdigit() and len(bare) < 11:
        return f"; it has {len(bare)} digits of 11: a spreadsheet may have dropped zeros at its beginning"
    return ": three letters or digits of the filer, seven digits, a check digit"
