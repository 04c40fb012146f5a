"""Networks that take the rows of a table: what is read, learned, shown and said; and what is refused, and why."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from lesson.cli import compare, evaluate, scenes, train
from lesson.export import pages
from lesson.export.facts import facts_of
from lesson.export.figures import FigureFiles
from lesson.importing import datasets
from lesson.importing.inference import work_out
from lesson.importing.readers import read_model
from lesson.render.picture_checks import Findings, check_beats, check_stage
from lesson.render.rendering import RenderError, dry_run, find_scenes, left_out, manim_set_up, told_of_left_out
from network import Layer, Network
from network.analysis.examples import hero, least_sure_row, outputs_make_one
from network.analysis.neurons import pushed_both_ways
from network.checkpoint import load_checkpoint
from network.digits import Digits, load_digits
from network.errors import DataError
from network.training import TrainingSettings
from network.training import train as run_of
from network.units import Units
from scenes.licence import NameOfTable, licence
from scenes.settings import DEFAULT_CHECKPOINT, LessonContext
from scenes.stage.lesson_scene import LessonScene
from scenes.syllabus import Part, SceneEntry, all_scenes, film_subtitle, with_cards
from tests.scenes.conftest import make_checkpoint

XOR = "a,b,class\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n"
MEASURED = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
FLOWERS = {"meadow": (5.0, 3.4, 1.5, 0.25), "river bank": (5.9, 2.8, 4.3, 1.3), "high pasture": (6.6, 3.0, 5.6, 2.0)}
SHOWN = [entry.name for _, entry in all_scenes() if entry.for_rows]
CARDS = ["TitleCard", "PartCard4", "EndCard"]


def table(place: Path, text: str) -> Path:
    place.write_text(text, encoding="utf-8")
    return place


def flowers(place: Path, each: int = 20) -> Path:
    """A made-up table of flowers in three classes, with a column that counts its rows."""
    rng = np.random.default_rng(3)
    with open(place, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["Id", *MEASURED, "Species"])
        number = 0
        for name, means in FLOWERS.items():
            for values in rng.normal(means, (0.35, 0.33, 0.35, 0.2), (each, 4)).round(1):
                number += 1
                rows.writerow([number, *values, name])
    return place


def read(file: Path) -> tuple[Digits, Digits, str]:
    """The training set, the test set, and all that was said."""
    found = datasets.as_idx_folder(file)
    return load_digits(found.folder, "train"), load_digits(found.folder, "test"), " ".join(found.notes)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty; expected a table"),
        ("a\n1\n2\n", "has only one column; expected a table"),
        ("a,b,class\n", "has no rows of numbers"),
        ("a,b,class\n1,2,x\n", "has only one row of numbers"),
        ("a,b,class\n1,,x\n2,1,y\n", "row 2 of .* has no number in the column b; fill it in, or leave the row out"),
        ("a,b,class\n1,2,x\nNaN,1,y\n", "row 3 of .* has no number in the column a"),
        ("a,b,class\n1,high,x\n2,1,y\n", "row 2 of .* has 'high' in the column b; write a number there"),
        ("a;b;class\n1,5;2;x\n2;3;y\n", "has '1,5' in the column a; write a number there, with a decimal point"),
        ("a,b,class\n1,1e300,x\n2,3,y\n", "has 1e300 in the column b; write a number below 10¹² there"),
        ("a,b,class\n1,2,\n2,3,y\n", "row 2 of .* has no class"),
        ("a,b,class\n1,2,x\n2,3\n", "row 3 of .* has 2 cells, not 3"),
        ("a,a,class\n1,2,x\n2,3,y\n", "two columns the name a"),
        ("a,b,class\n1,2,x\n2,3,x\n", "has rows of only one class, x"),
        ("a,b,class\n1,2,x\n1,2,y\n", "all 2 rows of .* are the same"),
        ("a,b,price\n1,2,3.5\n2,3,4\n", "the column price of .* holds numbers such as 3.5, which are not classes"),
        ("a,b,name\n1,2,u\n2,3,v\n2,4,w\n", "3 different entries in 3 rows, so it names no classes"),
        ("id,class\n0,x\n1,y\n2,x\n", "no numbers but those that count its rows"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    file = table(tmp_path / "table.csv", text)
    with pytest.raises(DataError, match=said) as refused:
        datasets.as_idx_folder(file)
    assert "\n" not in str(refused.value) and ". " not in str(refused.value).replace("table.csv", "")


@pytest.mark.parametrize(
    ("text", "inputs", "rows", "said"),
    [
        ("1,2,x\n2,3,y\n2,2,x\n", ("x1", "x2"), [[1, 2], [2, 3], [2, 2]], "they are called x1 and x2"),
        (",a,class\n0,1,x\n1,2,y\n2,2,x\n", ("a",), [[1], [2], [2]], "The first column only counts the rows"),
        ("a,b,class\n1,2,x\n1,3,y\n", ("a", "b"), [[1, 2], [1, 3]], "a is 1 in every row, so nothing can be learned"),
        ('"a, old",b,class\n1,2,x\n\n3,4,y\n', ("a, old", "b"), [[1, 2], [3, 4]], "none was set aside"),
        ("0,1,species\n1,2,x\n3,4,y\n", ("0", "1"), [[1, 2], [3, 4]], "The column species holds the classes"),
        ("class\ta\nx\t-1.5\ny\t2\n", ("a",), [[-1.5], [2]], "The column class holds the classes"),
    ],
)
def test_what_a_table_holds_and_what_was_taken_for_what(
    tmp_path: Path, text: str, inputs: tuple[str, ...], rows: list[list[float]], said: str
) -> None:
    train_set, _, notes = read(table(tmp_path / "table.csv", text))
    assert train_set.inputs == inputs and train_set.class_names == ("x", "y")
    assert train_set.vectors.tolist() == rows
    assert said in notes


def test_columns_with_names_and_three_classes(tmp_path: Path) -> None:
    train_set, test_set, notes = read(flowers(tmp_path / "flowers.csv"))
    assert train_set.inputs == test_set.inputs == MEASURED and train_set.places == (1, 1, 1, 1)
    assert train_set.class_names == ("high pasture", "meadow", "river bank")
    assert (len(train_set), len(test_set)) == (48, 12)
    assert "Id, only counts the rows" in notes and "One row in 6 of each class was set aside" in notes


def test_a_row_is_as_bright_as_its_numbers_are_high_in_their_columns() -> None:
    rows = np.array([[[1, -2, 7]], [[3, 2, 7]], [[2, -1, 7]]], np.float32)
    made = Digits(rows, np.array([0, 1, 1]), ("no", "yes"), ("a", "b", "same"))
    assert made.brightness(made.vectors).tolist() == [[0, 0, 0], [1, 1, 0], [0.5, 0.25, 0]]
    assert made.brightness(np.array([9.0, -9, 7])).tolist() == [1, 0, 0]


def test_a_network_learns_in_standard_units_and_takes_the_tables_own(tmp_path: Path) -> None:
    train_set, test_set, _ = read(flowers(tmp_path / "flowers.csv"))
    large = replace(train_set, images=1000 * train_set.images + 5000)
    units = Units.of(large)
    standard = units.standard(large)
    assert np.allclose(standard.vectors.mean(axis=0), 0, atol=1e-4) and np.allclose(
        standard.vectors.std(axis=0), 1, 1e-4
    )
    start = Network.random((4, 5, 3), np.random.default_rng(0))
    settings = TrainingSettings(epochs=200, batch_size=8, validation=0, snapshots=3)
    reports = list(run_of(start, standard, settings, np.random.default_rng(0)))
    own = [units.restored(report) for report in reports]
    assert np.allclose(own[-1].network.predict(large.vectors), reports[-1].network.predict(standard.vectors), atol=2e-3)
    first = Network.from_parameters(own[0].snapshots[0].parameters, start.sizes, start.activations)
    assert np.allclose(first.predict(large.vectors), start.predict(standard.vectors), atol=2e-3)
    assert (own[-1].network.classify(1000 * test_set.vectors + 5000) == test_set.labels).mean() > 0.9


def test_a_network_that_takes_standard_numbers_is_found_out_and_changed(tmp_path: Path) -> None:
    train_set, test_set, _ = read(flowers(tmp_path / "flowers.csv"))
    standard = Units.of(train_set).standard(train_set)
    start = Network.random((4, 6, 3), np.random.default_rng(0), "tanh")
    settings = TrainingSettings(epochs=200, batch_size=8, validation=0, snapshots=0)
    *_, last = run_of(start, standard, settings, np.random.default_rng(0))
    arrays = {
        f"{kind}_{n}": getattr(layer, kind)
        for n, layer in enumerate(last.network.layers)
        for kind in ("weights", "biases")
    }
    np.savez(tmp_path / "theirs.npz", **arrays)
    model = read_model(tmp_path / "theirs.npz")
    found = work_out(model, train_set, test_set)
    assert "each column by its mean and deviation" in " ".join(found.sentences)
    assert np.array_equal(found.network.classify(train_set.vectors), last.network.classify(standard.vectors))
    own = Units.of(train_set).restored(last).network.layers[0]
    assert np.allclose(found.network.layers[0].weights, own.weights, 1e-3)
    assert np.allclose(found.network.layers[0].biases, own.biases, 1e-3)


def test_xor_is_trained_evaluated_and_listed(tmp_path: Path) -> None:
    data, output = table(tmp_path / "xor.csv", XOR), tmp_path / "xor.npz"
    options = ["--data", str(data), "--hidden", "3", "--epochs", "300", "-o", str(output)]
    result = CliRunner().invoke(train.command, options)
    assert result.exit_code == 0 and "2-3-2 sigmoid, 17 knobs" in result.output and "on 4 rows" in result.output
    found = load_checkpoint(output)
    assert found.network.classify(np.array([[0, 0], [0, 1], [1, 0], [1, 1]])).tolist() == [0, 1, 1, 0]
    named = ["--checkpoint", str(output), "--data", str(data)]
    assert "0 of 4 rows wrong" in CliRunner().invoke(evaluate.command, named).output
    listed = CliRunner().invoke(scenes.command, [*named, "--media", str(tmp_path)]).output
    assert "A row goes through the network" in listed
    assert "BarDetector: it looks for a bar in pictures" in listed
    both = [str(DEFAULT_CHECKPOINT), str(output)]
    told = str(CliRunner().invoke(compare.command, both).exception)
    assert told.startswith(f"{output} takes the rows of a table"), "it blamed the first, whichever it was"
    told = str(CliRunner().invoke(compare.command, [*both, "--data", str(data)]).exception)
    assert told.startswith(f"{DEFAULT_CHECKPOINT} takes 784 numbers, but a row of the data has 2")


def test_what_shows_pictures_only_says_so(tmp_path: Path) -> None:
    context = context_of(tmp_path, table(tmp_path / "xor.csv", XOR), (3,))
    network = str(context.checkpoint)
    refused = CliRunner().invoke(compare.command, [network, network, "--data", str(context.data)])
    assert "takes the rows of a table, and the comparison shows pictures" in str(refused.exception)
    options = ["--companions", "depth", "--output", network, "--data", str(tmp_path / "xor.csv")]
    assert "companions are made of pictures" in CliRunner().invoke(train.command, options).output
    terms = licence(NameOfTable("xor"), [])
    assert "the numbers are those of xor" in terms and "pictures" not in terms


@pytest.mark.parametrize("option", [["--all"], ["--rotation", "3"], ["--locality", "1"]])
def test_options_for_pictures_are_refused_for_a_table(tmp_path: Path, option: list[str]) -> None:
    data = table(tmp_path / "xor.csv", XOR)
    result = CliRunner().invoke(train.command, ["--data", str(data), "-o", str(tmp_path / "a.npz"), *option])
    assert result.exit_code == 2 and f"{option[0]} is for networks that read pictures" in result.output


def test_rows_that_are_chosen_are_what_they_are_called() -> None:
    rows = np.array([[[0, 0]], [[0, 1]], [[1, 0]], [[1, 1]]], np.float32)
    made = Digits(rows, np.array([0, 1, 1, 0]), ("0", "1"), ("a", "b"))
    weights = np.array([[6, 1], [-6, -1]], np.float32)
    network = Network((Layer(weights, np.array([-3, 3], np.float32), "sigmoid"),))
    assert outputs_make_one(network)
    assert not outputs_make_one(Network((Layer(weights, np.array([-3, 2], np.float32), "sigmoid"),)))
    other = least_sure_row(network, made)
    brightest = network.predict(made.vectors).max(axis=1)
    assert other != hero(network, made) and brightest[other] == np.delete(brightest, hero(network, made)).min()
    torn = Network((Layer(np.array([[5, 5], [4, -4]], np.float32), np.zeros(2, np.float32), "sigmoid"),))
    assert pushed_both_ways(torn.forward([1, 1])) == 1


def test_every_scene_can_be_shown_for_rows_or_says_why_not(tmp_path: Path) -> None:
    assert all((entry.for_rows is None) == bool(entry.needs_pictures) for _, entry in all_scenes())
    rows = datasets.as_idx_folder(table(tmp_path / "xor.csv", XOR)).folder
    hidden = left_out((), rows)
    assert [entry.name for _, entry in find_scenes((), rows)] == SHOWN
    assert len(hidden) + len(SHOWN) == len(all_scenes())
    for _, entry in hidden:
        with pytest.raises(RenderError, match=f"{entry.name} cannot be shown .* because {entry.needs_pictures}; leave"):
            find_scenes((entry.name,), rows)
    with pytest.raises(RenderError, match="part 5 cannot be shown"):
        find_scenes(("5",), rows)
    assert told_of_left_out((), rows) and not told_of_left_out(("7",), rows)


def context_of(folder: Path, file: Path, hidden: tuple[int, ...], activation: str = "sigmoid") -> LessonContext:
    """A network that was never trained, for the rows of a table, with a short made-up run."""
    data = datasets.as_idx_folder(file).folder
    rows = load_digits(data, "train")
    sizes = (rows.n_in, *hidden, len(rows.class_names))
    made = Network.random(sizes, np.random.default_rng(0), activation)
    checkpoint = folder / "network.npz"
    make_checkpoint(made, rows.class_names).save(checkpoint)
    return LessonContext(checkpoint, data, "l", voice="none")


def told(stage: LessonScene, entry: SceneEntry) -> str:
    beats = " ".join(f"{beat.text} {beat.moves}" for beat in stage.beats)
    return f"{entry.title} {entry.summary} {stage.alternative_text()} {beats}".lower()


def checked_run(part: Part, entry: SceneEntry, context: LessonContext, folder: Path) -> str:
    """Run a scene without drawing it, look at its stage after every play, and return all that is told."""
    findings = Findings()
    with manim_set_up("l", folder), pytest.MonkeyPatch.context() as patch:
        play = LessonScene.play

        def play_and_check(self: LessonScene, *args: object, **options: object) -> None:
            play(self, *args, **options)
            check_stage(self, findings)

        patch.setattr(LessonScene, "play", play_and_check)
        stage = dry_run(part, entry, context)
        check_beats(stage, findings)
        words = told(stage, entry)
    assert not findings.sentences, "\n".join(dict.fromkeys(findings.sentences))
    return words


PICTURES = ("pixel", "digit", "handwrit", "a picture of", "training pictures", "test picture", "brighter square")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xor", "flowers", "flat"])
@pytest.mark.parametrize("name", [*SHOWN, *CARDS])
def test_a_scene_for_rows_can_be_read_and_speaks_of_no_pictures(tmp_path: Path, name: str, kind: str) -> None:
    file = table(tmp_path / "xor.csv", XOR) if kind == "xor" else flowers(tmp_path / "flowers.csv")
    context = context_of(tmp_path, file, {"xor": (3,), "flowers": (6, 5), "flat": ()}[kind])
    film = with_cards(find_scenes((), context.data))
    part, entry = next(piece for piece in film if piece[1].name == name)
    words = checked_run(part, entry, context, tmp_path)
    assert not [word for word in PICTURES if word in words]


def test_the_film_and_the_pages_speak_of_rows(tmp_path: Path) -> None:
    context = context_of(tmp_path, table(tmp_path / "xor.csv", XOR), (3,))
    checkpoint, rows = load_checkpoint(context.checkpoint), load_digits(context.data, "test")
    facts = facts_of(checkpoint, rows)
    assert "pictures" not in film_subtitle(facts.classes, takes_rows=True)
    page = pages.index([], facts, checkpoint, FigureFiles())
    articles = [str(pages._article(part, [], facts, {}, packaged=False)) for part, _ in find_scenes((), context.data)]
    text = " ".join([page.split("<main")[1].split("<footer")[0], *articles]).lower()
    assert "a row of numbers" in text and "2 → 3 → 2" in text
    assert not [word for word in ("picture", "pixel", "digit", "draw ") if word in text]
    assert [row.values for row in facts.rows] == [("0", "0"), ("0", "1"), ("1", "0"), ("1", "1")]
