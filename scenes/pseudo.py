"""A language that nobody speaks: English with accents on its letters, and longer. It is for tests and for looking.

What has no accents has not been given to translators; what does not fit has no room for other languages.
"""

from __future__ import annotations

import gettext
import re

# How much longer than English a text becomes: languages such as German and Finnish need that much for short texts.
LONGER = 1.6
_ACCENTED = dict(
    zip(
        map(ord, "AEIOUYaeiouycnsCNS"),
        ("Å", "É", "Î", "Ö", "Ü", "Ý", "å", "é", "î", "ö", "ü", "ý", "ç", "ñ", "š", "Ç", "Ñ", "Š"),
        strict=True,
    )
)
# Places, and tags such as bookmarks, stay as they are.
_KEPT = re.compile(r"(\{[^{}]*\}|<[^<>]*>|&[a-z]+;)")
_VOWELS = "åéîöüý"
# What makes it longer; no word of it needs a line of its own.
_MORE = "öüåéîö "


class PseudoTranslations(gettext.NullTranslations):
    """Every message as the pseudo-language has it."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return pseudo(message)


def pseudo(message: str) -> str:
    """A message with accents on its letters, about `LONGER` times as long.

    >>> pseudo("Take {one} of these.")
    'Tååkéé {one} ööf thééšéé öüå.'
    """
    pieces = [
        piece
        if n % 2
        else "".join(2 * letter if letter in _VOWELS else letter for letter in piece.translate(_ACCENTED))
        for n, piece in enumerate(_KEPT.split(message))
    ]
    length = sum(len(piece) for piece in _KEPT.split(message)[::2])
    missing = round(LONGER * length) - sum(len(piece) for piece in pieces[::2])
    # The rest after the last letter, so that the end of a sentence stays its end.
    for n in range(len(pieces) - 1, -1, -2):
        body = pieces[n].rstrip(" .,:;?!…\n")
        if missing > 0 and body and body[-1].isalpha():
            pieces[n] = body + (" " + _MORE * missing)[:missing].rstrip() + pieces[n][len(body) :]
            break
    return "".join(pieces)
