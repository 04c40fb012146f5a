"""A table of named numbers in the place of pictures: how its folder is known. NumPy is not loaded for it."""

from __future__ import annotations

from pathlib import Path

# The file, beside the IDX files, that names the numbers of a row, one on each line.
INPUTS = "inputs.txt"


def has_pictures(folder: Path) -> bool:
    """Whether a folder of IDX files holds pictures, not the rows of a table."""
    return not (folder / INPUTS).exists()
