"""What the voice says for what is written: signs, formulas and names."""

from __future__ import annotations


def as_spoken(text: str) -> str:
    """The words to say for a text."""
    return text
