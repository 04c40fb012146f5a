"""What the stage and the kit rely on in manim's internals, one test each.

After an upgrade of manim that changes one of them, the test with its name fails here, before captions drift, segments
go stale or files are left half written. Where a test draws with manim's own classes, it says what manim does; where it
uses ours, it says that what we build on it still holds.
"""

from __future__ import annotations

import errno
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import av
import numpy as np
import pytest
from manim import (
    AnimationGroup,
    Camera,
    Circle,
    FadeIn,
    MathTypst,
    Mobject,
    Scene,
    Square,
    Transform,
    VMobject,
    Wait,
    config,
    linear,
    tempconfig,
)
from manim.mobject.svg.svg_mobject import SVG_HASH_TO_MOB_MAP
from manim.renderer.cairo_renderer import CairoRenderer
from manim.scene.scene_file_writer import SceneFileWriter
from manim.scene.video_segment_encoder import VideoSegmentEncoder
from manim.utils.exceptions import EndSceneEarlyException
from manim.utils.family import extract_mobject_family_members
from manim.utils.hashing import get_hash_from_play_call

from network import Network
from scenes.kit.camera import LessonCamera, view_of
from scenes.kit.mobjects.cells import Cells
from scenes.kit.mobjects.code_panel import CodePanel
from scenes.kit.mobjects.text import formula
from scenes.stage import input_log
from scenes.stage.file_writer import LessonFileWriter, remove_half_written_svgs
from scenes.stage.lesson_scene import LessonScene
from scenes.stage.renderer import LessonRenderer, all_animations
from scenes.stage.segment_encoder import WholeSegmentEncoder

SMALL = {"pixel_height": 54, "pixel_width": 96, "frame_rate": 15}


@pytest.fixture(autouse=True)
def small(tmp_path: Path) -> Iterator[None]:
    with tempconfig({**SMALL, "media_dir": str(tmp_path), "disable_caching": False}):
        yield


def scene_of(construct: Callable[[Any], None], kind: type[Scene] = LessonScene, **options: Any) -> Any:
    return type("Played", (kind,), {"construct": construct})(**options)


def played(construct: Callable[[Any], None], kind: type[Scene] = LessonScene, **options: Any) -> Any:
    scene = scene_of(construct, kind, **options)
    scene.render()
    return scene


def calls_of(monkeypatch: pytest.MonkeyPatch, owner: type, *names: str) -> list[str]:
    """The names of these methods of a class, in the order in which they are called from now on."""
    calls: list[str] = []

    def watch(name: str) -> None:
        original = getattr(owner, name)

        def called(*args: Any, **named: Any) -> Any:
            calls.append(name)
            return original(*args, **named)

        monkeypatch.setattr(owner, name, called)

    for name in names:
        watch(name)
    return calls


def frames_in(file: str | Path) -> int:
    with av.open(str(file)) as container:
        return sum(1 for _ in container.decode(video=0))


def two_plays(scene: Scene) -> None:
    square = Square()
    scene.play(FadeIn(square), run_time=0.2)
    scene.play(square.animate.shift((1, 0, 0)), run_time=0.2)


# ------------------------------------------------------------------------------------------ what is overridden

OVERRIDDEN = {
    (WholeSegmentEncoder, VideoSegmentEncoder): ("write_frame", "finish", "abort"),
    (LessonFileWriter, SceneFileWriter): (
        "finish",
        "_create_segment_encoder",
        "is_already_cached",
        "_concat_manifest_bytes",
        "combine_files",
        "combine_to_movie",
        "print_file_ready_message",
        "write_subcaption_file",
    ),
    (LessonRenderer, CairoRenderer): (
        "render",
        "freeze_current_frame",
        "update_skipping_status",
        "update_frame",
        "add_frame",
        "play",
    ),
    (LessonScene, Scene): (
        "setup",
        "render",
        "next_section",
        "add_sound",
        "compile_animation_data",
        "get_moving_and_static_mobjects",
    ),
    (LessonCamera, Camera): ("set_cairo_context_path",),
}


