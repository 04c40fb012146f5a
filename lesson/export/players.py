"""The page of one clip: a player for a frame, or a single file with the film in it."""

from __future__ import annotations

from pathlib import Path

from lesson.export.jinja_environment import data_uri, render_page
from lesson.export.manifest import ExportedClip
from network.checkpoint import Checkpoint

PACKAGED_FILM, PACKAGED_STILL = "clip.mp4", "still.webp"


def player(
    clip: ExportedClip, before: ExportedClip | None, after: ExportedClip | None, checkpoint: Checkpoint, terms: str
) -> str:
    """The page of one clip, for a frame in another page and for itself. terms: the licence."""
    poster = "../" + clip.file("preview").path
    return _player(clip, clip.sources("../"), poster, checkpoint, terms, root="../", before=before, after=after)


def one_file(clip: ExportedClip, place: Path, checkpoint: Checkpoint, terms: str) -> str:
    """The page of one clip with the film itself in it: a single file to send or to upload."""

    def inside(role: str) -> str:
        file = clip.file(role)
        return data_uri((place / file.path).read_bytes(), file.media_type)

    return _player(clip, [(inside("mp4"), "video/mp4")], inside("preview"), checkpoint, terms)


def packaged(clip: ExportedClip, checkpoint: Checkpoint, terms: str) -> str:
    """The page of one clip in a package for a course system, beside its film and its still."""
    sources = [(PACKAGED_FILM, "video/mp4")]
    return _player(clip, sources, PACKAGED_STILL, checkpoint, terms, packaged=True)


def _player(
    clip: ExportedClip,
    sources: list[tuple[str, str]],
    poster: str,
    checkpoint: Checkpoint,
    terms: str,
    root: str = "",
    before: ExportedClip | None = None,
    after: ExportedClip | None = None,
    packaged: bool = False,
) -> str:
    return render_page(
        "player.html.j2",
        clip=clip,
        sources=sources,
        poster=poster,
        terms=terms,
        checkpoint=checkpoint,
        title=clip.metadata.title,
        root=root,
        path=clip.player if root else "",
        alone=not root,
        before=before,
        after=after,
        packaged=packaged,
    )
