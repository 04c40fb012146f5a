"""Checks the numbers that the kit is given; each error names the argument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Function = Callable[[Any], Any]


def evaluate_function(function: Function, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The function's values for x (n,): (n,) finite numbers, or a ValueError."""
    y = np.asarray(function(x), float)
    if y.shape != x.shape:
        raise ValueError(f"function must give one number for each of {x.size}; it gives the shape {y.shape}")
    if not np.isfinite(y).all():
        raise ValueError(f"function must give finite numbers; at {x[~np.isfinite(y)][0]:g} it does not")
    return y


def validate_finite(values: ArrayLike, name: str, dtype: type[np.floating[Any]] = np.float64) -> NDArray[Any]:
    """`values` as a new array of finite numbers, of any shape. ValueError names the argument."""
    try:
        array = np.array(values, dtype)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must be numbers; got {values!r}") from None
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite numbers; there is a NaN or an infinity among them")
    return array


def validate_array(values: ArrayLike, shape: tuple[int, ...], name: str) -> NDArray[np.float32]:
    """`values` as a new float32 array of this shape; one number serves for all items. ValueError names the argument."""
    array = np.asarray(values, np.float32)
    if array.ndim == 0:
        array = np.full(shape, array)
    if array.shape != shape:
        raise ValueError(f"{name} must have the shape {shape}; got {array.shape}")
    return validate_finite(array, name, np.float32)


def validate_rows(values: ArrayLike, count: int, name: str) -> NDArray[np.float32]:
    """Places or colours as float32 of shape (count, 3); one (3,) serves for all. ValueError names the argument."""
    array = np.asarray(values, np.float32)
    return validate_array(np.tile(array, (count, 1)) if array.shape == (3,) else array, (count, 3), name)


def validate_within(values: ArrayLike, limits: tuple[float, float], name: str) -> NDArray[np.float64]:
    """`values` (n,) that lie within limits, both included. ValueError names the argument."""
    array = np.atleast_1d(validate_finite(values, name))
    if array.size and (array.min() < limits[0] or array.max() > limits[1]):
        raise ValueError(f"{name} must lie within {limits}; got {array.min():g} … {array.max():g}")
    return array


def validate_range(limits: tuple[float, float], name: str) -> tuple[float, float]:
    """Two finite numbers, the lower one first. ValueError names the argument."""
    array = validate_finite(limits, name)
    if array.shape != (2,) or not array[0] < array[1]:
        raise ValueError(f"{name} must be two numbers, the lower one first; got {limits}")
    return float(array[0]), float(array[1])


def validate_positive(length: float, name: str) -> float:
    """A finite number above 0. ValueError names the argument."""
    if not (np.isfinite(length) and length > 0):
        raise ValueError(f"{name} must be a number above 0; got {length}")
    return length
