"""The words of scripts in other languages: a table for a page, in which words.js finds what stands for an English text.

Messages stand in the scripts in English, in calls of `_`, `_n`, `_c` and `_e`. A page in English has no table.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from lesson.export import TEMPLATES
from scenes.catalogue import BETWEEN, locale_of, percent_pattern_of
from scenes.language import current, in_figures, translated, translated_for
from scenes.wording import number

# The functions of words.js that take messages, and which of their arguments are the message, its plural and context.
_KEYWORDS: dict[str, Any] = {"_": None, "_e": None, "_n": (1, 2), "_c": ((1, "c"), 2)}
# What a number is written with in English.
_SIGNS = "0123456789.,"
# Some number of each kind that a language tells apart is among these.
_AMOUNTS = (*range(201), 1_000_000)


def words_of(scripts: str) -> dict[str, Any] | None:
    """What the scripts of a page need to speak the language that is told in; None for English.

    scripts: their names in the folder of templates, with spaces between; one that ends in / means all of a folder.
    """
    language = current()
    if language.is_english:
        return None
    messages: dict[str, Any] = {}
    for context, message, plural in _messages(scripts):
        key = f"{context}{BETWEEN}{message}" if context else message
        if not plural:
            messages[key] = translated(message, context)
        elif not set((forms := _forms(message, plural)).values()) <= {message, plural}:
            messages[key] = forms  # else it is not translated: English, with the plural of English
    return {
        "signs": {sign: in_figures(sign) for sign in _SIGNS if in_figures(sign) != sign},
        "minus": number(-1).replace(number(1), "{number}"),
        "ungrouped": language.ungrouped,
        "percent": percent_pattern_of(language.code),
        "between": language.between,
        "messages": messages,
    }


def _forms(one: str, several: str) -> dict[str, str]:
    """The message for each kind of number of the language, by the kind's name, as `Intl.PluralRules` has it."""
    kind_of = locale_of(current().code).plural_form
    return {kind_of(amount): translated_for(one, several, amount) for amount in _AMOUNTS}


@lru_cache
def _messages(scripts: str) -> tuple[tuple[str, str, str], ...]:
    """The messages of scripts: the context, the message and its plural, "" where there is none."""
    from babel.messages.extract import extract

    found: dict[tuple[str, str, str], None] = {}
    for name in scripts.split():
        files = sorted((TEMPLATES / name).glob("*.js")) if name.endswith("/") else [TEMPLATES / name]
        for file in files:
            for _line, message, _comments, context in extract("javascript", io.BytesIO(file.read_bytes()), _KEYWORDS):
                one, several = (message, "") if isinstance(message, str) else message[:2]
                found[context or "", one, several] = None
    return tuple(found)