@pytest.mark.parametrize(("ours", "theirs"), OVERRIDDEN)
def test_every_overridden_method_is_one_of_manims_and_takes_the_same(ours: type, theirs: type) -> None:
    """A method that manim has renamed would never be called."""
    for name in OVERRIDDEN[ours, theirs]:
        assert name in vars(ours), name
        taken, given = (inspect.signature(getattr(kind, name)).parameters for kind in (ours, theirs))
        if any(parameter.kind is parameter.VAR_KEYWORD for parameter in taken.values()):
            continue  # it hands on whatever it gets
        assert list(taken) == list(given), name


def test_nothing_else_of_manims_is_overridden() -> None:
    """What is added to the stage must not take a name of manim's by chance."""
    for (ours, theirs), names in OVERRIDDEN.items():
        taken = {name for name in vars(ours) if not name.startswith("__") and hasattr(theirs, name)}
        assert taken - {"movie_file_path", "time", "_abc_impl"} == set(names), ours


# ------------------------------------------------------------------------------------------ the clock


@pytest.mark.parametrize("rate", [6, 15, 30, 60])
@pytest.mark.parametrize("seconds", [0.05, 0.3, 0.7, 1.0, 1.1, 2.05])
def test_the_frame_clock(seconds: float, rate: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """manim draws a frame for each of np.arange(0, seconds, 1 / rate), and int(seconds * rate) for a still one.

    Ours does as well, but loses none in rounding.
    """
    frames: list[int] = []
    add = CairoRenderer.add_frame

    def count(self: CairoRenderer, frame: Any, num_frames: int = 1) -> None:
        frames.append(num_frames)
        add(self, frame, num_frames)

    monkeypatch.setattr(CairoRenderer, "add_frame", count)

    def construct(scene: Scene) -> None:
        scene.play(FadeIn(Square()), run_time=seconds)
        frames.append(0)
        if seconds * rate > 1:
            scene.wait(seconds)

    with tempconfig({"dry_run": True, "disable_caching": True, "frame_rate": rate, "pixel_height": 9}):
        played(construct, Scene)
        manims, frames[:] = list(frames), []
        plays = played(construct).renderer.plays
    middle = manims.index(0)
    assert plays[0].frames == sum(manims[:middle]) == len(np.arange(0, seconds, 1 / rate))
    for still in plays[1:]:
        # manim's 2.05 s have 122 frames at 60 a second, because 2.05 / (1 / 60) is 122.99…; ours have all 123.
        assert still.frames == int(seconds * rate + 1e-6)
        assert still.frames - sum(manims[middle + 1 :]) == (rate * seconds - int(seconds / (1 / rate)) > 1 - 1e-6)


def test_is_current_animation_frozen_frame() -> None:
    told = []

    class Watched(LessonScene):
        def is_current_animation_frozen_frame(self) -> bool:
            told.append(super().is_current_animation_frozen_frame())
            return told[-1]

    def construct(scene: Scene) -> None:
        square = Square()
        scene.add(square)
        scene.wait(0.2)
        scene.play(FadeIn(Circle()), run_time=0.2)
        square.add_updater(lambda square, dt: square.shift((dt, 0, 0)))
        scene.wait(0.2)

    with tempconfig({"dry_run": True, "disable_caching": True}):
        scene = played(construct, Watched)
    assert [play.still for play in scene.renderer.plays] == [True, False, False]
    assert told[0] is True and told[-1] is False


def test_the_scenes_time_is_the_renderers() -> None:
    scene = scene_of(lambda scene: None)
    scene.renderer.time = 12.5
    assert scene.time == 12.5


def test_a_subcaption_begins_at_the_clock_and_its_offset() -> None:
    def construct(scene: Scene) -> None:
        scene.wait(1)
        scene.add_subcaption("Said before.", duration=0.5, offset=-0.8)

    (subcaption,) = played(construct, Scene).renderer.file_writer.subcaptions
    assert (subcaption.start.total_seconds(), subcaption.end.total_seconds()) == pytest.approx((0.2, 0.7))


# ------------------------------------------------------------------------------------------ plays that are not drawn


def test_original_skipping_status() -> None:
    """Each play begins with it, whatever was skipped before."""
    found = []
    assert CairoRenderer(skip_animations=True)._original_skipping_status is True

    def construct(scene: Any) -> None:
        for _ in range(2):
            scene.renderer.skip_animations = True
            scene.play(FadeIn(Square()), run_time=0.1)
            found.append(scene.renderer.skip_animations)

    with tempconfig({"disable_caching": True}):
        played(construct, Scene)
    assert found == [False, False]


def test_a_skipped_play_writes_nothing_and_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """manim draws its frames all the same, to throw them away; ours does not."""
    with tempconfig({"disable_caching": True}):
        for kind, owner in ((Scene, Camera), (LessonScene, LessonCamera)):
            calls = calls_of(monkeypatch, owner, "capture_mobjects")
            written = calls_of(monkeypatch, SceneFileWriter, "write_frame")

            def construct(scene: Any) -> None:
                scene.next_section(skip_animations=True)
                scene.play(FadeIn(Square()), run_time=0.2)
                scene.next_section()
                calls.append("drawn")  # noqa: B023
                scene.play(FadeIn(Circle()), run_time=0.2)

            played(construct, kind)
            drawn = calls.index("drawn")
            assert bool(calls[:drawn]) == (kind is Scene)
            assert len(calls[drawn + 1 :]) >= 3 and len(written) == 3
            monkeypatch.undo()


def test_a_sound_after_a_skipped_play_is_kept() -> None:
    """manim leaves out sounds while its renderer skips, and after a play it goes on to do so."""
    scene = scene_of(lambda scene: None, Scene)
    scene.renderer.skip_animations = True
    scene.add_sound("nowhere.wav")  # nobody looks for it

    def construct(scene: Any) -> None:
        scene.next_section(skip_animations=True)
        scene.wait(0.2)
        assert not scene.renderer.skip_animations

    played(construct)


def test_is_already_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cached play is not drawn, and its segment is the one that was drawn before."""
    first = played(two_plays)
    segments = first.renderer.file_writer.partial_movie_files
    assert all(Path(segment).exists() and frames_in(segment) == 3 for segment in segments)
    calls = calls_of(monkeypatch, LessonCamera, "capture_mobjects")
    written = calls_of(monkeypatch, SceneFileWriter, "write_frame")
    again = played(two_plays)
    assert again.renderer.file_writer.partial_movie_files == segments
    assert calls == written == []
    assert frames_in(again.clip_file) == 6 and again.time == first.time
    # A damaged segment is not taken.
    Path(segments[0]).write_bytes(Path(segments[0]).read_bytes()[:-9])
    assert played(two_plays).renderer.file_writer.partial_movie_files == segments
    assert len(written) == 3 and frames_in(segments[0]) == 3


def test_end_scene_early_exception() -> None:
    """It ends the scene, and what was drawn until then becomes the clip."""
    reached = []

    def construct(scene: Any) -> None:
        for number in range(4):
            scene.wait(0.2)
            reached.append(number)

    def stopping(scene: Any) -> None:
        scene.wait(0.2)
        raise EndSceneEarlyException

    assert frames_in(played(stopping, Scene).renderer.file_writer.movie_file_path) == 3
    scene = scene_of(construct)
    scene.renderer.stop_at = 0.3
    scene.render()
    assert reached == [0] and scene.time == pytest.approx(0.4)
    assert frames_in(scene.clip_file) == 6


def test_a_stretch_draws_its_plays_and_no_others() -> None:
    """By `update_skipping_status`, `num_plays` and the names that `partial_movie_files` holds, None for the others."""

    def construct(scene: Any) -> None:
        for number in range(4):
            scene.play(FadeIn(Square().shift((number, 0, 0))), run_time=0.2)

    whole = played(construct).renderer.file_writer.partial_movie_files
    with tempconfig({"media_dir": f"{config.media_dir}/other"}):
        scene = scene_of(construct)
        writer = scene.renderer.file_writer
        scene.renderer.stretch, writer.joins = (1, 3), False
        scene.render()
        assert [file and Path(file).name for file in writer.partial_movie_files] == [
            None,
            *(Path(file).name for file in whole[1:3]),
        ]
        assert writer.segment_names(1, 3) == tuple(Path(file).name for file in whole[1:3])
        assert sorted(file.name for file in writer.partial_movie_directory.glob("*.mp4")) == sorted(
            writer.segment_names(1, 3)
        )
        assert scene.renderer.num_plays == 3 and scene.renderer.found != scene.renderer.left
        assert not scene.clip_file.exists()
        # And `partial_movie_files` is what is joined.
        joining = scene_of(construct)
        assert joining.renderer.file_writer.join_segments(writer.segment_names(1, 3), [])
        assert frames_in(joining.clip_file) == 6
        assert not joining.renderer.file_writer.join_segments(["none.mp4"], [])


# ------------------------------------------------------------------------------------------ what is drawn when


def test_compile_animation_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is called once a play, before the play is looked for in the cache; then all its mobjects are in the scene."""
    found = []

    class Watched(LessonScene):
        def compile_animation_data(self, *animations: Any, **options: Any) -> Any:
            compiled = super().compile_animation_data(*animations, **options)
            found.append([type(part) for part in self.mobjects])
            calls.append("compile")
            return compiled

    calls = calls_of(monkeypatch, SceneFileWriter, "is_already_cached")
    scene = played(lambda scene: scene.play(AnimationGroup(FadeIn(Square()), FadeIn(Circle()))), Watched)
    assert calls == ["compile", "is_already_cached"]
    assert {Square, Circle} <= {type(part) for part in extract_mobject_family_members(scene.mobjects)}
    assert found and scene.camera.drawn_by
    kinds = [type(animation) for animation in all_animations(scene.animations)]
    assert kinds == [AnimationGroup, FadeIn, FadeIn], "the animations of a group are in `animations`"


def test_a_filmed_file_is_noted_whenever_it_is_shown() -> None:
    panel = CodePanel(Network.predict, fold=True)
    noted = []
    for construct in (
        lambda scene: (scene.add(panel), scene.wait(0.2)),
        lambda scene: scene.play(FadeIn(panel), run_time=0.2),
        lambda scene: scene.play(AnimationGroup(FadeIn(panel.copy())), run_time=0.2),
        lambda scene: scene.wait(0.2),
    ):
        with input_log.noting() as read, tempconfig({"dry_run": True, "disable_caching": True}):
            played(construct)
        noted.append(read)
    assert noted == 3 * [{"file network/network.py"}] + [set()]


class Counted(Cells):
    """It counts how often it is drawn."""

    IN_BANDS: ClassVar[bool] = False

    def draw(self, view: Any) -> None:
        drawn.append(self.z_index)
        super().draw(view)


drawn: list[float] = []


def test_get_moving_and_static_mobjects() -> None:
    """What it calls moving is drawn in every frame, the rest once a play, beneath it."""
    below, above = (Counted([[0, 0, 0]]).set_z_index(level) for level in (-1, 1))
    drawn.clear()

    def construct(scene: Any) -> None:
        scene.add(above, below)
        scene.play(above.animate.shift((1, 0, 0)), run_time=0.4)
        assert scene.static_mobjects == [below] and scene.moving_mobjects == [above]

    played(construct)
    assert drawn == [-1] + 6 * [1]


def test_the_hooks_of_mobjects() -> None:
    """A mobject of arrays is set up by `init_colors` and `reset_points`, and changes by `interpolate`."""
    called = []

    class Hooked(Cells):
        def init_colors(self) -> None:
            called.append("init_colors")
            super().init_colors()

        def reset_points(self) -> Any:
            called.append("reset_points")
            return super().reset_points()

        def interpolate(self, *args: Any, **named: Any) -> Any:
            called.append("interpolate")
            return super().interpolate(*args, **named)

    cells = Hooked([[0, 0, 0]])
    assert set(called) == {"init_colors", "reset_points"}
    moving = Transform(cells, cells.copy().shift((2, 0, 0)), rate_func=linear)
    moving.begin()
    called.clear()
    moving.interpolate(0.5)
    assert called == ["interpolate"] and cells.get_center() == pytest.approx((1, 0, 0))


def test_mobjects_in_the_order_of_drawing() -> None:
    one, two, three = (Square().set_z_index(level) for level in (2, 0, 1))
    assert extract_mobject_family_members([one, two, three], use_z_index=True) == [two, three, one]
    assert extract_mobject_family_members([Mobject(), one], only_those_with_points=True) == [one]


def test_a_still_is_the_stage_as_it_is_now() -> None:
    """By `update_frame`, which draws outside plays, and the camera's `get_image`."""
    scene = scene_of(lambda scene: scene.add(Square(fill_color="#FFFFFF", fill_opacity=1)))
    with tempconfig({"dry_run": True}):
        scene.render()
    picture = np.asarray(scene.still())
    assert picture.shape == (54, 96, 3)
    assert picture[27, 48].tolist() == [255, 255, 255] and picture[27, 5].max() < 40
    scene.clear()
    assert np.asarray(scene.still()).max() < 40


# ------------------------------------------------------------------------------------------ the camera


def test_display_funcs() -> None:
    """`type_or_raise` fills it in: a function for each type, which draws a list of mobjects into an array."""
    camera = Camera(pixel_height=54, pixel_width=96)
    square = Square(fill_color="#FFFFFF", fill_opacity=1)
    assert camera.type_or_raise(square) is VMobject
    assert camera.type_or_raise(Mobject()) is Mobject
    camera.display_funcs[VMobject]([square], camera.pixel_array)
    assert camera.pixel_array[27, 48, :3].tolist() == [255, 255, 255]
    assert camera.pixel_array.dtype == np.uint8 and camera.pixel_array.shape == (54, 96, 4)


def test_capture_mobjects() -> None:
    """Every frame goes through it; array mobjects stand among manim's own, in their order, at the same places."""
    white, black = ({"fill_color": colour, "fill_opacity": 1, "stroke_width": 0} for colour in ("#FFFFFF", "#000000"))
    for over, middle in ((black, 0), (white, 255)):
        camera = LessonCamera(pixel_height=54, pixel_width=96)
        cells = Cells([[2.0, 1.0, 0]], 1.0).set_signed([0.0], 1)
        camera.capture_mobjects([Square(0.4, **over).move_to((2, 1, 0)).set_z_index(1), cells])
        ((x, y),) = view_of(camera, camera.pixel_array).pixels(np.array([[2.0, 1.0, 0]]))
        assert abs(int(camera.pixel_array[int(y), int(x), 0]) - middle) < 3
    plain = Camera(pixel_height=54, pixel_width=96)
    plain.capture_mobjects([Square(0.4, **white).move_to((2, 1, 0))])
    rows, columns = np.nonzero(plain.pixel_array[..., 0] > 100)
    assert (columns.mean() + 0.5, rows.mean() + 0.5) == pytest.approx((x, y), abs=0.6)


def hashed(camera: Camera, *mobjects: Mobject) -> str:
    return get_hash_from_play_call(
        object(),  # type: ignore[arg-type]
        camera,
        [Wait(1)],
        mobjects,
        backend="cairo",
        encoder_fingerprint="x",
        renderer_state=(),
    )


def test_the_hash_of_camera_attributes() -> None:
    """The code that draws counts; what was drawn before does not."""
    camera, fresh = (LessonCamera(pixel_height=54, pixel_width=96) for _ in range(2))
    before = hashed(camera)
    camera.capture_mobjects([Cells([[0, 0, 0]]), Square()])
    assert hashed(camera) == before == hashed(fresh)
    camera.drawn_by = "another"
    assert hashed(camera) != before


def test_the_hash_of_mobject_attributes() -> None:
    """Arrays count to the last bit; of a path only that it is one, so that a clip may be made in another folder."""
    camera, square = LessonCamera(pixel_height=54, pixel_width=96), Square()
    square.filmed_file = Path("one/a.py")
    before = hashed(camera, square)
    square.filmed_file = Path("other/a.py")
    assert hashed(camera, square) == before
    square.points[3, 1] = np.nextafter(square.points[3, 1], 9)
    assert hashed(camera, square) != before


# ------------------------------------------------------------------------------------------ the encoder


def encoder(kind: type[VideoSegmentEncoder], target: Path) -> VideoSegmentEncoder:
    spec = scene_of(lambda scene: None).renderer.file_writer.video_encoder
    made = kind(target=target, spec=spec)
    made.write_frame(np.zeros((54, 96, 4), np.uint8), repeat=2)
    return made


def test_the_encoders_constructor_and_private_fields(tmp_path: Path) -> None:
    plain = encoder(VideoSegmentEncoder, tmp_path / "a.mp4")
    assert plain._closed is False and plain.target == tmp_path / "a.mp4"
    problem = plain._operation_error("finish", OSError("no"))
    assert isinstance(problem, RuntimeError) and "finish" in str(problem)
    plain.finish()
    assert plain._closed is True and frames_in(tmp_path / "a.mp4") == 2
    plain.finish()  # twice does no harm
    plain = encoder(VideoSegmentEncoder, tmp_path / "b.mp4")
    plain.abort()
    assert plain._closed is True and not (tmp_path / "b.mp4").exists()


def test_abort_removes_the_file_of_target(tmp_path: Path) -> None:
    ours = encoder(WholeSegmentEncoder, tmp_path / "a.mp4")
    assert [file.name for file in tmp_path.glob(".*")] == [ours._part.name]  # type: ignore[attr-defined]
    ours.abort()
    assert not list(tmp_path.glob("*.mp4")) and not list(tmp_path.glob(".*"))


def test_a_segment_gets_its_name_when_it_is_finished(tmp_path: Path) -> None:
    ours = encoder(WholeSegmentEncoder, tmp_path / "a.mp4")
    assert not (tmp_path / "a.mp4").exists()
    ours.finish()
    assert frames_in(tmp_path / "a.mp4") == 2 and not list(tmp_path.glob(".*"))
    ours = encoder(WholeSegmentEncoder, tmp_path / "b.mp4")
    container: Any = ours._container
    ours._part.write_bytes(b"")  # type: ignore[attr-defined]  # as on a disk that loses what was written
    with pytest.raises(RuntimeError, match="finish") as caught:
        ours._container = type("Lost", (), {"mux": lambda *_: None, "close": lambda *_: None})()  # type: ignore[assignment]
        ours.finish()
    assert isinstance(caught.value.__cause__, OSError) or "to the end" in str(caught.value)
    container.close()
    assert not (tmp_path / "b.mp4").exists()


def test_the_writer_makes_its_encoders_by_create_segment_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    original = LessonFileWriter._create_segment_encoder

    def make(self: LessonFileWriter, target: Path) -> VideoSegmentEncoder:
        made.append(original(self, target))
        return made[-1]

    monkeypatch.setattr(LessonFileWriter, "_create_segment_encoder", make)
    writer = played(two_plays).renderer.file_writer
    assert [type(one) for one in made] == 2 * [WholeSegmentEncoder]
    assert [str(one.target) for one in made] == writer.partial_movie_files


def test_a_full_disk_comes_out_of_the_encoders_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """manim wraps it in a RuntimeError; the stage takes it out again."""

    class FullDisk:
        def encode(self, frame: Any = None) -> Any:
            raise OSError(errno.ENOSPC, "No space left on device", "a.mp4")

    begin = VideoSegmentEncoder.__init__

    def begin_on_a_full_disk(self: Any, **options: Any) -> None:
        begin(self, **options)
        self._stream = FullDisk()

    monkeypatch.setattr(VideoSegmentEncoder, "__init__", begin_on_a_full_disk)
    with pytest.raises(RuntimeError) as wrapped:
        played(two_plays, Scene)
    assert isinstance(wrapped.value.__cause__, OSError)
    with pytest.raises(OSError, match="No space left") as caught:
        played(two_plays)
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, "a.mp4")


