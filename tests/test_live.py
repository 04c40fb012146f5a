"""A preview shows a scene after every change."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lesson.cli.program import main
from lesson.render.preview import Previewer, changes, describe_failure
from network import Network
from scenes.settings import ROOT, LessonContext
from tests.scenes.conftest import make_checkpoint


def test_files_that_change_come_or_go_are_told_once(tmp_path: Path) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_text("1")
    following = changes(lambda: tmp_path.glob("*.py"))
    assert next(following) == []
    two.write_text("2")
    assert next(following) == [two]
    os.utime(one, (0, 0))
    two.unlink()
    assert next(following) == [one, two]


def test_a_still_follows_the_network(tmp_path: Path) -> None:
    previewer, pictures, context = Previewer(), [], LessonContext(tmp_path / "x.npz")
    for seed in (1, 2):
        network = Network.random([784, 16, 16, 10], np.random.default_rng(seed))
        make_checkpoint(network).save(tmp_path / "x.npz")
        made = previewer.still(context, "CountingTheKnobs", 6, 90, tmp_path / "still.png", tmp_path)
        assert not made.problem
        assert 6 <= made.reached < 12
        with Image.open(tmp_path / "still.png") as picture:
            assert picture.size == (160, 90)
            pictures.append(np.asarray(picture))
    assert not np.array_equal(*pictures)
    (tmp_path / "x.npz").write_text("no checkpoint")
    made = previewer.still(context, "CountingTheKnobs", 6, 90, tmp_path / "still.png", tmp_path)
    assert "is not a checkpoint" in made.problem
    with Image.open(tmp_path / "still.png") as picture:
        assert np.array_equal(np.asarray(picture), pictures[-1]), "the last good picture stays"


def test_a_part_is_not_one_scene(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["live", "6", "--once"])
    assert left.value.code == 1
    assert "6 is a whole part; choose one of its scenes: AWeightOnEachConnection" in capsys.readouterr().err


def test_a_moment_after_the_end_shows_the_end_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["live", "ADigitAtAGlance", "--once", "--at", "9999", "--height", "90", "--media", str(tmp_path)])
    said = capsys.readouterr()
    assert left.value.code == 0 and "ADigitAtAGlance.png" in said.out
    assert re.fullmatch(r"knobs: ADigitAtAGlance has only \d+\.\d s, so this is its end\n", said.err)


def raised(code: str, file: str) -> Exception:
    """The exception that code in this file of the project raises."""
    try:
        exec(compile(code, str(ROOT / file), "exec"), {})
    except Exception as problem:
        return problem
    raise AssertionError("it raised nothing")


def test_an_error_is_told_by_its_kind() -> None:
    """This used to depend on the wording of the message: when that changed, the line of code was no longer named."""
    fault = describe_failure(raised("\n1 / 0", "scenes/broken.py"))
    assert fault == "ZeroDivisionError in scenes/broken.py, line 2: division by zero"
    expected = "from network.errors import DataError\nraise DataError('unexpected error: no; choose other data.')"
    assert describe_failure(raised(expected, "scenes/broken.py")) == "unexpected error: no; choose other data"
    assert describe_failure(raised("x = (", "scenes/broken.py")) == "'(' was never closed in broken.py, line 1"
    elsewhere = describe_failure(raised("1 / 0", "network/broken.py"))
    assert elsewhere == "unexpected error: ZeroDivisionError: division by zero; set KNOBS_DEBUG=1 for a traceback"
