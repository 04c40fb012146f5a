"""The sound of clips and of the film: heard when it should be, as loud as it should be, complete or not there."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pyloudnorm
import pytest

from lesson.render import clip_cache, segments
from lesson.render.clip_metadata import read_metadata
from lesson.render.film import film_file
from lesson.render.preparation import prepare
from lesson.render.segments import RenderSettings, split_plays
from scenes.settings import LessonContext
from scenes.stage import code_fingerprint, tracks
from scenes.stage.mp4 import is_whole
from scenes.voice.cues import Caption
from scenes.voice.loudness import LEVEL, level, true_peak
from scenes.voice.mixing import mix
from scenes.voice.samples import RATE
from tests.export.conftest import make_clip
from tests.render import told_film
from tests.render.told_film import ENTRIES, MOMENTS, PART, all_names
from tests.sounds import heard, noise, place_of, write
from tests.test_command_line import run
from tests.test_rendering import (  # noqa: F401 (fixtures)
    frames,
    leftovers,
    nothing_stays,
    the_sentence,
    words,
)

COLOURS = [(200, 40, 40), (40, 160, 60), (40, 90, 200)]


@pytest.fixture(scope="module")
def made(data: Path, checkpoints: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The media folder of the film, finished."""
    media = tmp_path_factory.mktemp("told") / "media"
    told_film.speak(media)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("KNOBS_CHECKPOINT", "KNOBS_DATA"):
            patch.setenv(name, "")
        told_film.teach(patch.setattr)
        network = ["--data", str(data), "--checkpoint", str(checkpoints[0])]
        assert run("film", "-j", "1", "-q", "l", *network, "--media", str(media)) == 0
    return media


def clip_of(media: Path, name: str) -> Path:
    return media / "clips" / "480p15" / f"{name}.mp4"


def packets(film: Path) -> list[bytes]:
    with av.open(film) as opened:
        return [bytes(packet) for packet in opened.demux(video=0) if packet.size]


def by_the_library(sound: np.ndarray) -> float:
    return float(pyloudnorm.Meter(RATE).integrated_loudness(sound.T.astype(np.float64)))


def lag(name: str, number: int, inside: np.ndarray, start: float) -> float:
    """How many seconds later than at `start` a sound is heard."""
    at = place_of(told_film.sound_of(name, number)[:, 0], inside)
    return at / RATE - start


# ------------------------------------------------------------------------------------------ in step


@pytest.mark.parametrize("name", ["Early", "Late", "PartCard1"])
def test_a_clip_is_heard_in_step(name: str, made: Path) -> None:
    track = heard(clip_of(made, name))
    assert len(track) == 1
    for number, start in enumerate(MOMENTS[name]):
        assert abs(lag(name, number, track[0], start)) < 0.001
    assert track.shape[1] / RATE == pytest.approx(len(frames(clip_of(made, name))) / 15, abs=0.03)


def test_a_scene_without_words_has_no_sound(made: Path) -> None:
    with av.open(clip_of(made, "Quiet")) as clip:
        assert not clip.streams.audio


def test_the_film_is_heard_in_step_from_its_start_to_its_end(made: Path) -> None:
    film = film_file("l", made)
    track = heard(film)[0]
    start = 0.0
    found = 0
    for name in all_names():
        for number, moment in enumerate(MOMENTS.get(name, ())):
            assert abs(lag(name, number, track, start + moment)) < 0.001
            found += 1
        start += len(frames(clip_of(made, name))) / 15
    assert found == 4
    assert len(track) / RATE == pytest.approx(start, abs=0.03)
    with av.open(film) as opened:
        assert [len(opened.streams.video), len(opened.streams.audio)] == [1, 1]
        assert opened.streams.video[0].start_time == 0
    assert np.array_equal(frames(film), np.concatenate([frames(clip_of(made, name)) for name in all_names()]))


def test_a_player_finds_picture_and_sound_of_a_moment_together(made: Path) -> None:
    with av.open(film_file("l", made)) as film:
        found = [p for p in film.demux(video=0, audio=0) if p.pos is not None and p.dts is not None]
    order = [float(p.dts * p.time_base) for p in sorted(found, key=lambda p: p.pos)]
    assert (np.maximum.accumulate(order) - order).max() < 1.5


