"""What a teacher copies to show a clip elsewhere: one snippet for each place, ready to paste."""

from __future__ import annotations

import json
from html import escape

from lesson.export.captions import webvtt
from lesson.export.jinja_environment import data_uri
from lesson.export.manifest import ExportedClip
from lesson.render.markdown import escaped
from scenes.catalogue import ENGLISH_CODE, direction_of, name_of
from scenes.language import N_

# Each place, its name, and what one must know to use the snippet there. The names of programs are not translated.
PLACES = {
    "html": (
        N_("HTML figure"),
        N_(
            "For any web page. Clip and poster are loaded from the export. The captions are in the snippet itself, "
            "because browsers load none from another site or from disk."
        ),
    ),
    "iframe": (
        N_("Frame"),
        N_("For anything that takes an iframe. Its address never changes, even with another network."),
    ),
    "wordpress": (
        "WordPress",
        N_(
            "A Video block: paste it into the code editor. Its captions are shown if this folder is on the same server "
            "as WordPress; otherwise upload the VTT under Text tracks of the block."
        ),
    ),
    "moodle": (
        N_("Moodle, in a text"),
        N_(
            "Paste it into the editor's HTML view. Tried with Moodle's own rules for what it keeps of a text, but not "
            "in a whole Moodle. Its captions are shown if this folder is on the same server; otherwise upload the "
            "files, as above."
        ),
    ),
    "markdown": (
        "Markdown",
        N_(
            "A still that links to the player. Works on GitHub, and wherever addresses count from the file; not in "
            "Hugo."
        ),
    ),
    "mkdocs": (
        "MkDocs",
        N_(
            "HTML inside Markdown, for the first page, with this folder in docs. On other pages, put ../ before each "
            "address for every folder in the page's own address."
        ),
    ),
    "hugo": (
        "Hugo",
        N_(
            "For any page, with this folder in static. Hugo leaves HTML out unless its configuration has "
            "[markup.goldmark.renderer] unsafe = true. Where the site is in a folder of its domain, put that folder "
            "before each address."
        ),
    ),
    "mdx": (
        "MDX, Docusaurus",
        N_(
            "The figure as JSX, for any page, with this folder in static. Where the site has a baseUrl, put it before "
            "each address."
        ),
    ),
    "sphinx": (
        "Sphinx",
        N_(
            "A frame on web pages, the still in LaTeX and EPUB. Put this folder into one that html_extra_path names, "
            "and a copy beside the page for the still. On a page in a folder, put ../ before the frame's address. Leave"
            " html_extra_path out for EPUB, which would take all of the folder along."
        ),
    ),
    "jupyter_book": (
        "Jupyter Book 1, MyST-Parser",
        N_(
            "A frame on web pages, the still in LaTeX and EPUB. Needs the extension colon_fence; otherwise as for "
            "Sphinx."
        ),
    ),
    "myst": (
        "MyST, Jupyter Book 2",
        N_(
            "A frame on web pages, the still in print. This folder must be at a web address: MyST copies only single "
            "files. (As a figure, a video would play by itself, without sound.)"
        ),
    ),
    "quarto": (
        "Quarto",
        N_(
            "The clip with its captions on web pages, the still in PDF and EPUB. Add this folder to resources in "
            "_quarto.yml."
        ),
    ),
    "reveal": (
        "reveal.js",
        N_("A slide with the clip, which waits until you start it. The words are the speaker's notes."),
    ),
    "jupyter": (
        N_("Jupyter notebook"),
        N_(
            "A code cell that shows the clip, with sound and captions, in JupyterLab too: it lets a frame load no other"
            " file, so this one holds all. In a Markdown cell JupyterLab takes the captions away; use the Markdown "
            "snippet there, with one-file.html in place of player.html."
        ),
    ),
    "marimo": (
        "marimo",
        N_("A cell that shows the clip, with sound and captions, from a single file."),
    ),
}