# ------------------------------------------------------------------------------------------ the file writer


def test_the_output_plan() -> None:
    writer = scene_of(lambda scene: None).renderer.file_writer
    plan = writer.output_plan
    assert plan.segment_path("x") == writer.partial_movie_directory / "x.mp4"
    assert plan.primary_artifact == writer.movie_file_path
    assert plan.subcaption_file == writer.movie_file_path.with_suffix(".srt")
    assert writer.output_spec.is_video
    with tempconfig({"dry_run": True}):
        assert not scene_of(lambda scene: None).renderer.file_writer.output_spec.is_video


def test_combine_files() -> None:
    """It joins the files, in order, into the one it is given."""
    writer = played(two_plays, Scene).renderer.file_writer
    joined = writer.movie_file_path.with_name("joined.mp4")
    SceneFileWriter.combine_files(writer, writer.partial_movie_files[::-1], joined)
    assert frames_in(joined) == 6
    data = joined.read_bytes()
    assert data.find(b"moov") > data.find(b"mdat"), "manim puts the index last"
    LessonFileWriter.combine_files(played(two_plays).renderer.file_writer, writer.partial_movie_files, joined)
    data = joined.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat") and frames_in(joined) == 6


def test_concat_manifest_bytes() -> None:
    """`combine_files` reads its segments from it, and manim writes paths with an apostrophe that FFmpeg cannot read."""
    with tempconfig({"media_dir": f"{config.media_dir}/teacher's"}):
        with pytest.raises(av.FFmpegError):
            played(two_plays, Scene)
        assert frames_in(played(two_plays).clip_file) == 6


