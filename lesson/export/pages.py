"""The pages of the whole lesson: the article with its clips, and how to show the clips elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from lesson.export import TEMPLATES
from lesson.export.facts import Facts
from lesson.export.figures import FigureFiles
from lesson.export.jinja_environment import jinja_environment, render_page
from lesson.export.manifest import ExportedClip
from lesson.export.snippets import PLACES
from network.checkpoint import Checkpoint
from network.preparation import INK_SHARE
from scenes.language import _
from scenes.syllabus import Part
from scenes.wording import number


def title_of(facts: Facts) -> str:
    """What the lesson is called."""
    return _("{knobs} knobs that read {a_thing}", knobs=number(facts.knobs), a_thing=facts.a_thing)


def index(
    clips: list[ExportedClip],
    facts: Facts,
    checkpoint: Checkpoint,
    figures: FigureFiles,
    terms: str = "",
    packaged: bool = False,
) -> str:
    """The lesson as an article, with the parts and clips that were exported, and the figures that continue them.

    terms: the licence. packaged: whether it lies in a package for a course system, where nobody looks for snippets.
    """
    parts = list({clip.part.number: clip.part for clip in clips}.values())

    def article(part: Part) -> Markup:
        return _article(part, [one for one in clips if one.part.number == part.number], facts, figures.places, packaged)

    return render_page(
        "index.html.j2",
        clips=clips,
        parts=parts,
        article=article,
        seconds=sum(clip.metadata.seconds for clip in clips),
        facts=facts,
        path="" if packaged else "index.html",
        title=title_of(facts),
        checkpoint=checkpoint,
        figures=figures,
        ink=round(facts.side * INK_SHARE),
        terms=terms,
        packaged=packaged,
    )


def _article(
    part: Part, clips: list[ExportedClip], facts: Facts, places: Mapping[str, Markup], packaged: bool
) -> Markup:
    """The text of a part. Its template places the clips that it mentions, and says where the others go."""
    left = {clip.scene: clip for clip in clips}
    figure: Any = jinja_environment().get_template("clip.html.j2").module.__dict__["figure"]

    def place(*scenes: str) -> Markup:
        shown = (scene for scene in scenes if scene in left)
        return Markup("").join(figure(left.pop(scene), packaged) + places.get(scene, "") for scene in shown)

    # What the other templates tell is about pictures.
    names = ["parts/table.html.j2"] if facts.takes_rows else [f"parts/{part.module}.html.j2", "parts/other.html.j2"]
    template = jinja_environment().select_template(names)
    return Markup(template.render(f=facts, part=part, place=place, rest=lambda: place(*left)))


def use(clips: list[ExportedClip], facts: Facts, address: str, figures: FigureFiles, terms: str) -> str:
    """How to show the clips and the figures elsewhere."""
    lesson = title_of(facts)
    return render_page(
        "use.html.j2",
        clips=clips,
        path="use.html",
        title=_("Use these clips"),
        lesson=lesson,
        places=PLACES,
        address=address,
        figures=figures.figures,
        terms=terms,
    )


def schema() -> bytes:
    """The JSON Schema of the manifest."""
    return (TEMPLATES / "manifest.schema.json").read_bytes()
