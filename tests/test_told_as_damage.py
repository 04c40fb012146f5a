"""What is told as damage of a file is damage: not a lack of memory, nor a refusal by the system."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lesson.importing import datasets
from lesson.importing.data_from_tables import from_parquet
from lesson.importing.model import ImportRefused
from lesson.importing.readers import read_model
from network.errors import DataError

# Of the system, and of a library that was given a damaged file.
REFUSALS = (MemoryError(), PermissionError(errno.EACCES, "Permission denied"), OSError(errno.EIO, "I/O error"))
DAMAGE = (ValueError("bad"), OSError("bad"), EOFError())


def failing(problem: BaseException) -> Callable[..., Any]:
    def fail(*arguments: object, **options: object) -> Any:
        raise problem

    return fail


def of_torch(file: Path, problem: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = SimpleNamespace(
        load=failing(problem), serialization=SimpleNamespace(safe_globals=lambda kinds: nullcontext())
    )
    monkeypatch.setitem(sys.modules, "torch", torch)
    read_model(file.rename(file.with_name("x.pt")))


def of_parquet(file: Path, problem: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", SimpleNamespace(ParquetFile=failing(problem)))
    from_parquet([file.rename(file.with_name("x.parquet"))])


def of_arrays(file: Path, problem: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "load", failing(problem))
    read_model(file)


def of_data(file: Path, problem: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(np, "load", failing(problem))
    datasets.as_idx_folder(file)


@pytest.mark.parametrize("read", [of_torch, of_parquet, of_arrays, of_data])
@pytest.mark.parametrize("problem", [*REFUSALS, *DAMAGE], ids=repr)
def test_what_the_system_refuses_is_not_told_as_damage(
    read: Callable[..., None], problem: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    np.savez(tmp_path / "x.npz", W=np.zeros((2, 3)))
    expected: Any = (DataError, ImportRefused) if problem in DAMAGE else type(problem)
    with pytest.raises(expected) as raised:
        read(tmp_path / "x.npz", problem, monkeypatch)
    assert ("is damaged" in str(raised.value)) == (problem in DAMAGE)


@pytest.mark.parametrize("kind", ["npz", "npy"])
@pytest.mark.parametrize("of", ["objects", "records of objects", "a pickle", "numbers", "letters beyond ASCII", "text"])
def test_python_objects_are_known_by_the_header(kind: str, of: str, tmp_path: Path) -> None:
    """NumPy calls anything that it does not know a pickle, even plain text."""
    file = tmp_path / f"x.{kind}"
    save = np.savez if kind == "npz" else np.save
    if of == "a pickle":
        file.write_bytes(b"\x80\x05N.")
    elif of == "text":
        file.write_text("hello")
    elif of == "objects":
        save(file, np.array([{}], object), allow_pickle=True)
    elif of == "records of objects":
        save(file, np.array([(1, {})], [("n", "i4"), ("what", "O")]), allow_pickle=True)
    elif of == "letters beyond ASCII":
        with pytest.warns(UserWarning, match="format 3.0"):
            save(file, np.zeros((2, 3), [("größe", "f4"), ("名", "f4")]))
    else:
        save(file, np.zeros((2, 3)))
    said = "no error"
    try:
        read_model(file)
    except Exception as problem:
        said = str(problem)
    assert ("holds Python objects" in said) == (of in ("objects", "records of objects", "a pickle")), said
    assert (f"cannot be read as .{kind}: it is damaged" in said) == (of == "text"), said


def test_text_is_no_archive_of_objects(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_text("hello")
    with pytest.raises(DataError, match="is damaged or not a NumPy archive"):
        datasets.as_idx_folder(tmp_path / "x.npz")
