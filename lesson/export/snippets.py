"""What a teacher copies to show a clip elsewhere: one snippet for each place, ready to paste."""

from __future__ import annotations

from html import escape

from lesson.export.captions import webvtt
from lesson.export.jinja_environment import data_uri
from lesson.export.manifest import ExportedClip

# Each place, its name, and what one must know to use the snippet there.
PLACES = {
    "html": (
        "HTML figure",
        "For any web page. Clip and poster are loaded from the export. The captions are in the snippet itself, because "
        "browsers load none from another site or from disk.",
    ),
    "iframe": ("Frame", "For anything that takes an iframe. Its address never changes, even with another network."),
    "markdown": ("Markdown", "A still that links to the player. Works wherever Markdown does, on GitHub too."),
    "myst": (
        "MyST, Jupyter Book 2",
        "A frame on web pages, the still in print. The export must be at a web address. (MyST makes a film in a figure "
        "play by itself, without sound.)",
    ),
    "jupyter_book": (
        "Jupyter Book 1",
        "A frame on web pages, the still elsewhere. Needs the extension colon_fence; otherwise as for Sphinx.",
    ),
    "quarto": (
        "Quarto",
        "The clip with its captions on web pages, the still in a PDF. Add the folder of the export to resources in "
        "_quarto.yml.",
    ),
    "sphinx": (
        "Sphinx",
        "A frame on web pages, the still in LaTeX. Put the export into a folder named in html_extra_path, and add it "
        "to exclude_patterns, so that its transcripts do not become documents. For LaTeX, put a copy beside the page.",
    ),
    "mkdocs": (
        "MkDocs",
        "HTML inside Markdown, for the first page. On other pages, begin the addresses with ../ like their links.",
    ),
    "reveal": (
        "reveal.js",
        "A slide with the clip, which waits until you start it. The words are the speaker's notes.",
    ),
    "jupyter": ("Jupyter notebook", "A cell that shows the player, with sound and captions."),
}


def snippets_of(clip: ExportedClip, address: str) -> dict[str, str]:
    """The snippet for each of `PLACES`. address: of the export folder as seen from the page, without a final slash.

    In none of them does a clip play by itself or repeat: it speaks.
    """
    base = f"{address}/" if address else ""
    mp4, poster, final = (base + clip.file(role).path for role in ("mp4", "poster", "final"))
    player, captions = base + clip.player, data_uri(webvtt(clip.metadata).encode(), "text/vtt")
    title, alt, caption = (
        _line(text) for text in (clip.metadata.title, clip.metadata.alternative_text, clip.metadata.summary)
    )
    size = f'width="{clip.width}" height="{clip.height}"'
    frame = (
        f'<iframe src="{escape(player)}" title="{escape(title)}" loading="lazy" allowfullscreen\n'
        f'        style="width: 100%; aspect-ratio: 16 / 11; border: 0"></iframe>'
    )
    video = (
        f'<video controls playsinline preload="metadata" {size} style="max-width: 100%; height: auto"\n'
        f'         poster="{escape(poster)}" aria-label="{escape(alt)}">\n'
        f'    <source src="{escape(mp4)}" type="video/mp4">\n'
        f'    <track kind="captions" srclang="en" label="English" src="{captions}">\n'
        f'    <a href="{escape(player)}">{escape(title)}</a>\n'
        f"  </video>"
    )
    figure = f"<figure>\n  {video}\n  <figcaption>{escape(caption)}</figcaption>\n</figure>"
    return {
        "html": figure,
        "iframe": frame,
        "markdown": f"[![{_markdown(alt)}]({_link(poster)})]({_link(player)})\n\n*{_markdown(caption)}*",
        "myst": f":::{{iframe}} {player}\n:width: 100%\n:placeholder: {final}\n{_markdown(caption)}\n:::",
        "jupyter_book": (
            f"```{{raw}} html\n{frame}\n```\n\n"
            f"::::{{only}} not html\n:::{{image}} {final}\n:alt: {alt}\n:::\n::::\n\n*{_markdown(caption)}*"
        ),
        "quarto": (
            '::: {.content-visible when-format="html"}\n\n'
            f"```{{=html}}\n{figure}\n```\n:::\n\n"
            '::: {.content-visible unless-format="html"}\n'
            f'![{_markdown(caption)}]({_link(final)}){{fig-alt="{_attribute(alt)}"}}\n:::'
        ),
        "sphinx": (
            ".. raw:: html\n\n" + _indented(frame, 3) + "\n\n"
            f".. only:: not html\n\n   .. image:: {final}\n      :alt: {alt}\n\n*{_rst(caption)}*"
        ),
        "mkdocs": figure,
        "reveal": (
            f"<section>\n  <h2>{escape(title)}</h2>\n"
            f'  <video class="r-stretch" controls playsinline preload="metadata" {size}\n'
            f'         style="max-width: 100%; height: auto" src="{escape(mp4)}" poster="{escape(poster)}"\n'
            # After a click, the clip's own controls would keep all keys from the slides.
            f'         onfocus="this.matches(\':focus-visible\') || this.blur()" aria-label="{escape(alt)}">\n'
            f'    <track kind="captions" srclang="en" label="English" src="{captions}">\n'
            f"  </video>\n"
            f'  <aside class="notes">{escape(_line(clip.metadata.transcript()))}</aside>\n</section>'
        ),
        "jupyter": f"from IPython.display import IFrame\n\nIFrame({player!r}, width=960, height=600)",
    }


def _line(text: str) -> str:
    return " ".join(text.split())


def _markdown(text: str) -> str:
    """The text, escaped so that nothing in it is taken for Markdown or HTML."""
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>#|&$~^{}" else letter for letter in text)


def _attribute(text: str) -> str:
    """Text for use between straight quotation marks, where nothing can be escaped."""
    return text.replace("\\", "/").replace('"', "”")


def _rst(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\`*_|" else letter for letter in text)


def _link(path: str) -> str:
    """An address for the parentheses of a Markdown link."""
    return path.replace(" ", "%20").replace("(", "%28").replace(")", "%29")


def _indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else "" for line in text.splitlines())
