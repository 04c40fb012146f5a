"""Text for Markdown."""

from __future__ import annotations


def escaped(text: str) -> str:
    """A text that Markdown shows as it is: nothing in it is taken for Markdown, HTML, a formula or an attribute."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|&$~^{}" else letter for letter in text)