def test_a_long_film_stays_in_step(tmp_path: Path) -> None:
    """Five minutes: the times do not drift, and no rest of an encoder's frame adds up."""
    clip = make_clip(tmp_path / "clip.mp4", COLOURS * 20)
    starts = [n * 20 + 0.1234 for n in range(15)]
    sound = np.zeros((1, 300 * RATE), np.float32)
    click = noise(0.1)[:, 0].astype(np.float32)
    for start in starts:
        at = round(start * RATE)
        sound[0, at : at + len(click)] = click
    from lesson.render.muxing import build_timeline, join
    from tests.export.conftest import make_metadata

    join(build_timeline([clip] * 5), tmp_path / "film.mp4", make_metadata("S", 3), "", sound)
    track = heard(tmp_path / "film.mp4")[0]
    for start in starts:
        around = track[round((start - 0.1) * RATE) : round((start + 0.3) * RATE)]
        assert abs(place_of(click, around) / RATE - 0.1) < 0.001


# ------------------------------------------------------------------------------------------ loudness


def test_the_film_is_as_loud_as_its_clips(made: Path) -> None:
    for file in (film_file("l", made), clip_of(made, "Early")):
        track = heard(file)
        assert by_the_library(track) == pytest.approx(LEVEL, abs=1.5), "bursts of 0.15 s"
        assert true_peak(track) < -1


