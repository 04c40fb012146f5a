"""`knobs train`: from random knobs to a checkpoint."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lesson.cli.options import FilePath, check_output
from lesson.cli.progress import step_progress, training_progress
from lesson.cli.saving import KeptRun, save_somewhere
from lesson.cli.training_options import (
    STRENGTHS,
    TrainCommand,
    activations,
    hidden_sizes,
    setting_options,
    training_settings,
)
from network.paths import display_path, quoted
from scenes.settings import DEFAULT_DATA, TRAINED
from scenes.wording import count, percent

if TYPE_CHECKING:
    from rich.console import Console

    from network.checkpoint import Checkpoint
    from network.digits import Digits
    from network.network import Network
    from network.training import TrainingSettings

_SEED = 0
# How often rows of a small table are learned from, all together.
_ROW_VISITS = 256_000


@click.command(cls=TrainCommand)
@click.option(
    "--data",
    type=FilePath(),
    help="IDX files, an .npz, a .csv, a .parquet, or a folder with one folder of pictures for each class.  "
    "[default: assets/mnist]",
)
@click.option("-o", "--output", type=FilePath(), help="The checkpoint to write.  [default: media/weights/…]")
@click.option("--overwrite", is_flag=True, help="Replace existing files.")
@click.option(
    "--all", "everything", is_flag=True, help="Also make the companions: files with more results for the lesson."
)
@click.option("--companions", metavar="KINDS", help="Do not train; make these companions of the output file, or all.")
@click.option(
    "--like",
    type=FilePath(),
    help="Train with the settings of this checkpoint, except for options that are given.",
)
@click.option("--hidden", help="Number of neurons in each hidden layer.  [default: 16,16]")
@click.option(
    "--activation", type=click.Choice(["sigmoid", "relu"]), help="Activation of the hidden layers.  [default: sigmoid]"
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    help="Seed of the random numbers; the same seed gives the same network.  [default: 0]",
)
@click.option("--resume", is_flag=True, help="Go on with the run that this command began and did not finish.")
@setting_options
@click.option("--no-distortion", is_flag=True, help="Train on the pictures without distorting them.")
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
    resume: bool,
    no_distortion: bool,
    **given: Any,
) -> None:
    """Train a network and save it as a checkpoint.

    The best epoch is chosen with validation pictures that are set aside; the test set is used once, at the end. Ctrl-C
    stops early and saves the best epoch so far. Every minute the run itself is saved, beside the output file, so that
    --resume can go on with it after whatever stopped it.

    Companions, such as NAME.depth.npz, are saved beside the output file; --all makes them after training.
    """
    import numpy as np
    from rich.console import Console

    from lesson.importing import datasets
    from lesson.render.companion_recipes import COMPANIONS, Data, best_checkpoint
    from network.checkpoint import load_checkpoint
    from network.errors import CheckpointError
    from network.network import Network
    from network.training import RECIPE, train
    from network.unfinished import Recipe, unfinished_path
    from network.units import Units

    console = Console(highlight=False)
    source = data or DEFAULT_DATA
    conversion = datasets.as_idx_folder(source)
    data, data_name = conversion.folder, source.resolve().stem  # the current folder may be gone when it is trained
    if sentence := datasets.told(conversion):
        console.print(sentence, soft_wrap=True, markup=False)
    given = {name: value for name, value in given.items() if value is not None}
    if companions is not None:
        others = {"all": everything, "like": like, "hidden": hidden, "activation": activation, "seed": seed}
        others |= {"no-distortion": no_distortion, "resume": resume, **given}
        kinds = _kinds(companions, [name for name, value in others.items() if value not in (None, False)])
        if output is None:
            raise click.UsageError("--companions needs --output FILE, the checkpoint to make them for")
        _make_companions(console, kinds, output, source, data, overwrite)
        return
    model = load_checkpoint(like, "choose one with --like FILE") if like else None
    digits, test, md5 = _load(data)
    if digits.inputs:
        _check_for_table(given, everything)
        if model is None:
            # With few rows an epoch is one step, and 400 steps are too few to be sure of the answers.
            given.setdefault("epochs", max(RECIPE.epochs, min(1000, _ROW_VISITS // len(digits))))
    settings = training_settings(given, no_distortion or bool(digits.inputs), model, len(digits))
    seed = seed if seed is not None else model.metadata.seed if model else _SEED
    rng = np.random.default_rng(seed)
    sizes = (digits.n_in, *hidden_sizes(hidden, model), len(digits.class_names))
    start = Network.random(sizes, rng, *activations(activation, model))
    output = output or TRAINED / f"{'-'.join(map(str, sizes))}-seed{seed}.npz"
    check_output(output, overwrite or resume)
    if everything:
        _check_companions(COMPANIONS, output, overwrite)

    console.print(_plan(start, settings, seed, digits, data), soft_wrap=True, markup=False)
    if model and model.metadata.data_md5 != md5:
        console.print(
            f"Note: {display_path(data)} is not the data that {like} was trained on.", soft_wrap=True, markup=False
        )
    units = Units.of(digits) if digits.inputs else None
    run = KeptRun(unfinished_path(output), Recipe(start, settings, seed, md5))
    state = run.resume() if resume else None
    if not resume and run.path.exists():
        note = f"Note: {display_path(run.path)} is a run that did not finish; --resume would go on with it."
        console.print(note, soft_wrap=True, markup=False)
    try:
        # Training checks the settings against the data before its first report.
        with training_progress(console, settings.epochs, state.epoch if state else 0) as show:
            learned_from = units.standard(digits) if units else digits
            for report in train(start, learned_from, settings, rng, state, with_state=True):
                run.add(units.restored(report) if units else report)
                show(report)
        stopped = False
    except CheckpointError:
        raise
    except ValueError as problem:
        raise click.ClickException(str(problem)) from problem
    except KeyboardInterrupt:
        stopped = True
        if len(run.reports) < 2:
            click.echo("knobs: interrupted before the end of the first epoch; nothing was saved", err=True)
            click.get_current_context().exit(130)
    checkpoint = best_checkpoint(run.reports, settings, seed, Data(data_name, md5, digits, test))
    saved = save_somewhere(checkpoint.save, output)
    can_go_on = stopped and run.save()
    if not stopped:
        run.remove()
    console.print(_result(checkpoint, saved), soft_wrap=True, markup=False)
    if unnoted := datasets.remember(data, md5, digits.class_names):
        click.echo(f"knobs: {unnoted}", err=True)
    if model and not stopped:
        same = "the same, bit for bit, as" if checkpoint.fingerprint == model.fingerprint else "different from"
        console.print(f"The weights are {same} those of {like}.", soft_wrap=True, markup=False)
    if stopped:
        more = "; the same command with --resume goes on" if can_go_on else ""
        more += f"; make its companions with: {_command_for(COMPANIONS, saved, source)}" if everything else ""
        click.echo(f"knobs: interrupted after epoch {run.reports[-1].epoch}; the best epoch was saved{more}", err=True)
        click.get_current_context().exit(130)
    if everything:
        _make_companions(console, list(COMPANIONS), saved, source, data, overwrite)
    if saved != output:
        click.get_current_context().exit(1)


def _load(data: Path) -> tuple[Digits, Digits, dict[str, str]]:
    """The training set, the test set, and the md5 of each file."""
    from network.digits import load_digits, md5_of_data

    digits, test = load_digits(data, "train"), load_digits(data, "test")
    if (test.n_in, test.inputs, test.class_names) != (digits.n_in, digits.inputs, digits.class_names):
        what = "rows" if digits.inputs else "pictures"
        raise click.ClickException(
            f"the training and test {what} of {data} do not belong together; copy both from the same source"
        )
    return digits, test, md5_of_data(data)


def _check_for_table(given: dict[str, Any], everything: bool) -> None:
    """UsageError for an option that has a meaning for pictures only."""
    options = [f"--{name}" for name in ("smoothness", "locality", *STRENGTHS) if name in given]
    for option in [*options, *(["--all"] if everything else [])]:
        raise click.UsageError(f"{option} is for networks that read pictures; leave it out for a table")


def _kinds(asked: str, others: list[str]) -> list[str]:
    """The kinds of companions asked for; `others` are given options that have no meaning for companions."""
    from lesson.render.companion_recipes import COMPANIONS

    if others:
        option = others[0].replace("_", "-")
        raise click.UsageError(
            f"--companions uses the settings of the checkpoint, so --{option} has no meaning; leave one of them out"
        )
    kinds = list(COMPANIONS) if asked.strip() == "all" else [kind.strip() for kind in asked.split(",")]
    for kind in kinds:
        if kind not in COMPANIONS:
            raise click.UsageError(f"there is no companion {kind!r}; choose from {', '.join(COMPANIONS)}, or all")
    return list(dict.fromkeys(kinds))


def _check_companions(kinds: Iterable[str], output: Path, overwrite: bool) -> None:
    from lesson.render.companion_recipes import companion_path

    for kind in kinds:
        check_output(companion_path(output, kind), overwrite)


def _command_for(kinds: Iterable[str], output: Path, data: Path) -> str:
    """The command that makes missing companions."""
    where = "" if data == DEFAULT_DATA else f" --data {quoted(data)}"
    return f"./knobs train --companions {','.join(kinds)}{where} --output {quoted(output)}"


def _make_companions(
    console: Console, kinds: list[str], output: Path, named: Path, data: Path, overwrite: bool
) -> None:
    """Make companions of a checkpoint one by one, and save each as soon as it is finished.

    named: the data as given on the command line; data: its folder of IDX files.
    """
    from lesson.render.companion_recipes import COMPANIONS, Data, companion_path
    from network.checkpoint import load_checkpoint

    checkpoint = load_checkpoint(output, "choose one with --output FILE")
    digits, test, md5 = _load(data)
    if digits.inputs:
        raise click.ClickException("companions are made of pictures, and this data is a table of numbers")
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
            with step_progress(console, kind) as show:
                results = COMPANIONS[kind].make(checkpoint, source, show)
        except ValueError as problem:
            raise click.ClickException(f"the companion {kind} cannot be made: {problem}") from problem
        except KeyboardInterrupt:
            rest = _command_for(kinds[number:], output, named)
            click.echo(f"knobs: interrupted; finished companions are kept, make the others with: {rest}", err=True)
            click.get_current_context().exit(130)
        saved = save_somewhere(results.save, path)
        console.print(f"Saved as {display_path(saved)}", soft_wrap=True, markup=False)


def _plan(network: Network, settings: TrainingSettings, seed: int, digits: Digits, data: Path) -> str:
    things = "rows" if digits.inputs else "pictures"
    return (
        f"{'-'.join(map(str, network.sizes))} {network.activations[0]}, {network.parameter_count:,} knobs, "
        f"seed {seed}: "
        f"{count(settings.epochs, 'epoch')} on {len(digits) - settings.validation:,} {things} "
        f"of {display_path(data)}, {settings.validation:,} set aside."
    )


def _result(checkpoint: Checkpoint, output: Path) -> str:
    metadata = checkpoint.metadata
    accuracies: Iterable[tuple[str, float | None]] = (
        ("training", metadata.train_accuracy),
        ("validation", metadata.validation_accuracy),
        ("test", metadata.test_accuracy),
    )
    measured = ", ".join(f"{name} {percent(value, 2)}" for name, value in accuracies if value is not None)
    return (
        f"\nEpoch {metadata.epoch} was the best: {measured}.\n"
        f"Saved as {display_path(output)}\n"
        f"  how good it is:      ./knobs evaluate --checkpoint {quoted(output)}\n"
        f"  the lesson with it:  ./knobs lesson --checkpoint {quoted(output)}"
    )
