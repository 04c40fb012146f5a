"""The whole export: what it contains, what is written again, and what it refuses to touch."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import av
import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lesson.export import build, exporting
from lesson.export.folder import MANIFEST, ExportError, inside, open_folder, read_manifest
from lesson.export.manifest import check
from lesson.render.clip_metadata import ClipMetadata, metadata_file, write_metadata
from lesson.render.muxing import JoinError
from network.checkpoint import Checkpoint
from scenes.licence import licence
from scenes.stage.tracks import finish_clip
from scenes.syllabus import Part
from scenes.voice.cues import cues
from tests.export.conftest import checkpoint_of, export_to, make_clip, make_metadata, snapshot
from tests.sounds import noise

Clips = list[tuple[Part, Path]]


def manifest_in(place: Path) -> dict:
    return json.loads((place / MANIFEST).read_bytes())


# ------------------------------------------------------------------------------------------------ the manifest


def test_the_manifest_is_as_its_schema_says(exported: Path) -> None:
    schema = json.loads((exported / "manifest.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    manifest = manifest_in(exported)
    validator.validate(manifest)
    assert manifest["$schema"] == "manifest.schema.json"
    # It would notice: each of these is no manifest of an export.
    for wrong in (
        {**manifest, "finished": False},
        {**manifest, "clips": []},
        {**manifest, "more": 1},
        {**manifest, "clips": [{**manifest["clips"][0], "alternative_text": " "}]},
        {**manifest, "model": {**manifest["model"], "fingerprint": "abc"}},
    ):
        assert not validator.is_valid(wrong)


def test_the_manifest_tells_of_the_network_and_of_every_file(exported: Path, checkpoint: Checkpoint) -> None:
    manifest = manifest_in(exported)
    model = manifest["model"]
    assert model["fingerprint"] == checkpoint.fingerprint
    assert model["sizes"] == [64, 8, 3]
    assert model["parameters"] == checkpoint.network.parameter_count
    assert model["accuracy"]["test"] == checkpoint.metadata.test_accuracy
    listed = {file["path"]: file for clip in manifest["clips"] for file in clip["files"]}
    listed |= {file["path"]: file for file in manifest["pages"]}
    there = snapshot(exported)
    assert set(there) == {*listed, MANIFEST}
    for path, file in listed.items():
        assert hashlib.sha256(there[path][1]).hexdigest() == file["sha256"]
        assert len(there[path][1]) == file["bytes"]
        if not path.endswith((".html", ".json")):
            assert file["sha256"][:12] in path, "media names carry their hash"
    for clip in manifest["clips"]:
        metadata = make_metadata(clip["scene"])
        assert clip["title"] == metadata.title
        assert clip["alternative_text"] == metadata.alternative_text
        assert [one["sentence"] for one in clip["captions"]] == [one.sentence for one in metadata.captions]
        for beat, one in zip(metadata.beats, clip["beats"], strict=True):
            assert (one["name"], one["text"], one["moves"], one["voice"]) == (
                beat.name,
                beat.text,
                beat.moves,
                beat.voice,
            )
            assert (one["start"], one["stop"]) == (beat.start, beat.stop)
        assert clip["voices"] == []
        assert [one["name"] for one in clip["chapters"]] == [one.name for one in metadata.chapters]
        assert (clip["width"], clip["height"], clip["seconds"], clip["frames_per_second"]) == (160, 90, 3, 15)
        assert clip["player"] == f"{clip['scene']}/player.html"


def test_options_bring_their_files_which_go_without_them(clips: Clips, checkpoint: Checkpoint, tmp_path: Path) -> None:
    place = export_to(tmp_path / "e", clips[:1], checkpoint, webp=True, gif=True, sections=True, webm=True)
    (clip,) = manifest_in(place)["clips"]
    roles = [file["role"] for file in clip["files"]]
    assert {"webp", "gif", "webm"} <= set(roles)
    assert [file["label"] for file in clip["files"] if file["role"] == "section"] == [
        chapter["name"] for chapter in clip["chapters"]
    ]
    # Without them, they go.
    export_to(place, clips[:1], checkpoint)
    stills = ("preview.webp", *(f"beat-0{number}.webp" for number in (1, 2, 3)))
    assert not [
        path for path in snapshot(place) if path.endswith((".webp", ".gif", ".webm")) and not path.endswith(stills)
    ]


def test_spoken_words_go_into_the_clip(clips: Clips, checkpoint: Checkpoint, tmp_path: Path) -> None:
    """What is heard in a clip is heard in its export; the other stays silent."""
    finish_clip(clips[0][1], noise(3).T.astype(np.float32), ())
    manifest = manifest_in(export_to(tmp_path / "e", clips, checkpoint))
    assert [clip["sound"] for clip in manifest["clips"]] == [True, False]
    for clip in manifest["clips"]:
        film = next(file["path"] for file in clip["files"] if file["role"] == "mp4")
        with av.open(tmp_path / "e" / film) as opened:
            assert bool(opened.streams.audio) == clip["sound"]


def test_it_is_told_who_speaks(clips: Clips, checkpoint: Checkpoint, tmp_path: Path) -> None:
    """In the manifest, the licence of the pages, and the films; of a clip that is kept, too."""
    for (_, clip), voice in zip(clips, ("joe", "en_GB-other"), strict=True):
        write_metadata(clip, make_metadata(clip.stem, voice=voice))
    place = export_to(tmp_path / "e", clips, checkpoint)
    export_to(place, clips[:1], checkpoint)
    assert [clip["voices"] for clip in manifest_in(place)["clips"]] == [["joe"], ["en_GB-other"]]
    data = checkpoint.metadata.data_name
    terms = {
        "index.html": licence(data, ("joe", "en_GB-other")),
        "use.html": licence(data, ("joe", "en_GB-other")),
        "ADigitAtAGlance/player.html": licence(data, ["joe"], "this clip and this page"),
        "BarDetector/one-file.html": licence(data, ["en_GB-other"], "this clip and this page"),
    }
    for page, sentence in terms.items():
        assert (place / page).read_text(encoding="utf-8").count(f"<p>{sentence}</p>") == 1
    with av.open(next(place.glob("ADigitAtAGlance/*.mp4"))) as film:
        assert film.metadata["copyright"] == licence(data, ["joe"], "this clip")


def test_captions_that_are_in_the_picture_are_not_drawn_again(
    clips: Clips, exported: Path, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    """Neither into the GIF, nor over the picture by the page, which then has no switch for them."""
    place = export_to(tmp_path / "burned", clips, checkpoint, burned=True, gif=True)
    write_metadata(clips[0][1], replace(make_metadata(clips[0][1].stem), beats=()))
    without = export_to(tmp_path / "without", clips, checkpoint, gif=True)
    first, other = (
        sorted(file.read_bytes() for file in each.glob("ADigitAtAGlance/*.gif")) for each in (place, without)
    )
    assert first == other and len(first) == 1
    for folder, tracks in ((place, 0), (exported, 1)):
        with av.open(next(folder.glob("ADigitAtAGlance/*.mp4"))) as film:
            assert len(film.streams.subtitles) == tracks
    page = (place / "ADigitAtAGlance" / "player.html").read_text(encoding="utf-8")
    assert 'kind="captions"' in page and 'class="captions"' not in page and '" default>' not in page
    assert [clip["captions_burned"] for clip in manifest_in(place)["clips"]] == [True, True]


def test_silence_is_not_credited(exported: Path) -> None:
    assert "the voice, " not in (exported / "index.html").read_text(encoding="utf-8")
    assert "Without sound" in (exported / "BarDetector" / "player.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("joe", "en_GB-other", "spoken by en_GB-other; these are not: BarDetector."),
        ("joe", "", "spoken by nobody; these are not: BarDetector."),
        ("", "joe", "spoken by joe; these are not: BarDetector."),
        ("a recording", "joe", ""),
        ("joe", "joe", ""),
    ],
)
def test_clips_in_another_voice_are_told(
    before: str, now: str, said: str, clips: Clips, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    """Only one of two clips is exported again, in another voice; the words of a person go with any voice."""
    for (_, clip), voice in zip(clips, (now, before), strict=True):
        write_metadata(clip, make_metadata(clip.stem, voice=voice))
    place = export_to(tmp_path / "e", clips, checkpoint)
    manifest = manifest_in(place)
    told = [note for note in build._notes(manifest, manifest, [clips[0][1]]) if "spoken" in note]
    assert len(told) == bool(said)
    assert said in "".join(told)


# -------------------------------------------------------------------------------------- written again, or not


def test_nothing_is_written_again(exported: Path, clips: Clips, checkpoint: Checkpoint) -> None:
    before = snapshot(exported)
    export_to(exported, clips, checkpoint)
    assert snapshot(exported) == before


def test_all_code_that_makes_media_counts() -> None:
    """The modules are found from the imports; a handwritten list was forgotten when a module moved."""
    found = {module.__name__ for module in exporting.modules_behind(exporting.captions, exporting.media)}
    makers = (
        exporting.media.write_mp4,
        exporting.media.mux,
        exporting.media.sound_of,
        exporting.captions.as_srt,
        cues,
    )
    assert {maker.__module__ for maker in makers} <= found
    assert all(name.startswith(("lesson.", "network.", "scenes.")) for name in found)
    drawn = {name for name in found if name.startswith("scenes.kit") or "part" in name}
    assert drawn == {"scenes.kit.fonts"}, "the type of captions in pictures, and no scene"
    assert exporting.code_of(exporting.media) != exporting.code_of(exporting.media, exporting.captions)


def test_after_retraining_the_player_stays_where_it_was(exported: Path, clips: Clips) -> None:
    """One clip shows other pictures now; the other does not depend on the network, and its media stay."""
    before = snapshot(exported)
    make_clip(clips[0][1], [(10, 200, 10), (0, 0, 0), (90, 90, 90)])
    other = checkpoint_of((64, 8, 3), seed=1)
    export_to(exported, clips, other)
    after = snapshot(exported)
    changed, same = (Path(clip).stem for _, clip in clips)
    assert f"{changed}/player.html" in before.keys() & after.keys()
    new_films = {path for path in after.keys() - before.keys() if path.endswith(".mp4")}
    assert len(new_films) == 1
    assert all(path.startswith(changed) for path in new_films)
    assert not [path for path in before.keys() - after.keys() if path.startswith(same)]
    assert new_films.pop().split("/")[1].encode() in after[f"{changed}/player.html"][1]
    assert len([path for path in after if path.startswith(f"{changed}/") and path.endswith(".mp4")]) == 1
    assert not check(exported, other)


def test_a_damaged_file_is_made_again(exported: Path, clips: Clips, checkpoint: Checkpoint) -> None:
    whole = snapshot(exported)
    for path in whole:
        if path.endswith((".mp4", ".vtt", "index.html")):
            (exported / path).write_bytes(b"damaged")
    export_to(exported, clips, checkpoint)
    assert {path: data for path, (_, data) in snapshot(exported).items()} == {
        path: data for path, (_, data) in whole.items()
    }


def test_what_others_put_there_stays(exported: Path, clips: Clips, checkpoint: Checkpoint) -> None:
    """Hidden files and unfinished downloads, too: they used to be taken for our own unfinished files."""
    names = ("CNAME", ".nojekyll", ".download.part", "BarDetector/notes.txt", "BarDetector/.part-mine.txt")
    names += ("BarDetector/..part-mine.txt", ".knobs-notes", ".knobs-12x-notes", f".knobs-{os.getppid()}-index.html")
    for name in names:
        (exported / name).write_text("mine")
    export_to(exported, clips, checkpoint)
    shutil.rmtree(exported / "ADigitAtAGlance")
    manifest = manifest_in(exported)
    manifest["clips"][1]["scene"] = "ASceneOfOldTimes"  # the lesson no longer has it
    (exported / MANIFEST).write_text(json.dumps(manifest))
    export_to(exported, clips[:1], checkpoint)
    for name in names:
        assert (exported / name).read_text() == "mine"
    left = sorted(file.name for file in (exported / "BarDetector").iterdir())
    assert left == ["..part-mine.txt", ".part-mine.txt", "notes.txt"], "its clip is gone, and nothing else"


def test_unfinished_files_of_a_process_that_is_gone_are_removed(
    exported: Path, clips: Clips, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    """In the folder itself and in those of clips, but not through links."""
    gone = subprocess.run(["sh", "-c", "echo $$"], capture_output=True, text=True, check=True).stdout.strip()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (exported / "link").symlink_to(elsewhere)
    name = f".knobs-{gone}-index.html"
    for folder in (exported, exported / "BarDetector", elsewhere):
        (folder / name).touch()
    export_to(exported, clips, checkpoint)
    assert not (exported / name).exists() and not (exported / "BarDetector" / name).exists()
    assert (elsewhere / name).exists()


# ------------------------------------------------------------------------------- clips of an earlier export


def test_clips_of_an_earlier_export_are_kept(clips: Clips, checkpoint: Checkpoint, tmp_path: Path) -> None:
    """Two clips exported one after the other are the same as both at once, whichever comes first."""
    at_once = export_to(tmp_path / "both" / "e", clips, checkpoint)
    for first, second in (clips, clips[::-1]):
        place = tmp_path / first[1].stem / "e"
        export_to(place, [first], checkpoint)
        export_to(place, [second], checkpoint)
        assert check(place, checkpoint) == []
        assert manifest_in(place) == manifest_in(at_once)
        found, wanted = snapshot(place), snapshot(at_once)
        assert found.keys() == wanted.keys()
        assert all(found[path][1] == wanted[path][1] for path in wanted if path != MANIFEST)


def test_a_kept_clip_of_another_network_is_told_by_check(exported: Path, clips: Clips) -> None:
    other = checkpoint_of((64, 8, 3), seed=1)
    export_to(exported, clips[:1], other)
    assert check(exported, other) == ["BarDetector shows another network"]


def test_many_clips_of_another_network_are_one_problem(exported: Path) -> None:
    other = checkpoint_of((64, 8, 3), seed=1)
    assert check(exported, other) == ["the pages show another network", "2 clips show another network"]


@pytest.mark.parametrize("harm", ["its folder is deleted", "its film is damaged", "its entry is damaged"])
def test_a_clip_that_is_not_whole_is_left_out(harm: str, exported: Path, clips: Clips, checkpoint: Checkpoint) -> None:
    manifest = manifest_in(exported)
    if harm == "its folder is deleted":
        shutil.rmtree(exported / "BarDetector")
    elif harm == "its film is damaged":
        next((exported / "BarDetector").glob("*.mp4")).write_bytes(b"mine")
    else:
        manifest["clips"][1]["beats"] = [{"text": 3}]
        (exported / MANIFEST).write_text(json.dumps(manifest))
    export_to(exported, clips[:1], checkpoint)
    assert check(exported, checkpoint) == []
    assert [clip["scene"] for clip in manifest_in(exported)["clips"]] == ["ADigitAtAGlance"]
    assert b"BarDetector" not in (exported / "index.html").read_bytes()
    left = [file.read_bytes() for file in exported.glob("BarDetector/*")]
    assert left == ([b"mine"] if harm == "its film is damaged" else []), "what somebody changed is not removed"


# ------------------------------------------------------------------------------------ nothing outside is touched


def test_a_manifest_cannot_make_us_remove_other_files(exported: Path, clips: Clips, checkpoint: Checkpoint) -> None:
    precious = exported.parent / "precious.txt"
    precious.write_text("mine")
    (exported / "link").symlink_to(exported.parent)
    manifest = manifest_in(exported)
    entry = {"role": "mp4", "media_type": "a/b", "bytes": 4, "sha256": hashlib.sha256(b"mine").hexdigest()}
    manifest["pages"] += [
        {**entry, "path": path} for path in ("../precious.txt", str(precious), "link/precious.txt", "a\0b", ".", "")
    ]
    (exported / MANIFEST).write_text(json.dumps(manifest))
    assert sum("outside" in problem for problem in check(exported, checkpoint)) == 6
    export_to(exported, clips, checkpoint)
    assert precious.read_text() == "mine"


def test_a_manifest_cannot_make_us_use_other_files(
    exported: Path, clips: Clips, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    """A film that the manifest lists, but that is outside the folder, is made again."""
    manifest = manifest_in(exported)
    film = next(file for file in manifest["clips"][0]["files"] if file["role"] == "mp4")
    (exported / film["path"]).rename(tmp_path / "film.mp4")
    film["path"] = "../film.mp4"
    (exported / MANIFEST).write_text(json.dumps(manifest))
    export_to(exported, clips, checkpoint)
    assert check(exported, checkpoint) == []
    assert (tmp_path / "film.mp4").exists()


@pytest.mark.parametrize("link", ["BarDetector", "index.html", "BarDetector/player.html", MANIFEST])
@pytest.mark.parametrize("first", [True, False], ids=["before the first export", "between two exports"])
def test_links_that_lead_out_are_refused(
    link: str, first: bool, clips: Clips, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    place, elsewhere = tmp_path / "export", tmp_path / "elsewhere"
    elsewhere.mkdir()
    if first:
        with open_folder(place):
            pass
    else:
        export_to(place, clips, checkpoint)
        make_clip(clips[1][1], [(10, 200, 10), (0, 0, 0), (90, 90, 90)])  # there are new files to write, old to remove
    inside = place / link
    inside.parent.mkdir(exist_ok=True)
    outside = elsewhere / inside.name
    if inside.exists():
        inside.rename(outside)
    elif link == "BarDetector":
        outside.mkdir()
    else:
        outside.write_text("mine")
    inside.symlink_to(outside)
    before = snapshot(elsewhere)
    with pytest.raises(ExportError, match=f"{link} is a link that leads out of the folder"):
        export_to(place, clips, checkpoint_of((64, 8, 3), seed=1))
    assert snapshot(elsewhere) == before
    inside.unlink()
    if link != MANIFEST:  # without it, the folder is no export
        export_to(place, clips, checkpoint)
        assert check(place, checkpoint) == []


def test_the_folder_may_be_a_link_and_links_of_others_stay(
    clips: Clips, checkpoint: Checkpoint, tmp_path: Path
) -> None:
    (tmp_path / "large disk").mkdir()
    (tmp_path / "e").symlink_to(tmp_path / "large disk")
    place = export_to(tmp_path / "e", clips, checkpoint)
    (place / "homework").symlink_to(tmp_path / "clips")
    export_to(place, clips, checkpoint)
    assert check(place, checkpoint) == []
    assert place.is_symlink() and (place / "homework").is_symlink()


@given(
    st.text(st.characters(codec=None), max_size=12)
    | st.lists(st.sampled_from(["..", ".", "", "/", "a", "out", "in"])).map("/".join)
)
def test_no_path_of_a_manifest_leads_out(tmp_path_factory: pytest.TempPathFactory, path: str) -> None:
    place = tmp_path_factory.mktemp("export")
    (place / "a").mkdir()
    (place / "out").symlink_to("..")
    (place / "in").symlink_to("a")
    found = inside(place, path)
    assert found is None or (place in found.resolve().parents and found.is_relative_to(place))


# ------------------------------------------------------------------------------------------------------ check


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("another network", "2 clips show another network"),
        ("an earlier version", "it was made by another version of Knobs"),
        ("a missing film", ".mp4 is missing"),
        ("a changed film", "its hash differs"),
        ("a changed page", "index.html is not as it was exported"),
        ("no words", "BarDetector has no alternative text"),
        ("no captions", "BarDetector has no file for: captions"),
        ("no clips", "lists no clips"),
        ("odd files", "cannot be understood"),
    ],
)
def test_check_finds(harm: str, said: str, exported: Path, checkpoint: Checkpoint) -> None:
    assert check(exported, checkpoint) == []
    manifest = manifest_in(exported)
    clip = manifest["clips"][1]
    film = exported / next(file["path"] for file in clip["files"] if file["role"] == "mp4")
    if harm == "another network":
        checkpoint = checkpoint_of((64, 8, 3), seed=5)
    elif harm == "an earlier version":
        manifest["format"] = 1
    elif harm == "a missing film":
        film.unlink()
    elif harm == "a changed film":
        film.write_bytes(film.read_bytes()[:-1] + b"x")
    elif harm == "a changed page":
        (exported / "index.html").write_text("<p>mine")
    elif harm == "no words":
        clip["alternative_text"] = " "
    elif harm == "no captions":
        clip["files"] = [file for file in clip["files"] if file["role"] != "captions"]
    elif harm == "no clips":
        manifest["clips"] = []
    elif harm == "odd files":
        clip["files"].append({"path": 3})
    (exported / MANIFEST).write_text(json.dumps(manifest))
    try:
        problems = check(exported, checkpoint)
    except ExportError as problem:
        problems = [str(problem)]
    assert any(said in problem for problem in problems)


@pytest.mark.parametrize("content", ["{}", "[]", "", '{"generator": "other"}', "\udcff"])
def test_check_where_there_is_no_export(content: str, tmp_path: Path, checkpoint: Checkpoint) -> None:
    (tmp_path / MANIFEST).write_text(content, errors="surrogateescape")
    with pytest.raises(ExportError, match="no export"):
        check(tmp_path, checkpoint)


# -------------------------------------------------------------------------------------------------- bad input


def test_a_folder_that_is_not_ours_is_refused(clips: Clips, checkpoint: Checkpoint, tmp_path: Path) -> None:
    place = tmp_path / "homework"
    place.mkdir()
    (place / "index.html").write_text("mine")
    before = snapshot(place)
    with pytest.raises(ExportError, match="holds other files and is not an export of Knobs"):
        export_to(place, clips, checkpoint)
    (place / MANIFEST).write_text('{"name": "a web app"}')
    with pytest.raises(ExportError, match="nothing was touched"):
        export_to(place, clips, checkpoint)
    (place / MANIFEST).unlink()
    assert snapshot(place) == before
    with pytest.raises(ExportError, match=r"index\.html is a file"):
        export_to(place / "index.html", clips, checkpoint)


def test_a_missing_clip_and_missing_metadata(clips: Clips, checkpoint: Checkpoint, tmp_path: Path) -> None:
    clip = clips[0][1]
    metadata_file(clip).write_text("{")
    with pytest.raises(ExportError, match=r"story\.json is missing or damaged; .* --force"):
        export_to(tmp_path / "e", clips, checkpoint)
    clip.unlink()
    with pytest.raises(ExportError, match="there is no clip .*; render it with ./knobs render ADigitAtAGlance"):
        export_to(tmp_path / "e", clips, checkpoint)


def test_a_clip_without_words_is_refused(clips: Clips, checkpoint: Checkpoint, tmp_path: Path) -> None:
    write_metadata(clips[0][1], ClipMetadata("ADigitAtAGlance", "T", "", 3.0, " ", (), ()))
    with pytest.raises(ExportError, match="has no alternative text"):
        export_to(tmp_path / "e", clips, checkpoint)


def test_a_damaged_clip_is_an_error_and_leaves_no_parts(clips: Clips, checkpoint: Checkpoint, tmp_path: Path) -> None:
    clips[1][1].write_bytes(b"no film")
    with pytest.raises(JoinError, match="cannot be read; render it again with: ./knobs render BarDetector --force"):
        export_to(tmp_path / "e", clips, checkpoint)
    assert not list((tmp_path / "e").rglob(".*"))


def killed_export(place: Path, clips: Clips) -> None:
    def half(picture: object, target: Path) -> None:
        target.write_bytes(b"half")
        os._exit(9)

    exporting.media.write_jpeg = half  # type: ignore[assignment]
    export_to(place, clips, checkpoint_of((64, 8, 3)))


def test_an_export_that_was_killed_is_continued(clips: Clips, checkpoint: Checkpoint, tmp_path: Path) -> None:
    place = tmp_path / "e"
    process = multiprocessing.get_context("spawn").Process(target=killed_export, args=(place, clips))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert read_manifest(place), "it is known for ours"
    with pytest.raises(ExportError, match="was not finished"):
        check(place, checkpoint)
    assert list(place.rglob(".knobs-*")), "a file was half written"
    export_to(place, clips, checkpoint)
    assert check(place, checkpoint) == []
    assert not list(place.rglob(".*"))


def test_an_export_that_was_killed_loses_nothing(exported: Path, clips: Clips, checkpoint: Checkpoint) -> None:
    """Another clip, into the same folder: everything that the first export made is still there, also after the next."""
    before = snapshot(exported)
    make_clip(clips[1][1], [(10, 200, 10), (0, 0, 0), (90, 90, 90)])
    process = multiprocessing.get_context("spawn").Process(target=killed_export, args=(exported, clips[1:]))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert {path: data for path, data in snapshot(exported).items() if path in before} == before
    assert check(exported, checkpoint) == []
    export_to(exported, clips[1:], checkpoint)
    assert check(exported, checkpoint) == []
    after = snapshot(exported)
    other = [path for path in before if path.startswith("ADigitAtAGlance/") and not path.endswith(".html")]
    assert len(other) > 5 and all(after[path] == before[path] for path in other)
    assert not list(exported.rglob(".*"))


def test_two_at_once_go_one_after_the_other(tmp_path: Path, clips: Clips, checkpoint: Checkpoint) -> None:
    place, waited = tmp_path / "e", []
    with open_folder(place):

        def stop() -> None:
            waited.append(True)
            raise InterruptedError

        with pytest.raises(InterruptedError), open_folder(place, stop):
            pass
    assert waited
    with open_folder(place, lambda: pytest.fail("nobody is there")):
        pass


@pytest.mark.parametrize("room", [0, 8_000, 30_000, 120_000])
def test_a_full_disk(room: int, small_disk: Path, clips: Clips, checkpoint: Checkpoint, tmp_path: Path) -> None:
    place = small_disk / "export"
    with open(small_disk / "ballast", "wb", buffering=0) as ballast:
        state = os.statvfs(small_disk)
        ballast.write(bytes(max(0, state.f_bavail * state.f_frsize - room)))
    with pytest.raises(OSError) as problem:
        export_to(place, clips, checkpoint)
    assert problem.value.errno == errno.ENOSPC
    assert not list(small_disk.rglob(".*"))
    (small_disk / "ballast").unlink()
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
    export_to(place, clips, checkpoint)
    assert check(place, checkpoint) == []


def test_a_disk_that_cannot_be_written_to(small_disk: Path, clips: Clips, checkpoint: Checkpoint) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(OSError) as problem:
        export_to(small_disk / "export", clips, checkpoint)
    assert problem.value.errno == errno.EROFS


def test_the_folder_can_be_moved(exported: Path, clips: Clips, checkpoint: Checkpoint, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere" / "lesson"
    shutil.copytree(exported, moved)
    assert check(moved, checkpoint) == []
