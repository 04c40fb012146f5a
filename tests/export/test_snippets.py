"""Snippets in the programs they are for, as printed: each is built, and what it points to is there."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

from lesson.export.folder import MANIFEST
from tests.browser.test_everywhere import WholeFiles, server
from tests.export.conftest import HOSTILE
from tests.export.test_pages import Page
from tests.needs import NPM

SCENE = "BarDetector"


class Foreign(Page):
    """A page that a program made around a snippet, however it is written."""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        pass

    def handle_data(self, data: str) -> None:
        self.text += data


def snippet(exported: Path, place: str) -> str:
    clips = json.loads((exported / MANIFEST).read_bytes())["clips"]
    return str(next(clip for clip in clips if clip["scene"] == SCENE)["snippets"][place])


def build(*words: str, where: Path) -> str:
    """Run a program of this Python's environment; its output."""
    done = subprocess.run([sys.executable, "-m", *words], cwd=where, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def assert_there(page: Path, tag: str, site: Path) -> list[str]:
    """The addresses of this kind of element; all lead to files of the site."""
    found = [one["src"] for one in Foreign(page.read_text(encoding="utf-8")).all(tag) if "src" in one]
    assert found, f"no {tag}"
    for address in found:
        if not address.startswith("data:"):
            path = urlsplit(urljoin(f"http://site/{page.relative_to(site)}", address)).path
            assert (site / path.lstrip("/")).is_file(), address
    return found


def assert_figure(page: Path, site: Path, exported: Path) -> None:
    """A film that plays when it is asked to, with its captions."""
    assert_there(page, "video", site)
    (video,) = Foreign(page.read_text(encoding="utf-8")).all("video")
    assert "controls" in video and not {"autoplay", "loop", "muted"} & video.keys()
    assert (site / video["poster"].lstrip("/")).is_file() or (page.parent / video["poster"]).is_file()
    (captions,) = assert_there(page, "track", site)
    assert captions in snippet(exported, "html")


# ------------------------------------------------------------------------------------------------ Sphinx


@pytest.mark.slow
@pytest.mark.needs("site-makers")
@pytest.mark.parametrize(("place", "ending"), [("sphinx", "rst"), ("jupyter_book", "md")])
def test_sphinx_and_its_kin(place: str, ending: str, exported: Path, tmp_path: Path) -> None:
    """Web pages show the player in a frame; LaTeX and EPUB, where nothing plays, the still."""
    book = tmp_path / "book"
    (book / "extra").mkdir(parents=True)
    for folder in (book / "extra", book):
        shutil.copytree(exported, folder / exported.name)
    (book / "conf.py").write_text(
        'extensions = ["myst_parser"]\nmyst_enable_extensions = ["colon_fence"]\nhtml_extra_path = ["extra"]\n'
        'project = copyright = "Nets"\nversion = release = "1"\n'
    )
    title = "Nets\n====\n\n" if ending == "rst" else "# Nets\n\n"
    (book / f"index.{ending}").write_text(title + snippet(exported, place) + "\n", encoding="utf-8")
    for builder in ("html", "latex", "epub"):
        if builder == "epub":  # it would take along all that is for the web
            shutil.rmtree(book / "extra")
            (book / "conf.py").write_text((book / "conf.py").read_text().replace('"extra"', ""))
        build("sphinx", "-q", "-W", "-d", "trees", "-b", builder, ".", builder, where=book)
    (frame,) = assert_there(book / "html" / "index.html", "iframe", book / "html")
    assert frame.endswith(f"{SCENE}/player.html")
    assert not Foreign((book / "html" / "index.html").read_text(encoding="utf-8")).all("img")
    with zipfile.ZipFile(next((book / "epub").glob("*.epub"))) as archive:
        page = Foreign(archive.read("index.xhtml").decode())
        assert not page.all("iframe")
        (still,) = page.all("img")
        assert still["src"] in archive.namelist() and still["alt"].startswith("Shown is")
    assert "includegraphics" in next((book / "latex").glob("*.tex")).read_text(encoding="utf-8")


# ------------------------------------------------------------------------------------------------ other site makers


@pytest.mark.slow
@pytest.mark.needs("site-makers")
def test_mkdocs(exported: Path, tmp_path: Path) -> None:
    """The figure plays; nothing of the export becomes a page of the site."""
    docs = tmp_path / "docs"
    shutil.copytree(exported, docs / exported.name)
    (docs / "index.md").write_text(f"# Nets\n\n{snippet(exported, 'mkdocs')}\n", encoding="utf-8")
    inner = snippet(exported, "mkdocs").replace(f'"{exported.name}/', f'"../../{exported.name}/')
    (docs / "more").mkdir()
    (docs / "more" / "page.md").write_text(f"# More\n\n{inner}\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: Nets\nsite_url: http://site/\n")
    build("mkdocs", "build", "-q", "--strict", where=tmp_path)
    site = tmp_path / "site"
    assert_figure(site / "index.html", site, exported)
    assert_figure(site / "more" / "page" / "index.html", site, exported)
    pages = {str(page.parent.relative_to(site)) for page in site.rglob("index.html")}
    assert pages == {".", exported.name, "more/page"}, "transcripts are no pages"


@pytest.mark.slow
@pytest.mark.needs("hugo")
def test_hugo(exported: Path, tmp_path: Path) -> None:
    """The figure plays on any page, also in a folder, since its addresses begin at the top of the site."""
    shutil.copytree(exported, tmp_path / "static" / exported.name)
    (tmp_path / "layouts" / "_default").mkdir(parents=True)
    (tmp_path / "layouts" / "_default" / "single.html").write_text("<html><body>{{ .Content }}</body></html>")
    (tmp_path / "config.toml").write_text('title = "Nets"\n[markup.goldmark.renderer]\nunsafe = true\n')
    (tmp_path / "content" / "more").mkdir(parents=True)
    text = f"---\ntitle: Nets\n---\n\n{snippet(exported, 'hugo')}\n"
    (tmp_path / "content" / "more" / "page.md").write_text(text, encoding="utf-8")
    done = subprocess.run(["hugo", "--source", str(tmp_path), "--quiet"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert_figure(tmp_path / "public" / "more" / "page" / "index.html", tmp_path / "public", exported)


@pytest.mark.slow
@pytest.mark.needs("npm")
def test_myst(exported: Path, tmp_path: Path) -> None:
    """MyST, which Jupyter Book 2 is made with: a frame with the player, whose placeholder in print is the still."""
    with server(WholeFiles, exported.parent) as address:  # MyST fetches the still
        book = tmp_path / "book"
        (book / "theme").mkdir(parents=True)
        (book / "theme" / "template.yml").write_text("myst: v1\nkind: site\ntitle: None\nversion: 1.0.0\n")
        (book / "myst.yml").write_text("version: 1\nproject:\n  title: Nets\nsite:\n  template: ./theme\n")
        text = snippet(exported, "myst").replace(f"{exported.name}/", f"{address}/{exported.name}/")
        (book / "index.md").write_text(f"# Nets\n\n{text}\n", encoding="utf-8")
        program = NPM / "node_modules" / ".bin" / "myst"
        done = subprocess.run(
            [program, "build", "--site", "--ci", "--strict"], cwd=book, capture_output=True, text=True
        )
    assert done.returncode == 0, done.stdout + done.stderr
    page = json.loads((book / "_build" / "site" / "content" / "index.json").read_bytes())
    frame, still = parts(page["mdast"], "iframe")[0], parts(page["mdast"], "image")[0]
    assert frame["src"] == f"{address}/{exported.name}/{SCENE}/player.html"
    assert still["placeholder"] and (book / "_build" / "site" / "public" / still["url"].lstrip("/")).is_file()


def parts(tree: dict, kind: str) -> list[dict]:
    """The parts of this kind in a page of MyST."""
    below = [part for child in tree.get("children", ()) for part in parts(child, kind)]
    return [tree, *below] if tree.get("type") == kind else below


@pytest.mark.slow
@pytest.mark.needs("npm")
def test_mdx(exported: Path, tmp_path: Path) -> None:
    """JSX, as Docusaurus compiles it: what comes out is the same figure."""
    (tmp_path / "page.mdx").write_text(f"# Nets\n\n{snippet(exported, 'mdx')}\n", encoding="utf-8")
    program = NPM / "mdx.mjs"
    done = subprocess.run(["node", str(program), str(tmp_path / "page.mdx")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    page = tmp_path / "index.html"
    page.write_text(done.stdout, encoding="utf-8")
    assert_figure(page, tmp_path, exported)
    assert HOSTILE[3] in Foreign(done.stdout).text


# ------------------------------------------------------------------------------------------------ others


def test_a_notebook_cell_shows_the_single_file(exported: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """JupyterLab puts the frame into a sandbox, where the page of a clip could load nothing."""
    cell: dict = {}
    code = snippet(exported, "jupyter")
    exec(code.replace("\nIFrame(", "\nframe = IFrame("), cell)
    (frame,) = Page(cell["frame"]._repr_html_().strip()).all("iframe")
    assert (exported.parent / frame["src"]).name == "one-file.html"
    assert (exported.parent / frame["src"]).is_file()
    assert frame["title"] == " ".join(HOSTILE[0].split())


def test_systems_that_clean_texts_leave_the_film(exported: Path) -> None:
    """WordPress and JupyterLab take <source> away, and WordPress and Moodle addresses with data in them."""
    for place in ("wordpress", "moodle", "html", "mkdocs", "hugo"):
        text = snippet(exported, place)
        page = Foreign(text)
        (video,), (track,) = page.all("video"), page.all("track")
        assert video["src"].endswith(".mp4") and not page.all("source")
        assert track["src"].endswith(".vtt") == (place in ("wordpress", "moodle"))
        assert (place not in ("wordpress", "moodle", "hugo")) or video["src"].startswith(f"/{exported.name}/")
    block = re.match(r"<!-- wp:video (.+) -->\n", snippet(exported, "wordpress"))
    assert (
        block
        and json.loads(block[1])["tracks"][0]["src"] == Foreign(snippet(exported, "wordpress")).all("track")[0]["src"]
    )
    assert "{{" not in snippet(exported, "hugo") and html.escape("{{ title }}") not in snippet(exported, "hugo")