@pytest.mark.parametrize("seed", range(3))
def test_encoding_does_not_overdrive(seed: int, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", COLOURS)
    sound = np.pad(5 * noise(2.5, seed=seed).T, ((0, 0), (RATE // 4, RATE // 4))).astype(np.float32)
    tracks.finish_clip(clip, level(sound), ())
    assert true_peak(heard(clip)) < -1


# ------------------------------------------------------------------------------------------ the file


def test_the_pictures_are_copied_and_the_file_is_what_players_want(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", COLOURS)
    before = packets(clip)
    told = [Caption("A neuron is a number.", 0.5, 1.5), Caption("That is all.", 1.6, 2.4)]
    tracks.finish_clip(clip, noise(3).T.astype(np.float32), told)
    assert packets(clip) == before
    content = clip.read_bytes()
    assert 0 < content.find(b"moov") < content.find(b"mdat")
    assert is_whole(clip) and not leftovers(tmp_path)
    with av.open(clip) as film:
        context = film.streams.video[0].codec_context
        assert (context.color_range, context.colorspace, context.color_primaries, context.color_trc) == (1, 6, 1, 1)
        assert film.duration == pytest.approx(3e6, abs=3e4)
        sound, subtitles = film.streams.audio[0], film.streams.subtitles[0]
        assert (sound.codec_context.name, sound.codec_context.layout.name, sound.rate) == ("aac", "mono", RATE)
        assert sound.language == subtitles.language == "eng"
        assert not subtitles.disposition & av.stream.Disposition.default
        cues = [(float(p.pts * p.time_base), bytes(p)[2:].decode()) for p in film.demux(subtitles) if p.size > 2]
    assert cues == [(0.5, "A neuron is a number."), (1.6, "That is all.")]


def test_a_clip_without_sound_and_words_is_left_as_it_is(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", COLOURS)
    before = clip.read_bytes()
    tracks.finish_clip(clip, None, ())
    assert clip.read_bytes() == before


def test_subtitles_without_sound(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", COLOURS)
    tracks.finish_clip(clip, None, [Caption("Silent.", 0.5, 1.5)])
    with av.open(clip) as film:
        assert not film.streams.audio and len(film.streams.subtitles) == 1


def test_the_same_bytes_every_time(tmp_path: Path) -> None:
    """In another process, on one core, too."""
    clips = [make_clip(tmp_path / f"{n}.mp4", COLOURS) for n in range(2)]
    write(tmp_path / "a.wav", noise(2.5))
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom scenes.stage.tracks import finish_clip\n"
        "from scenes.voice.mixing import PlacedSound, mix\n"
        "if hasattr(os, 'sched_setaffinity'): os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\n"
        "finish_clip(Path(sys.argv[1]), mix([PlacedSound(0.2, Path(sys.argv[2]), 'joe')], 3), ())"
    )
    subprocess.run([sys.executable, "-c", code, str(clips[1]), str(tmp_path / "a.wav")], check=True)
    from scenes.voice.mixing import PlacedSound

    tracks.finish_clip(clips[0], mix([PlacedSound(0.2, tmp_path / "a.wav", "joe")], 3), ())
    assert clips[0].read_bytes() == clips[1].read_bytes()


@pytest.mark.parametrize("room", [0, 30_000])
def test_a_full_disk_leaves_the_silent_clip(room: int, small_disk: Path) -> None:
    clip = make_clip(small_disk / "clip.mp4", COLOURS)
    before = clip.read_bytes()
    with open(small_disk / "ballast", "wb", buffering=0) as ballast:
        state = os.statvfs(small_disk)
        ballast.write(bytes(max(0, state.f_bavail * state.f_frsize - room)))
    with pytest.raises(OSError):
        tracks.finish_clip(clip, noise(30).T.astype(np.float32), ())
    assert clip.read_bytes() == before
    assert not leftovers(small_disk)


# ------------------------------------------------------------------------------------------ from a scene to a clip


def settings(media: Path, data: Path, checkpoint: Path) -> RenderSettings:
    context = LessonContext.of(checkpoint, data, "l")
    return RenderSettings(context, media, clip_cache.input_fingerprints(context), code_fingerprint.of_program())


def test_a_clip_in_pieces_is_the_same_file(
    made: Path, data: Path, checkpoints: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_film.teach(monkeypatch.setattr)
    told_film.speak(tmp_path / "media")
    chosen = settings(tmp_path / "media", data, checkpoints[0])
    plays = prepare(lambda _: None, chosen, PART, ENTRIES[0]).plays_at(15)
    stretches = split_plays(plays, 2)
    assert len(stretches) == 2
    drawn = [segments.draw_stretch(lambda _: None, chosen, PART, ENTRIES[0], *stretch) for stretch in stretches]
    clip = segments.join_stretches(lambda _: None, chosen, PART, ENTRIES[0], drawn)
    assert clip is not None
    assert clip.file.read_bytes() == clip_of(made, "Early").read_bytes()
    assert read_metadata(clip.file) == read_metadata(clip_of(made, "Early"))


def test_what_is_said_is_kept_beside_the_clip(made: Path) -> None:
    told = read_metadata(clip_of(made, "Early"))
    assert told is not None
    assert [beat.name for beat in told.beats] == ["now_0", "now_1"]
    assert [(beat.voice, beat.clauses[0].start) for beat in told.beats] == [("joe", t) for t in MOMENTS["Early"]]


def test_another_sound_needs_no_new_picture(
    data: Path, checkpoints: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same times, only the sound is made again; the pictures come from the cache."""
    told_film.teach(monkeypatch.setattr)
    media = tmp_path / "media"
    told_film.speak(media)
    arguments = ["-j", "1", "-q", "l", "--data", str(data), "--checkpoint", str(checkpoints[0]), "--media", str(media)]
    assert run("render", "Early", *arguments) == 0
    clip = clip_of(media, "Early")
    before, sound = packets(clip), heard(clip)
    write(media / "cache" / "voice" / "Early-0.wav", noise(told_film.LASTS, seed=99), RATE)

    def fail(*_: object, **__: object) -> None:
        pytest.fail("a picture was drawn")

    monkeypatch.setattr("scenes.stage.segment_encoder.WholeSegmentEncoder.write_frame", fail)
    assert run("render", "Early", "--force", *arguments) == 0
    assert packets(clip) == before
    assert not np.array_equal(heard(clip), sound)
    assert abs(place_of(noise(told_film.LASTS, seed=99)[:, 0], heard(clip)[0]) / RATE - MOMENTS["Early"][0]) < 0.001


@pytest.mark.parametrize("command", ["render", "film"])
def test_speech_that_is_gone_is_named(
    command: str,
    made: Path,
    words: list[str],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:

    told_film.teach(monkeypatch.setattr)
    shutil.copytree(made, tmp_path / "media")
    (tmp_path / "media" / "cache" / "voice" / "Early-0.wav").unlink()
    media = tmp_path / "media"
    before = hashlib.sha256(clip_of(media, "Early").read_bytes()).digest()
    film_file("l", media).unlink()
    named = ["Early", "--force"] if command == "render" else []
    assert run(command, *named, *words) == 1
    sentence = the_sentence(capsys)
    assert "Early-0.wav is missing" in sentence
    assert hashlib.sha256(clip_of(media, "Early").read_bytes()).digest() == before
    assert not leftovers(media / "clips") and not film_file("l", media).exists()


@pytest.mark.slow
def test_manims_own_command_writes_the_sound_too(tmp_path: Path) -> None:
    media = tmp_path / "media"
    told_film.speak(media)
    scene = Path(told_film.__file__)
    command = [sys.executable, "-m", "manim", "-ql", "--media_dir", str(media), str(scene), "Early"]
    subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=scene.parents[2])
    track = heard(clip_of(media, "Early"))[0]
    for number, start in enumerate(MOMENTS["Early"]):
        assert abs(lag("Early", number, track, start)) < 0.001
