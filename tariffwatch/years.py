"""The years that a date may be in."""

YEARS = range(1900, 2200)
"""Anything else is a slip of the pen."""
