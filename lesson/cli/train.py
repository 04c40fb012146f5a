"""`knobs train`: from random knobs to a checkpoint."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from network.files import display_path
from scenes.settings import DEFAULT_DATA, TRAINED

if TYPE_CHECKING:
    from rich.console import Console

    from network.checkpoint import Checkpoint
    from network.digits import Digits
    from network.network import Network
    from network.training import EpochReport, TrainingSettings

# Without a terminal, a line of progress so often, in seconds.
_LINE_EVERY = 15.0
_HIDDEN, _ACTIVATION, _SEED = (16, 16), "sigmoid", 0

# Every field of TrainingSettings and of Distortion: its type on the command line, and what it means.
SETTINGS: dict[str, tuple[Any, str]] = {
    "epochs": (int, "Passes over the training images."),
    "batch_size": (int, "Images a step."),
    "optimiser": (str, "How a step is made of a gradient: muon, adam or sgd."),
    "learning_rate": (float, "Size of the steps, at the start."),
    "schedule": (str, "Course of the learning rate: cosine or constant."),
    "centring": (bool, "Learn as though the inputs of every layer had the mean 0."),
    "weight_decay": (float, "Share of itself each weight loses at a step, per unit of learning rate."),
    "smoothness": (float, "Pull of neighbouring first-layer weights towards each other; 0 for none."),
    "locality": (float, "Pull of first-layer weights to 0, the farther from their neuron's centre; 0 for none."),
    "cost": (str, "squared_error, cross_entropy or softmax_cross_entropy."),
    "competition": (float, "Share of softmax_cross_entropy added to the cost."),
    "validation": (int, "Training images set aside to choose the best epoch by."),
    "averaging": (float, "Share a running average of the knobs keeps at each step; 0 for none."),
    "snapshots": (int, "States of the run that are kept for replay."),
}
STRENGTHS: dict[str, tuple[Any, str]] = {
    "rotation": (float, "Degrees, ±."),
    "scale": (float, "Share of the size, ±."),
    "shear": (float, "Share of the size, ±."),
    "shift": (float, "Pixels, ±."),
    "elastic": (float, "Length of the elastic arrows, in pixels."),
    "smoothing": (float, "Reach of the elastic arrows, in pixels."),
}


class _TrainCommand(click.Command):
    """Its help ends with the recipe, which is only read when asked for: the import takes a while."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from network.training import RECIPE

        settings = dataclasses.asdict(RECIPE)
        strengths = settings.pop("distortion")
        with formatter.section("The recipe, used for what is not given"):
            formatter.write_text(", ".join(f"{name.replace('_', '-')} {value}" for name, value in settings.items()))
            if strengths:
                formatter.write_text("distortion: " + ", ".join(f"{name} {value}" for name, value in strengths.items()))
            else:
                formatter.write_text("no distortion")