def snippets_of(clip: ExportedClip, address: str) -> dict[str, str]:
    """The snippet for each of `PLACES`. address: of the export folder as seen from the page, without a final slash.

    In none of them does a clip play by itself or repeat: it speaks.
    """
    base = f"{address}/" if address else ""
    # Where pages are in folders, but the export is at the top of the site.
    top = base if "://" in base or base.startswith("/") else f"/{base}"
    mp4, poster, final, vtt = (clip.file(role).path for role in ("mp4", "poster", "final", "captions"))
    player, captions = base + clip.player, data_uri(webvtt(clip.metadata).encode(), "text/vtt")
    title, alt, caption = (
        _line(text) for text in (clip.metadata.title, clip.metadata.alternative_text, clip.metadata.summary)
    )
    code, language = clip.metadata.language, name_of(clip.metadata.language)
    told_in = f'srclang="{code}" label="{language}"'
    # English is taken for granted; other words say what they are, wherever they are pasted.
    tongue = "" if code == ENGLISH_CODE else f' lang="{code}" dir="{direction_of(code)}"'
    size = f'width="{clip.width}" height="{clip.height}"'
    frame = (
        f'<iframe src="{escape(player)}" title="{escape(title)}" loading="lazy" allowfullscreen\n'
        f'        style="width: 100%; aspect-ratio: 16 / 11; border: 0"></iframe>'
    )

    def figure(root: str) -> str:
        # The address is the film's own attribute: WordPress and JupyterLab take <source> away.
        return (
            f"<figure{tongue}>\n"
            f'  <video controls playsinline preload="metadata" {size} style="max-width: 100%; height: auto"\n'
            f'         src="{escape(root + mp4)}"\n'
            f'         poster="{escape(root + poster)}" aria-label="{escape(alt)}">\n'
            f'    <track kind="captions" {told_in} src="{captions}">\n'
            f'    <a href="{escape(root + clip.player)}">{escape(title)}</a>\n'
            f"  </video>\n  <figcaption>{escape(caption)}</figcaption>\n</figure>"
        )

    tracks = {"tracks": [{"src": top + vtt, "kind": "captions", "srcLang": code, "label": language}]}
    still = f'![{escaped(caption)}]({_link(base + final)}){{fig-alt="{_attribute(alt)}"}}'
    titled = f'title="{escape(title)}"'
    one_file = base + f"{clip.scene}/one-file.html"
    return {
        "html": figure(base),
        "iframe": frame,
        "wordpress": (
            f"<!-- wp:video {json.dumps(tracks)} -->\n"
            f'<figure class="wp-block-video"><video controls poster="{escape(top + poster)}" src="{escape(top + mp4)}" '
            f'playsinline><track src="{escape(top + vtt)}" kind="captions" {told_in}/></video>'
            f'<figcaption class="wp-element-caption">{escape(caption)}</figcaption></figure>\n<!-- /wp:video -->'
        ),
        "moodle": (
            f'<video controls="controls" playsinline="playsinline" preload="metadata" title="{escape(title)}" {size}\n'
            f'       src="{escape(top + mp4)}" poster="{escape(top + poster)}">\n'
            f'  <track kind="captions" src="{escape(top + vtt)}" {told_in} default="default">\n'
            f'  <a href="{escape(top + clip.player)}">{escape(title)}</a>\n'
            f"</video>\n<p{tongue}>{escape(caption)}</p>"
        ),
        "markdown": f"[![{escaped(alt)}]({_link(base + poster)})]({_link(player)})\n\n*{escaped(caption)}*",
        "mkdocs": figure(base),
        "hugo": figure(top).replace("{{", "{&#123;"),
        "mdx": (
            f"<figure{tongue}>\n"
            f'  <video controls playsInline preload="metadata" {size}\n'
            "         style={{ maxWidth: '100%', height: 'auto' }}\n"
            f"         src={_javascript(top + mp4)}\n"
            f"         poster={_javascript(top + poster)} aria-label={_javascript(alt)}>\n"
            f'    <track kind="captions" srcLang="{code}" label="{language}" src="{captions}" />\n'
            f"  </video>\n  <figcaption>{_javascript(caption)}</figcaption>\n</figure>"
        ),
        "sphinx": (
            ".. only:: html and not epub\n\n   .. raw:: html\n\n" + _indented(frame, 6) + "\n\n"
            f".. only:: epub or not html\n\n   .. image:: {base}{final}\n      :alt: {alt}\n\n*{_rst(caption)}*"
        ),
        "jupyter_book": (
            f"::::{{only}} html and not epub\n```{{raw}} html\n{frame}\n```\n::::\n\n"
            f"::::{{only}} epub or not html\n:::{{image}} {base}{final}\n:alt: {alt}\n:::\n::::\n\n"
            f"*{escaped(caption)}*"
        ),
        "myst": f":::{{iframe}} {player}\n:width: 100%\n:placeholder: {base}{final}\n{escaped(caption)}\n:::",
        "quarto": (
            # EPUB counts as HTML there.
            ':::: {.content-visible when-format="html"}\n\n::: {.content-hidden when-format="epub"}\n\n'
            f"```{{=html}}\n{figure(base)}\n```\n:::\n\n"
            f'::: {{.content-visible when-format="epub"}}\n{still}\n:::\n\n::::\n\n'
            f'::: {{.content-visible unless-format="html"}}\n{still}\n:::'
        ),
        "reveal": (
            f"<section>\n  <h2>{escape(title)}</h2>\n"
            f'  <video class="r-stretch" controls playsinline preload="metadata" {size}\n'
            f'         style="max-width: 100%; height: auto" src="{escape(base + mp4)}"\n'
            f'         poster="{escape(base + poster)}"\n'
            # After a click, the clip's own controls would keep all keys from the slides.
            f'         onfocus="this.matches(\':focus-visible\') || this.blur()" aria-label="{escape(alt)}">\n'
            f'    <track kind="captions" {told_in} src="{captions}">\n'
            f"  </video>\n"
            f'  <aside class="notes">{escape(_line(clip.metadata.transcript()))}</aside>\n</section>'
        ),
        "jupyter": (
            f"from IPython.display import IFrame\n\nIFrame({one_file!r}, width='100%', height=600, extras=[{titled!r}])"
        ),
        "marimo": (
            "from pathlib import Path\n\nimport marimo as mo\n\n"
            f'mo.iframe(Path({one_file!r}).read_text(encoding="utf-8"), height="600px")'
        ),
    }


def _line(text: str) -> str:
    return " ".join(text.split())


def _attribute(text: str) -> str:
    """Text for use between straight quotation marks, where nothing can be escaped."""
    return text.replace("\\", "/").replace('"', "”")


def _javascript(text: str) -> str:
    """A text for JSX, between braces, where nothing in it is taken for markup."""
    return "{" + json.dumps(text, ensure_ascii=False) + "}"


def _rst(text: str) -> str:
    return "".join(f"\\{letter}" if letter in "\\`*_|" else letter for letter in text)


def _link(path: str) -> str:
    """An address for the parentheses of a Markdown link."""
    return path.replace(" ", "%20").replace("(", "%28").replace(")", "%29")


def _indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line if line else "" for line in text.splitlines())
