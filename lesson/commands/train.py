"""`knobs train`: from random knobs to a checkpoint."""

from __future__ import annotations

import dataclasses
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lesson.paths import DEFAULT_DATA, TRAINED, shown

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
@click.option("--overwrite", is_flag=True, help="Replace the output file if there is one.")
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
    """
    _use_one_thread()
    import numpy as np
    from rich.console import Console

    from lesson import own_data
    from network.checkpoint import load_checkpoint
    from network.digits import load_digits, md5_of_data
    from network.network import Network
    from network.training import train

    console = Console(highlight=False)
    source = data or DEFAULT_DATA
    conversion = own_data.as_idx_folder(source)
    data = conversion.folder
    if words := own_data.told(conversion):
        console.print(words, soft_wrap=True, markup=False)
    given = {name: value for name, value in given.items() if value is not None}
    model = load_checkpoint(like) if like else None
    hidden_sizes = _hidden_sizes(hidden, model)
    digits, test, md5 = load_digits(data, "train"), load_digits(data, "test"), md5_of_data(data)
    if (test.side, test.class_names) != (digits.side, digits.class_names):
        raise click.ClickException(
            f"the training and the test images of {data} do not go together; copy both from one source"
        )
    settings = _settings(given, no_distortion, model, len(digits))
    seed = seed if seed is not None else model.metadata.seed if model else _SEED
    rng = np.random.default_rng(seed)
    sizes = (digits.side**2, *hidden_sizes, len(digits.class_names))
    start = Network.random(sizes, rng, *_activations(activation, model))
    output = output or TRAINED / f"{'-'.join(map(str, sizes))}-seed{seed}.npz"
    check_output(output, overwrite)

    console.print(_plan(start, settings, seed, len(digits), data), soft_wrap=True, markup=False)
    if model and model.metadata.data_md5 != md5:
        console.print(f"Note: {shown(data)} is not the data that {like} was trained on.", soft_wrap=True, markup=False)
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
    checkpoint = _keep(reports, settings, seed, source.resolve().stem, md5, digits, test, output)
    own_data.remember(data, md5)
    console.print(_result(checkpoint, output), soft_wrap=True, markup=False)
    if model and not stopped:
        same = (
            "the same weights, bit for bit, as" if checkpoint.fingerprint == model.fingerprint else "other weights than"
        )
        console.print(f"These are {same} {like}.", soft_wrap=True, markup=False)
    if stopped:
        click.echo(f"knobs: interrupted after epoch {reports[-1].epoch}; the best so far was saved", err=True)
        click.get_current_context().exit(130)


def _use_one_thread() -> None:
    """Matrices this small are multiplied faster by one thread than by several that wait for each other."""
    if "numpy" not in sys.modules:  # it reads this once, when it is loaded
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


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
            f"there is already a file {shown(output)}; choose another by --output FILE, or add --overwrite"
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


def _keep(
    reports: list[EpochReport],
    settings: TrainingSettings,
    seed: int,
    data_name: str,
    md5: dict[str, str],
    digits: Digits,
    test: Digits,
    output: Path,
) -> Checkpoint:
    """Choose, measure and save. From here on the test set may be looked at: nothing is chosen any more."""
    import numpy as np
    import scipy

    from network.checkpoint import Metadata, of_run
    from network.evaluation import evaluate
    from network.training import best_of

    best = best_of(reports)
    metadata = Metadata(
        settings=dataclasses.asdict(settings),
        seed=seed,
        epoch=best.epoch,
        train_accuracy=best.train_accuracy,
        validation_accuracy=None if np.isnan(best.validation_accuracy) else best.validation_accuracy,
        test_accuracy=evaluate(best.network, test).accuracy,
        data_name=data_name,
        data_md5=md5,
        class_names=digits.class_names,
        versions={"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__},
        date=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    )
    checkpoint = of_run(reports, best, metadata)
    checkpoint.save(output)
    return checkpoint


def _plan(network: Network, settings: TrainingSettings, seed: int, images: int, data: Path) -> str:
    return (
        f"{'-'.join(map(str, network.sizes))} {network.activations[0]}, {network.parameter_count:,} knobs, "
        f"seed {seed}: "
        f"{settings.epochs} epochs on {images - settings.validation:,} images "
        f"of {shown(data)}, {settings.validation:,} set aside."
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
        f"Saved as {shown(output)}\n"
        f"  how good it is:  ./knobs evaluate --checkpoint {shown(output)}\n"
        f"  the lesson with it:  KNOBS_CHECKPOINT={shown(output)} ./knobs render"
    )