def _setting_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each setting; None where it was not given."""
    for name, (kind, meaning) in reversed([*SETTINGS.items(), *STRENGTHS.items()]):
        option = f"--{name.replace('_', '-')}"
        if kind is bool:
            option = f"{option}/--no-{name.replace('_', '-')}"
        meaning = f"Distortion of the images. {meaning}" if name in STRENGTHS else meaning
        function = click.option(option, name, type=kind, default=None, help=meaning)(function)
    return function


@click.command(cls=_TrainCommand)
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="IDX files, pictures in a folder a class, or an .npz.  [default: assets/mnist]",
)
@click.option(
    "--output", type=click.Path(path_type=Path), help="Where to put the checkpoint.  [default: media/weights/…]"
)
@click.option("--overwrite", is_flag=True, help="Replace files that are there already.")
@click.option(
    "--all", "everything", is_flag=True, help="Make the companions too: files with more results for the lesson."
)
@click.option(
    "--companions", metavar="KINDS", help="Train nothing new; make these companions of the output file, or all of them."
)
@click.option(
    "--like", type=click.Path(path_type=Path), help="Train with what this checkpoint records; options given go first."
)
@click.option("--hidden", help="Neurons of each hidden layer.  [default: 16,16]")
@click.option("--activation", type=click.Choice(["sigmoid", "relu"]), help="Of the hidden layers.  [default: sigmoid]")
@click.option(
    "--seed", type=click.IntRange(min=0), help="Of all chance: the same seed gives the same network.  [default: 0]"
)
@_setting_options
@click.option("--no-distortion", is_flag=True, help="Train on the images as they are.")
def command(
    data: Path | None,
    output: Path | None,
    overwrite: bool,
    everything: bool,
    companions: str | None,
    like: Path | None,
    hidden: str | None,
    activation: str | None,
    seed: int | None,
    no_distortion: bool,
    **given: Any,
) -> None:
    """Train a network and keep it as a checkpoint.

    The best epoch is chosen by validation images that are set aside; the test set is looked at once, at the end.
    Ctrl-C stops early and keeps the best so far.

    Beside the output file stand its companions, such as NAME.depth.npz; --all makes them after training.
    """
    import numpy as np
    from rich.console import Console

    from lesson.importing import datasets
    from lesson.render.companion_recipes import COMPANIONS, Data, best_checkpoint
    from network.checkpoint import load_checkpoint
    from network.network import Network
    from network.training import train

    console = Console(highlight=False)
    source = data or DEFAULT_DATA
    conversion = datasets.as_idx_folder(source)
    data = conversion.folder
    if words := datasets.told(conversion):
        console.print(words, soft_wrap=True, markup=False)
    given = {name: value for name, value in given.items() if value is not None}
    if companions is not None:
        others = {"all": everything, "like": like, "hidden": hidden, "activation": activation, "seed": seed}
        others |= {"no-distortion": no_distortion, **given}
        kinds = _kinds(companions, [name for name, value in others.items() if value not in (None, False)])
        if output is None:
            raise click.UsageError("--companions needs --output FILE, the checkpoint whose companions they will be")
        _make_companions(console, kinds, output, source, data, overwrite)
        return
    model = load_checkpoint(like) if like else None
    hidden_sizes = _hidden_sizes(hidden, model)
    digits, test, md5 = _load(data)
    settings = _settings(given, no_distortion, model, len(digits))
    seed = seed if seed is not None else model.metadata.seed if model else _SEED
    rng = np.random.default_rng(seed)
    sizes = (digits.side**2, *hidden_sizes, len(digits.class_names))
    start = Network.random(sizes, rng, *_activations(activation, model))
    output = output or TRAINED / f"{'-'.join(map(str, sizes))}-seed{seed}.npz"
    check_output(output, overwrite)
    if everything:
        _check_companions(COMPANIONS, output, overwrite)

    console.print(_plan(start, settings, seed, len(digits), data), soft_wrap=True, markup=False)
    if model and model.metadata.data_md5 != md5:
        console.print(
            f"Note: {display_path(data)} is not the data that {like} was trained on.", soft_wrap=True, markup=False
        )
    reports: list[EpochReport] = []
    try:
        # Training checks the settings against the data at the first report, before any work.
        with _progress(console, settings.epochs) as show:
            for report in train(start, digits, settings, rng):
                reports.append(report)
                show(report)
        stopped = False
    except ValueError as problem:
        raise click.ClickException(str(problem)) from problem
    except KeyboardInterrupt:
        stopped = True
        if len(reports) < 2:
            click.echo("knobs: interrupted before the first epoch was over; nothing was saved", err=True)
            click.get_current_context().exit(130)
    checkpoint = best_checkpoint(reports, settings, seed, Data(source.resolve().stem, md5, digits, test))
    checkpoint.save(output)
    datasets.remember(data, md5, digits.class_names)
    console.print(_result(checkpoint, output), soft_wrap=True, markup=False)
    if model and not stopped:
        same = (
            "the same weights, bit for bit, as" if checkpoint.fingerprint == model.fingerprint else "other weights than"
        )
        console.print(f"These are {same} {like}.", soft_wrap=True, markup=False)
    if stopped:
        missing = f", its companions were not made: {_command_for(COMPANIONS, output, source)}" if everything else ""
        click.echo(f"knobs: interrupted after epoch {reports[-1].epoch}; the best so far was saved{missing}", err=True)
        click.get_current_context().exit(130)
    if everything:
        _make_companions(console, list(COMPANIONS), output, source, data, overwrite)


def _load(data: Path) -> tuple[Digits, Digits, dict[str, str]]:
    """The training set, the test set, and the md5 of each file."""
    from network.digits import load_digits, md5_of_data

    digits, test = load_digits(data, "train"), load_digits(data, "test")
    if (test.side, test.class_names) != (digits.side, digits.class_names):
        raise click.ClickException(
            f"the training and the test images of {data} do not go together; copy both from one source"
        )
    return digits, test, md5_of_data(data)


def _kinds(asked: str, others: list[str]) -> list[str]:
    """The kinds of companions asked for; `others` are options given that say nothing to companions."""
    from lesson.render.companion_recipes import COMPANIONS

    if others:
        option = others[0].replace("_", "-")
        raise click.UsageError(
            f"--companions goes by what the checkpoint records, and --{option} changes that; leave one of them out"
        )
    kinds = list(COMPANIONS) if asked.strip() == "all" else [kind.strip() for kind in asked.split(",")]
    for kind in kinds:
        if kind not in COMPANIONS:
            raise click.UsageError(f"there is no companion {kind!r}; there are {', '.join(COMPANIONS)}, or all")
    return list(dict.fromkeys(kinds))


def _check_companions(kinds: Iterable[str], output: Path, overwrite: bool) -> None:
    from lesson.render.companion_recipes import companion_path

    for kind in kinds:
        check_output(companion_path(output, kind), overwrite)


def _command_for(kinds: Iterable[str], output: Path, data: Path) -> str:
    """What to type for companions that are missing."""
    where = "" if data == DEFAULT_DATA else f" --data {display_path(data)}"
    return f"./knobs train --companions {','.join(kinds)}{where} --output {display_path(output)}"


def _make_companions(
    console: Console, kinds: list[str], output: Path, named: Path, data: Path, overwrite: bool
) -> None:
    """Make companions of a checkpoint one by one, and save each as soon as it is finished.

    named: the data as it was given; data: its folder of IDX files.
    """
    from lesson.render.companion_recipes import COMPANIONS, Data, companion_path
    from network.checkpoint import load_checkpoint

    checkpoint = load_checkpoint(output)
    digits, test, md5 = _load(data)
    checkpoint.check_fits(digits, display_path(output))
    if checkpoint.metadata.data_md5 != md5:
        note = f"Note: {display_path(named)} is not the data that {display_path(output)} was trained on."
        console.print(note, soft_wrap=True, markup=False)
    _check_companions(kinds, output, overwrite)
    source = Data(named.resolve().stem, md5, digits, test)
    for number, kind in enumerate(kinds):
        path = companion_path(output, kind)
        console.print(f"\nCompanion {kind}: {COMPANIONS[kind].holds}.", soft_wrap=True, markup=False)
        try:
            with _steps(console, kind) as show:
                results = COMPANIONS[kind].make(checkpoint, source, show)
        except ValueError as problem:
            raise click.ClickException(f"the companion {kind} cannot be made: {problem}") from problem
        except KeyboardInterrupt:
            rest = _command_for(kinds[number:], output, named)
            click.echo(f"knobs: interrupted; what was finished is kept, and the rest is made by {rest}", err=True)
            click.get_current_context().exit(130)
        results.save(path)
        console.print(f"Saved as {display_path(path)}", soft_wrap=True, markup=False)


@contextmanager
def _steps(console: Console, kind: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; elsewhere, a line every so often. Gives the function to call with steps done, and of all."""
    if not console.is_terminal:
        last = time.monotonic()

        def line(done: int, steps: int) -> None:
            nonlocal last
            if done in (1, steps) or time.monotonic() - last >= _LINE_EVERY:
                last = time.monotonic()
                console.print(f"{kind}: {done} of {steps}", soft_wrap=True, markup=False)

        yield line
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(f"{kind}: {{task.completed:.0f}} of {{task.total:.0f}}"),
        BarColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=100)
        yield lambda done, steps: progress.update(task, completed=done, total=steps)


