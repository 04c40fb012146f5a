"""Media files, read back frame by frame."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from lesson.export import media
from lesson.render.clip_metadata import Chapter, ClipMetadata, beat_of
from scenes.stage.tracks import finish_clip, sound_of
from scenes.voice.cues import Caption
from scenes.voice.samples import RATE as SOUND_RATE
from tests.export.conftest import RATE, make_clip, make_metadata
from tests.sounds import heard, noise, place_of

COLOURS = [(200, 40, 40), (40, 160, 60), (40, 90, 200)]


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "clip.mp4", COLOURS)


def packets(file: Path) -> list[bytes]:
    with av.open(file) as film:
        return [bytes(packet) for packet in film.demux(video=0) if packet.size]


def colours(file: Path) -> np.ndarray:
    """The colour in the middle of every frame."""
    with av.open(file) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    return np.array([frame[frame.shape[0] // 2, frame.shape[1] // 2] for frame in frames], int)


def expected(seconds: list[int]) -> np.ndarray:
    return np.repeat(np.array(COLOURS)[seconds], RATE, axis=0)


def test_the_mp4_is_what_players_want(clip: Path, tmp_path: Path) -> None:
    target, metadata = tmp_path / "out.mp4", make_metadata("S", 3)
    media.write_mp4(clip, target, metadata)
    assert packets(target) == packets(clip)
    data = target.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")
    with av.open(target) as film:
        context = film.streams.video[0].codec_context
        assert (context.name, context.profile, context.pix_fmt) == ("h264", "High", "yuv420p")
        tags = context.color_range, context.colorspace, context.color_primaries, context.color_trc
        assert tags == (1, 6, 1, 1), "BT.601 matrix, BT.709 primaries and transfer, limited range: as it was encoded"
        assert film.metadata["title"] == metadata.title
        told = film.chapters()
        assert [chapter["metadata"]["title"] for chapter in told] == [chapter.name for chapter in metadata.chapters]
        assert [float(chapter["start"] * chapter["time_base"]) for chapter in told] == [0, 1, 2]
        captions = film.streams.subtitles[0]
        assert captions.language == "eng"
        texts = [(p.pts * p.time_base, bytes(p)) for p in film.demux(captions) if p.size > 2]
    assert [text[2 : 2 + int.from_bytes(text[:2])].decode().split() for _, text in texts] == [
        caption.sentence.split() for caption in metadata.captions
    ]
    assert [time for time, _ in texts] == [0, 1, 2]


def test_the_same_is_written_the_same(clip: Path, tmp_path: Path) -> None:
    """A file's name is its hash: a file that changed without a reason would be taken for another one."""
    for name in ("a.mp4", "b.mp4"):
        media.write_mp4(clip, tmp_path / name, make_metadata("S", 3))
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_the_same_pictures_are_encoded_the_same_after_others(tmp_path: Path) -> None:
    """An encoder may find in its memory what another one has left there."""
    picture = np.zeros((96, 160, 3), np.uint8)
    picture[:, :20] = 255
    words = np.random.default_rng(0).random((8, 100)) < 0.4
    picture[83:91, 30:130] = 255 * words[..., None]
    film, locked = tmp_path / "film.mp4", Lock()

    def encoded(number: int) -> bytes:
        with locked, av.open(film) as source, av.open(io.BytesIO(), "w", format="mp4") as target:
            options = {**media._SECTION_OPTIONS, "g": f"{200 + number % 10}"}  # as long as in other films, or nearly
            track = media._like(source.streams.video[0], target, "libx264", options)
            frames = (av.VideoFrame.from_ndarray(picture, "rgb24") for _ in range(15))
            return b"".join(bytes(packet) for packet in media._encoded(frames, track))

    with av.open(film, "w", format="mp4") as one:
        stream = one.add_stream("libx264", rate=RATE, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        one.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        one.mux(stream.encode())
    with ThreadPoolExecutor(4) as pool:  # each thread has memory of its own
        found = list(pool.map(encoded, range(100)))
    assert len(set(found)) == 10, "one for each option"


def test_a_clip_without_captions(clip: Path, tmp_path: Path) -> None:
    media.write_mp4(clip, tmp_path / "out.mp4", ClipMetadata("S", "T", "", 3, "A", (), ()))
    with av.open(tmp_path / "out.mp4") as film:
        assert not film.streams.subtitles
    assert packets(tmp_path / "out.mp4") == packets(clip)


@pytest.mark.parametrize(
    ("keyframes", "copied"), [(RATE, True), (300, False)], ids=["a keyframe at each play", "none within"]
)
def test_a_section_is_its_own_frames_and_no_other(keyframes: int, copied: bool, tmp_path: Path) -> None:
    clip, metadata = make_clip(tmp_path / "clip.mp4", COLOURS, keyframe_each=keyframes), make_metadata("S", 3)
    for number, chapter in enumerate(metadata.chapters):
        target = tmp_path / f"{number}.mp4"
        # The first chapter begins at the start, but where it ends there may be no keyframe.
        assert media.write_section(clip, target, metadata, chapter) == copied
        assert np.abs(colours(target) - expected([number])).max() <= 4
        with av.open(target) as film:
            assert film.streams.video[0].start_time == 0
            context = film.streams.video[0].codec_context
            assert (context.color_range, context.colorspace, context.color_primaries, context.color_trc) == (1, 6, 1, 1)
            assert len(film.chapters()) == 1
            (text,) = [bytes(p) for p in film.demux(film.streams.subtitles[0]) if p.size > 2]
            assert b" ".join(text[2:].split()).startswith(" ".join(metadata.captions[number].sentence.split()).encode())


def test_a_section_of_two_seconds(clip: Path, tmp_path: Path) -> None:
    assert media.write_section(clip, tmp_path / "s.mp4", make_metadata("S", 3), Chapter("Two", 1, 3))
    assert np.abs(colours(tmp_path / "s.mp4") - expected([1, 2])).max() <= 4


def test_stills_are_of_the_clip_and_of_its_colours(tmp_path: Path) -> None:
    """The poster is taken when a caption has been read, at the moment with the most to see."""
    clip = make_clip(tmp_path / "clip.mp4", [(0, 0, 0), (40, 160, 60), (230, 230, 230)])
    found = media.stills(clip, make_metadata("S", 3))
    # The second of black against the white edge has the most contrast, but nothing has been read at its start.
    assert np.abs(np.array(found.poster)[45, 80].astype(int) - (40, 160, 60)).max() <= 4
    assert np.abs(np.array(found.final)[45, 80].astype(int) - (230, 230, 230)).max() <= 4
    media.write_jpeg(found.final, tmp_path / "still.jpg")
    media.write_preview(found.final, tmp_path / "still.webp")
    for name in ("still.jpg", "still.webp"):
        with Image.open(tmp_path / name) as picture:
            assert picture.size == (160, 90)
            assert np.abs(np.array(picture.convert("RGB"))[45, 80].astype(int) - (230, 230, 230)).max() <= 4


def test_webm(clip: Path, tmp_path: Path) -> None:
    media.write_webm(clip, tmp_path / "a.webm", make_metadata("S", 3))
    assert np.abs(colours(tmp_path / "a.webm") - expected([0, 1, 2])).max() <= 6
    with av.open(tmp_path / "a.webm") as film:
        assert film.streams.video[0].codec_context.name.endswith("vp9")
        assert film.streams.video[0].codec_context.colorspace == 6


@pytest.mark.parametrize("keyframes", [RATE, 300], ids=["copied", "encoded anew"])
@pytest.mark.parametrize("channels", [1, 2])
def test_what_is_spoken_is_heard_in_every_form(keyframes: int, channels: int, tmp_path: Path) -> None:
    """Pages offer the WebM before the MP4, and it was silent; so were the sections."""
    clip, metadata = make_clip(tmp_path / "clip.mp4", COLOURS, keyframe_each=keyframes), make_metadata("S", 3)
    spoken = noise(3, channels=channels).T.astype(np.float32)
    finish_clip(clip, spoken, ())

    def check(file: Path, codec: str, sound: np.ndarray) -> None:
        played = heard(file, codec)
        assert len(played) == channels
        assert played.shape[1] / SOUND_RATE == pytest.approx(sound.shape[1] / SOUND_RATE, abs=0.05)
        for mine, theirs in zip(played, sound, strict=True):
            assert place_of(theirs, np.pad(mine, (0, 1000))) / SOUND_RATE < 0.002
            size = min(len(mine), len(theirs))
            assert np.corrcoef(mine[:size], theirs[:size])[0, 1] > 0.97

    media.write_webm(clip, tmp_path / "a.webm", metadata)
    check(tmp_path / "a.webm", "opus", spoken)
    assert np.abs(colours(tmp_path / "a.webm") - expected([0, 1, 2])).max() <= 6
    for number in range(3):
        target = tmp_path / f"{number}.mp4"
        media.write_section(clip, target, metadata, metadata.chapters[number])
        check(target, "aac", spoken[:, number * SOUND_RATE : (number + 1) * SOUND_RATE])
        assert np.abs(colours(target) - expected([number])).max() <= 4


def test_the_mp4_has_the_very_sound_of_the_clip(clip: Path, tmp_path: Path) -> None:
    """It is copied, so nothing is lost and nothing moves."""
    finish_clip(clip, noise(3).T.astype(np.float32), ())
    media.write_mp4(clip, tmp_path / "out.mp4", make_metadata("S", 3))
    assert np.array_equal(heard(tmp_path / "out.mp4"), sound_of(clip))
    assert packets(tmp_path / "out.mp4") == packets(clip)
    assert media.describe(clip).has_sound and media.describe(tmp_path / "out.mp4").has_sound


def test_a_silent_clip_stays_silent(clip: Path, tmp_path: Path) -> None:
    metadata = make_metadata("S", 3)
    assert not media.describe(clip).has_sound
    media.write_mp4(clip, tmp_path / "a.mp4", metadata)
    media.write_webm(clip, tmp_path / "a.webm", metadata)
    media.write_section(clip, tmp_path / "s.mp4", metadata, metadata.chapters[0])
    for name in ("a.mp4", "a.webm", "s.mp4"):
        assert sound_of(tmp_path / name) is None


@pytest.mark.parametrize(("ending", "make"), [("webp", media.write_webp), ("gif", media.write_gif)])
def test_animated_pictures_repeat(ending: str, make: Any, clip: Path, tmp_path: Path) -> None:
    target = tmp_path / f"a.{ending}"
    make(clip, target, make_metadata("S", 3))
    with Image.open(target) as picture:
        assert picture.info["loop"] == 0
    shown = animation(target)
    assert sum(seconds for seconds, _ in shown) == pytest.approx(3, abs=0.17)
    assert np.abs(shown[-1][1][45, 80].astype(int) - COLOURS[-1]).max() <= 8


@pytest.mark.parametrize(("ending", "make"), [("webp", media.write_webp), ("gif", media.write_gif)])
def test_where_nothing_is_heard_the_words_are_in_the_picture(ending: str, make: Any, tmp_path: Path) -> None:
    """While a caption stands, the band at the bottom differs from that of the same clip without words; nothing else."""
    clip = make_clip(tmp_path / "clip.mp4", COLOURS, (640, 360))
    told = replace(make_metadata("S", 3), beats=(beat_of(Caption("What the voice says.", 1, 2), "beat"),))
    pictures = []
    for name, metadata in (("told", told), ("silent", replace(told, beats=()))):
        make(clip, tmp_path / f"{name}.{ending}", metadata)
        pictures.append(at_each_moment(animation(tmp_path / f"{name}.{ending}")))
    (caption,) = told.captions
    band = round(360 * 0.857)  # the stage ends 2.85 units below the middle of the frame, which is 8 units high
    for moment, (with_words, without) in enumerate(zip(*pictures, strict=True)):
        difference = np.abs(with_words.astype(int) - without).max(axis=2)
        stands = caption.start <= moment / 12.5 < caption.stop
        assert difference[:band].max() <= 24, "the encoder's noise, and other colours in the palette"
        assert (difference[band:].max() > 100) == stands, f"picture {moment}"


def animation(file: Path) -> list[tuple[float, np.ndarray]]:
    """The pictures of an animated picture, each with the seconds for which it stands."""
    shown = []
    with Image.open(file) as picture:
        for number in range(picture.n_frames):
            picture.seek(number)
            picture.load()
            shown.append((picture.info["duration"] / 1000, np.array(picture.convert("RGB"))))
    return shown


def at_each_moment(shown: list[tuple[float, np.ndarray]], rate: float = 12.5) -> list[np.ndarray]:
    """The picture that stands in the middle of each of 2.8 s · rate steps."""
    ends = np.cumsum([seconds for seconds, _ in shown])
    middles = (np.arange(round(2.8 * rate)) + 0.5) / rate
    return [shown[int(np.searchsorted(ends, middle, "right"))][1] for middle in middles]


def test_a_film_that_was_not_written_to_its_end_is_noticed(clip: Path, tmp_path: Path) -> None:
    whole = clip.read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(OSError, match="to the end"):
        media._read_back(cut, 3 * RATE)
