"""The film: its name, and the scenes in order with the cards between them. It can be read without manim."""

from __future__ import annotations

from collections.abc import Sequence

from scenes.syllabus import Part, SceneEntry

FILM_NAME = "Knobs"


def film_subtitle(class_names: Sequence[str]) -> str:
    """What the film is about, by what the network reads."""
    digits = all(name.isdigit() and len(name) == 1 for name in class_names)
    return f"inside a network that reads {'handwritten digits' if digits else 'pictures'}"


def with_cards(scenes: Sequence[tuple[Part, SceneEntry]]) -> list[tuple[Part, SceneEntry]]:
    """The pieces of the film: the scenes, a card before each part, and one at the beginning and at the end.

    A card is given its part with the module in which the card stands.
    """
    film = [_card(0, FILM_NAME, "TitleCard", "The name of the film and of the network.")]
    before: Part | None = None
    for part, scene in scenes:
        if before is None or part.number != before.number:
            film.append(_card(part.number, part.title, f"PartCard{part.number}", f"Part {part.number} begins."))
        film.append((part, scene))
        before = part
    film.append(_card(0, "Sources", "EndCard", "Where the network, the data and the film come from."))
    return film


def is_card(part: Part) -> bool:
    """Whether a piece of the film is a card and no scene of the lesson."""
    return part.module == _CARDS


_CARDS = "cards"


def _card(number: int, title: str, name: str, summary: str) -> tuple[Part, SceneEntry]:
    entry = SceneEntry(name, title, summary)
    return Part(number, title, _CARDS, (entry,)), entry
