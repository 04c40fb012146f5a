"""`knobs export-network`: a network of Knobs, for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from lesson.cli.options import FilePath, cannot_write, check_output
from network.paths import display_path


@click.command("export-network")
@click.argument("files", type=FilePath(), nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--checkpoint",
    type=FilePath(),
    metavar="FILE",
    help="The network.  [default: the variable KNOBS_CHECKPOINT, or assets/weights/default.npz]",
)
@click.option("--overwrite", is_flag=True, help="Replace existing files.")
def command(files: tuple[Path, ...], checkpoint: Path | None, overwrite: bool) -> None:
    """Write a network as ONNX, safetensors or JSON.

    FILE ends in .onnx, .safetensors or .json; several are written at once. Each holds the weights, in 32 bits as they
    are, the biases, the activation functions and the names of the classes. The input is a picture row by row, with
    brightness from 0 (black) to 1 (white). `./knobs import` reads all three.
    """
    from lesson.importing.writers import HOW_TO_USE, WRITERS
    from network.checkpoint import load_checkpoint
    from scenes.settings import LessonContext

    for file in files:
        if file.suffix.lower() not in WRITERS:
            raise click.UsageError(f"{file} must end in {', '.join(list(WRITERS)[:-1])} or {list(WRITERS)[-1]}")
        check_output(file, overwrite, is_checkpoint=False, option="another FILE")
    held = load_checkpoint(LessonContext.of(checkpoint).checkpoint)
    network = held.network
    sizes = "-".join(map(str, network.sizes))
    for file in files:
        kind = file.suffix.lower()
        try:
            WRITERS[kind](file, network, held.metadata.class_names)
        except OSError as problem:
            raise cannot_write(file, problem, "another FILE") from problem
        click.echo(f"Saved as {display_path(file)}: {sizes}, {', '.join(network.activations)}")
        click.echo(f"  {HOW_TO_USE[kind](network)}")
