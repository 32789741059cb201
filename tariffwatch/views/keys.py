"""Keys by name; any other key is the character that it types."""

from __future__ import annotations

UP, DOWN = "<up>", "<down>"
PAGE_UP, PAGE_DOWN = "<page up>", "<page down>"
HOME, END = "<home>", "<end>"
ENTER, ESCAPE, BACKSPACE, CLEAR = "<enter>", "<escape>", "<backspace>", "<clear>"