def test_combine_to_movie(monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks for `movie_file_path`, lets `combine_files` write it, and says that it is ready."""
    for kind, owner in ((Scene, SceneFileWriter), (LessonScene, LessonFileWriter)):
        names = ("combine_to_movie", "combine_files", "print_file_ready_message", "write_subcaption_file")
        calls = calls_of(monkeypatch, owner, *names)
        scene = played(lambda scene: (two_plays(scene), scene.add_subcaption("Two.", 0.1)), kind)
        assert set(calls) == set(names) and calls.index("combine_to_movie") < calls.index("combine_files")
        writer = scene.renderer.file_writer
        assert Path(writer.final_file_path) == writer.movie_file_path
        assert frames_in(writer.movie_file_path) == 6 and writer.movie_file_path.with_suffix(".srt").exists()
        assert not list(writer.movie_file_path.parent.glob(".*"))
        monkeypatch.undo()


def test_a_writer_that_does_not_join_waits_for_its_segments() -> None:
    """By `join_all_encode_jobs`, which manim's `finish` begins with."""
    scene = scene_of(two_plays)
    scene.renderer.file_writer.joins = False
    scene.render()
    assert not scene.clip_file.exists()
    assert [frames_in(file) for file in scene.renderer.file_writer.partial_movie_files] == [3, 3]


# ------------------------------------------------------------------------------------------ type


def test_use_svg_cache() -> None:
    """A formula is neither put into manim's cache nor taken from it, and is the same every time."""
    known = set(SVG_HASH_TO_MOB_MAP)
    one, other = (formula("a = sigma(W a + b)") for _ in range(2))
    assert set(SVG_HASH_TO_MOB_MAP) == known
    pairs = zip(one.family_members_with_points(), other.family_members_with_points(), strict=True)
    assert all(np.array_equal(a.points, b.points) for a, b in pairs)
    MathTypst("x + y")
    assert set(SVG_HASH_TO_MOB_MAP) != known, "with it, manim keeps what it has read"


def test_the_svg_files_of_type(tmp_path: Path) -> None:
    """They lie in `tex_dir`, end in </svg>, and are taken by their names alone, whatever is in them."""
    folder = tmp_path / "typst"
    with tempconfig({"tex_dir": str(folder)}):
        whole = formula("x^2")
        (file,) = folder.glob("*.svg")
        text = file.read_bytes()
        assert text[-16:].strip().endswith(b"</svg>")
        file.write_bytes(text[:-20])
        with pytest.raises(Exception):  # noqa: B017  # manim reads the half file, and fails
            formula("x^2")
        assert file.read_bytes() == text[:-20], "and would do so for ever"
        remove_half_written_svgs(folder)
        assert not file.exists()
        again = formula("x^2")
        assert np.array_equal(again.get_all_points(), whole.get_all_points())
        remove_half_written_svgs(folder)
        assert file.exists()


def test_a_plain_scene_can_be_given_another_file_writer() -> None:
    """`scenes.stage.own_scene` does so: the renderer makes it from a class, with settings that the scene keeps."""
    scene = Scene()
    renderer: Any = scene.renderer
    assert type(renderer) is CairoRenderer and renderer._file_writer_class is SceneFileWriter
    assert type(renderer.file_writer) is SceneFileWriter
    renderer._file_writer_class = LessonFileWriter
    renderer.init_scene(scene, scene.session_spec, scene.file_writer_settings)
    assert type(renderer.file_writer) is LessonFileWriter
    assert renderer.file_writer.settings is scene.file_writer_settings