def _hidden_sizes(hidden: str | None, model: Checkpoint | None) -> tuple[int, ...]:
    if hidden is None:
        return model.network.sizes[1:-1] if model else _HIDDEN
    try:
        sizes = tuple(int(word) for word in hidden.split(",")) if hidden.strip() else ()
    except ValueError:
        sizes = (0,)
    if any(size < 1 for size in sizes):
        raise click.UsageError(f"--hidden takes whole numbers above 0 with commas between, like 16,16; got {hidden!r}")
    return sizes


def _activations(activation: str | None, model: Checkpoint | None) -> tuple[str, str]:
    """Of the hidden layers and of the output."""
    if model is None:
        return activation or _ACTIVATION, "sigmoid"
    *hidden, output = model.network.activations
    return activation or (hidden[0] if hidden else _ACTIVATION), output


def _settings(given: dict[str, Any], no_distortion: bool, model: Checkpoint | None, images: int) -> TrainingSettings:
    """The recipe, or what the model records, changed by the options given."""
    from network.distortion import Distortion
    from network.training import RECIPE

    base = model.training_settings() if model else RECIPE
    strengths = {name: given.pop(name) for name in STRENGTHS if name in given}
    if no_distortion and strengths:
        raise click.UsageError(f"--no-distortion and --{next(iter(strengths))} contradict each other; give one of them")
    if no_distortion:
        given["distortion"] = None
    elif strengths:
        given["distortion"] = dataclasses.replace(base.distortion or Distortion(), **strengths)
    if model is None and "validation" not in given:
        given["validation"] = min(
            base.validation, images // 6
        )  # small data sets need most of their images to learn from
    try:
        return dataclasses.replace(base, **given)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem


