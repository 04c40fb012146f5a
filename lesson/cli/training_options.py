"""The settings of training as options of the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from network.checkpoint import Checkpoint
    from network.training import TrainingSettings

_HIDDEN, _ACTIVATION = (16, 16), "sigmoid"

# Every field of TrainingSettings and of Distortion: its type, and its help.
SETTINGS: dict[str, tuple[Any, str]] = {
    "epochs": (click.IntRange(min=1), "Passes over the training pictures."),
    "batch_size": (int, "Images in each mini-batch."),
    "optimiser": (str, "Optimiser: muon, adam or sgd."),
    "learning_rate": (float, "Learning rate at the start."),
    "schedule": (str, "How the learning rate changes: cosine or constant."),
    "centring": (bool, "Train as if the inputs of every layer had mean 0."),
    "weight_decay": (
        float,
        "Share of itself that each weight loses in a step, per unit of learning rate.",
    ),
    "smoothness": (
        float,
        "How strongly neighbouring first-layer weights are pulled towards each other; 0 for not at all.",
    ),
    "locality": (
        float,
        "How strongly first-layer weights far from the centre of their neuron are pulled to 0; 0 for not at all.",
    ),
    "cost": (str, "Cost: squared_error, cross_entropy or softmax_cross_entropy."),
    "competition": (float, "How much softmax_cross_entropy is added to the cost."),
    "validation": (int, "Training pictures that are set aside to choose the best epoch."),
    "averaging": (float, "Share that a running average of the knobs keeps in each step; 0 for no average."),
    "snapshots": (int, "About how many states of the run are kept for the replay; 0 for none."),
}
STRENGTHS: dict[str, tuple[Any, str]] = {
    "rotation": (float, "Rotation in degrees, ±."),
    "scale": (float, "Scaling as a share of the size, ±."),
    "shear": (float, "Shear as a share of the size, ±."),
    "shift": (float, "Shift in pixels, ±."),
    "elastic": (float, "Length of the elastic displacements, in pixels."),
    "smoothing": (float, "Smoothing of the elastic displacements, in pixels."),
}


class TrainCommand(click.Command):
    """Its help ends with the recipe, which is imported only for that because it takes a while."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from network.training import RECIPE

        settings = dataclasses.asdict(RECIPE)
        strengths = settings.pop("distortion")
        with formatter.section("The recipe, used for options that are not given"):
            formatter.write_text(", ".join(f"{name.replace('_', '-')} {value}" for name, value in settings.items()))
            if strengths:
                formatter.write_text("distortion: " + ", ".join(f"{name} {value}" for name, value in strengths.items()))
            else:
                formatter.write_text("no distortion")


def setting_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each setting; None if it is not given."""
    for name, (kind, meaning) in reversed([*SETTINGS.items(), *STRENGTHS.items()]):
        option = f"--{name.replace('_', '-')}"
        if kind is bool:
            option = f"{option}/--no-{name.replace('_', '-')}"
        meaning = f"Distortion of the pictures: {meaning[0].lower()}{meaning[1:]}" if name in STRENGTHS else meaning
        function = click.option(option, name, type=kind, default=None, help=meaning)(function)
    return function


def hidden_sizes(hidden: str | None, model: Checkpoint | None) -> tuple[int, ...]:
    """The sizes of the hidden layers, as given or else as in `model`."""
    if hidden is None:
        return model.network.sizes[1:-1] if model else _HIDDEN
    try:
        sizes = tuple(int(word) for word in hidden.split(",")) if hidden.strip() else ()
    except ValueError:
        sizes = (0,)
    if any(size < 1 for size in sizes):
        raise click.UsageError(
            f"--hidden takes whole numbers above 0, separated by commas, such as 16,16; got {hidden!r}"
        )
    return sizes


def activations(activation: str | None, model: Checkpoint | None) -> tuple[str, str]:
    """The activations of the hidden layers and of the output, as given or else as in `model`."""
    if model is None:
        return activation or _ACTIVATION, "sigmoid"
    *hidden, output = model.network.activations
    return activation or (hidden[0] if hidden else _ACTIVATION), output


def training_settings(
    given: dict[str, Any], no_distortion: bool, model: Checkpoint | None, images: int
) -> TrainingSettings:
    """The recipe, or the recorded settings of `model`, changed by the options given."""
    from network.distortion import Distortion
    from network.training import RECIPE

    base = model.training_settings() if model else RECIPE
    strengths = {name: given.pop(name) for name in STRENGTHS if name in given}
    if no_distortion and strengths:
        raise click.UsageError(
            f"--no-distortion and --{next(iter(strengths))} contradict each other; leave one of them out"
        )
    if no_distortion:
        given["distortion"] = None
    if model is None and "validation" not in given:
        # Small data sets need most of their images for training.
        given["validation"] = min(base.validation, images // 6)
    try:
        if strengths:
            given["distortion"] = dataclasses.replace(base.distortion or Distortion(), **strengths)
        return dataclasses.replace(base, **given)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
