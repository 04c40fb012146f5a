"""`knobs import`: a network that was trained elsewhere becomes a checkpoint."""

from __future__ import annotations

import time
from pathlib import Path

import click

from lesson.cli.options import FilePath, check_output
from lesson.cli.saving import save_somewhere
from network.paths import display_path, quoted
from scenes.settings import DEFAULT_DATA, TRAINED
from scenes.wording import percent


@click.command("import")
@click.argument("file", type=FilePath())
@click.option("--data", type=FilePath(), help="The data it was trained on.  [default: assets/mnist]")
@click.option("-o", "--output", type=FilePath(), help="The checkpoint to write.  [default: media/weights/NAME.npz]")
@click.option("--overwrite", is_flag=True, help="Replace an existing output file.")
@click.option(
    "--activations",
    "--activation",
    help="Of its hidden layers, if FILE does not say: relu for all, or tanh,relu for one after the other.",
)
@click.option("--scale", help="Its input: '0 to 1', '0 to 255', '-1 to 1', '0 to 1, inverted', or S,T for S·x + T.")
def command(
    file: Path, data: Path | None, output: Path | None, overwrite: bool, activations: str | None, scale: str | None
) -> None:
    """Make a checkpoint from a network that was trained elsewhere.

    Its layers must be fully connected. FILE is a .safetensors, a .pt with a state dict, a checkpoint or TorchScript,
    or a .pt2 (PyTorch), a .keras or .weights.h5 (Keras), a .msgpack (Flax), an .eqx (Equinox), a .skops with an
    MLPClassifier (scikit-learn), an .onnx, or weights and biases in .npz, .mat or .json. What the file does not say,
    such as the activations and the form of the input, is inferred from the training pictures, and said. Where the file
    holds the network itself and its framework is installed, both networks are run and must agree.
    """
    import platform

    import numpy as np

    from lesson.importing import datasets
    from lesson.importing.inference import activations_named, scaling_named, work_out
    from lesson.importing.readers import read_model
    from network.checkpoint import Checkpoint, Metadata
    from network.digits import load_digits, md5_of_data
    from network.evaluation import evaluate

    output = output or TRAINED / f"{file.name.split('.')[0]}.npz"
    model = read_model(file)
    check_output(output, overwrite)
    source = data or DEFAULT_DATA
    folder = datasets.as_idx_folder(source).folder
    train, test, md5 = load_digits(folder, "train"), load_digits(folder, "test"), md5_of_data(folder)
    try:
        scaling = scaling_named(scale, train) if scale else None
        functions = activations_named(activations) if activations else ()
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
    found = work_out(model, train, test, functions, scaling)
    network = found.network
    accuracy = evaluate(network, test).accuracy
    metadata = Metadata(
        settings={"imported": file.name, "framework": model.framework, "brightness": found.scaling.name},
        seed=0,
        epoch=0,
        train_accuracy=None,
        validation_accuracy=None,
        test_accuracy=accuracy,
        data_name=source.resolve().stem,
        data_md5=md5,
        class_names=train.class_names,
        versions={"python": platform.python_version(), "numpy": np.__version__},
        date=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    )
    no_history, no_run = np.zeros((0, 3)), np.zeros((0, network.parameter_count), np.float32)
    checkpoint = Checkpoint(network, metadata, no_history, np.zeros(0, np.int64), np.zeros(0), no_run)
    saved = save_somewhere(checkpoint.save, output)
    sizes = "-".join(map(str, network.sizes))
    click.echo(f"{file.name}: {model.framework}, {sizes}, {', '.join(network.activations)}")
    for sentence in found.sentences:
        click.echo(f"  {sentence}")
    changed = (
        "" if found.agreed == 1 else f" Rounding to 32 bits changed {percent(1 - found.agreed, 2)} of its answers."
    )
    click.echo(f"  Test accuracy {percent(accuracy, 2)}.{changed}")
    click.echo(f"Saved as {display_path(saved)}")
    click.echo(f"  the lesson with it:  ./knobs lesson --checkpoint {quoted(saved)}")
    if unnoted := datasets.remember(folder, md5, train.class_names):
        click.echo(f"knobs: {unnoted}", err=True)
    if saved != output:
        click.get_current_context().exit(1)