def check_output(output: Path, overwrite: bool) -> None:
    """Find out now, and not after minutes of training, that a file cannot be written."""
    if output.is_dir():
        raise click.ClickException(f"{output} is a folder; give a file name by --output FILE")
    if output.exists() and not overwrite:
        raise click.ClickException(
            f"there is already a file {display_path(output)}; choose another by --output FILE, or add --overwrite"
        )
    probe = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as problem:
        raise click.ClickException(
            f"{output} cannot be written: {problem.strerror or problem}; choose another place by --output FILE"
        ) from problem


@contextmanager
def _progress(console: Console, epochs: int) -> Iterator[Callable[[EpochReport], None]]:
    """A bar on a terminal; elsewhere, a line every so often. Gives the function to call with each report."""
    if not console.is_terminal:
        yield _lines(console, epochs)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("epoch {task.completed:.0f} of {task.total:.0f}"),
        BarColumn(),
        TextColumn("{task.fields[state]}"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=epochs, state="")
        yield lambda report: progress.update(task, completed=report.epoch, state=_state(report))


def _lines(console: Console, epochs: int) -> Callable[[EpochReport], None]:
    started = last = time.monotonic()

    def show(report: EpochReport) -> None:
        nonlocal last
        now = time.monotonic()
        if report.epoch in (0, 1, epochs) or now - last >= _LINE_EVERY:
            last = now
            left = f" · {(now - started) / report.epoch * (epochs - report.epoch):.0f} s left" if report.epoch else ""
            console.print(f"epoch {report.epoch} of {epochs} · {_state(report)}{left}", soft_wrap=True, markup=False)

    return show


def _state(report: EpochReport) -> str:
    validated = report.validation_accuracy == report.validation_accuracy  # a NaN is not equal to itself
    which, accuracy = ("validation", report.validation_accuracy) if validated else ("training", report.train_accuracy)
    return f"cost {report.cost:.4f} · {which} accuracy {accuracy:.2%}"


def _plan(network: Network, settings: TrainingSettings, seed: int, images: int, data: Path) -> str:
    return (
        f"{'-'.join(map(str, network.sizes))} {network.activations[0]}, {network.parameter_count:,} knobs, "
        f"seed {seed}: "
        f"{settings.epochs} epochs on {images - settings.validation:,} images "
        f"of {display_path(data)}, {settings.validation:,} set aside."
    )


def _result(checkpoint: Checkpoint, output: Path) -> str:
    metadata = checkpoint.metadata
    accuracies: Iterable[tuple[str, float | None]] = (
        ("training", metadata.train_accuracy),
        ("validation", metadata.validation_accuracy),
        ("test", metadata.test_accuracy),
    )
    told = ", ".join(f"{name} {value:.2%}" for name, value in accuracies if value is not None)
    return (
        f"\nEpoch {metadata.epoch} was the best: {told}.\n"
        f"Saved as {display_path(output)}\n"
        f"  how good it is:  ./knobs evaluate --checkpoint {display_path(output)}\n"
        f"  the lesson with it:  KNOBS_CHECKPOINT={display_path(output)} ./knobs render"
    )
