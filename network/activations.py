"""Activation functions: what a layer makes of its weighted sums, and how steep that is.

For any finite sum, none of them overflows or warns, and each gives the type that it is given. Some have a parameter,
which stands in the name: "leaky_relu(0.3)".
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, ndtr
from scipy.special import softmax as shares

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Activation:
    """A function applied to every weighted sum, and its slope.

    `slope` is given the *activation* a: for most functions it determines the slope, and it is already known when
    gradients are computed. Where it does not, as where a function falls and rises again, `slope_of_sums` is given the
    weighted sum z in its place. together: a function of all sums of a layer at once, (…, n_out), and not of each by
    itself; its slope is that of each output as its own sum changes. lowest, highest: between these all activations are.
    """

    name: str
    function: Callable[..., Array]
    slope: Callable[[Array], Array]
    slope_of_sums: Callable[[Array], Array] | None = None
    together: bool = False
    lowest: float = -math.inf
    highest: float = math.inf

    def slope_at(self, z: ArrayLike) -> Array:
        """How steep the function is at the weighted sums z."""
        sums = np.asarray(z, np.float64)
        return self.slope_of_sums(sums) if self.slope_of_sums else self.slope(self.function(sums))

    @property
    def squashes(self) -> bool:
        """Whether it brings sums of any size into the space between two numbers."""
        return math.isfinite(self.highest - self.lowest)

    @property
    def is_brightness(self) -> bool:
        """Whether all activations are from 0 to 1."""
        return self.lowest >= 0 and self.highest <= 1

    @property
    def needs_sums(self) -> bool:
        """Whether `pull_back` looks at the weighted sums."""
        return self.slope_of_sums is not None

    def pull_back(self, delta: Array, sums: Array, activations: Array) -> None:
        """Turn ∂cost/∂a into ∂cost/∂z, in place; all (n, n_out), and `sums` read only if `needs_sums`."""
        if self.together:
            delta -= (delta * activations).sum(axis=-1, keepdims=True)
            delta *= activations
        elif self.slope_of_sums:
            delta *= self.slope_of_sums(sums)
        else:
            delta *= self.slope(activations)


def _sigmoid(z: Any, out: Any = None) -> Array:
    """1 / (1 + e^−z), without an overflow or a warning for any z: σ(1000) = 1, σ(−1000) = 0."""
    result: Array = expit(z, out=out)
    return result


def _relu(z: ArrayLike, out: Array | None = None) -> Array:
    """max(0, z)."""
    result: Array = np.maximum(z, 0, out=out)
    return result


def _identity(z: ArrayLike, out: Array | None = None) -> Array:
    """z itself."""
    result: Array = np.positive(z, out=out)
    return result


def _tanh(z: ArrayLike, out: Array | None = None) -> Array:
    """The hyperbolic tangent, from −1 to 1."""
    result: Array = np.tanh(z, out=out)
    return result


def _softplus(z: ArrayLike, out: Array | None = None) -> Array:
    """ln(1 + e^z), a ReLU with a soft bend."""
    result: Array = np.logaddexp(0, z, out=out)
    return result


def _silu(z: Any, out: Any = None) -> Array:
    """z σ(z), also called swish."""
    result: Array = np.multiply(z, expit(z), out=out)
    return result


def _silu_slope(z: Array) -> Array:
    gate: Array = expit(z)
    return gate * (1 + z * (1 - gate))


def _gelu(z: Any, out: Any = None) -> Array:
    """z Φ(z), with the normal distribution's share Φ below z (Hendrycks and Gimpel 2016)."""
    result: Array = np.multiply(z, ndtr(z), out=out)
    return result


def _gelu_slope(z: Array) -> Array:
    near = np.clip(z, -30, 30)  # beyond it the bell is 0, and its square need not overflow
    result: Array = ndtr(z) + near * np.exp(-near * near / 2) / math.sqrt(2 * math.pi)
    return result


def _gelu_tanh(z: ArrayLike, out: Array | None = None) -> Array:
    """z (1 + tanh(√(2/π) (z + 0.044715 z³))) / 2, which many programs use for z Φ(z)."""
    near = np.clip(z, -30, 30)
    half = 0.5 * (1 + np.tanh(math.sqrt(2 / math.pi) * (near + 0.044715 * near**3)))
    result: Array = np.multiply(z, half, out=out)
    return result


def _gelu_tanh_slope(z: Array) -> Array:
    near = np.clip(z, -30, 30)
    bent = np.tanh(math.sqrt(2 / math.pi) * (near + 0.044715 * near**3))
    rate = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * near**2)
    result: Array = 0.5 * (1 + bent) + 0.5 * near * (1 - bent * bent) * rate
    return result


def _softmax(z: ArrayLike, out: Array | None = None) -> Array:
    """e^z as a share of the sum of e^z over a layer: from 0 to 1, and 1 in all."""
    result: Array = shares(np.atleast_1d(z), axis=-1)
    if out is None:
        return result
    out[...] = result
    return out


def _clipped(name: str, low: float, high: float) -> Activation:
    def function(z: ArrayLike, out: Array | None = None) -> Array:
        result: Array = np.clip(z, low, high, out=out)
        return result

    slope = lambda a: ((a > low) & (a < high)).astype(a.dtype)  # noqa: E731 - as for the others
    return Activation(name, function, slope, lowest=low, highest=high)


def _leaky_relu(name: str, leak: float) -> Activation:
    def function(z: ArrayLike, out: Array | None = None) -> Array:
        """z above 0, and a small part of it below."""
        sums = np.asarray(z)
        result: Array = np.multiply(sums, np.where(sums > 0, 1, leak).astype(sums.dtype), out=out)
        return result

    slope = lambda a: np.where(a > 0, 1, leak).astype(a.dtype)  # noqa: E731 - as for the others
    return Activation(name, function, slope, lowest=-math.inf if leak else 0)


def _elu(name: str, depth: float, scale: float = 1.0) -> Activation:
    def function(z: ArrayLike, out: Array | None = None) -> Array:
        """z above 0, depth · (e^z − 1) below; all of it times `scale`."""
        sums = np.asarray(z)
        below = depth * np.expm1(np.minimum(sums, 0))
        result: Array = np.multiply(np.where(sums > 0, sums, below), sums.dtype.type(scale), out=out)
        return result

    slope = lambda a: np.where(a > 0, scale, a + depth * scale).astype(a.dtype)  # noqa: E731 - as for the others
    return Activation(name, function, slope, lowest=-depth * scale)


def _hard_sigmoid(name: str, rise: float) -> Activation:
    def function(z: ArrayLike, out: Array | None = None) -> Array:
        """A straight rise through ½, cut off at 0 and 1."""
        result: Array = np.clip(np.asarray(z) * rise + 0.5, 0, 1, out=out)
        return result

    slope = lambda a: (rise * ((a > 0) & (a < 1))).astype(a.dtype)  # noqa: E731 - as for the others
    return Activation(name, function, slope, lowest=0, highest=1)


# Those with a parameter: how each is made, and the parameter that the name alone stands for.
_FAMILIES: dict[str, tuple[Callable[[str, float], Activation], float]] = {
    "leaky_relu": (_leaky_relu, 0.01),
    "elu": (_elu, 1.0),
    "hard_sigmoid": (_hard_sigmoid, 1 / 6),
}

ACTIVATIONS = {
    activation.name: activation
    for activation in (
        Activation("sigmoid", _sigmoid, lambda a: a * (1 - a), lowest=0, highest=1),
        Activation("relu", _relu, lambda a: (a > 0).astype(a.dtype), lowest=0),
        Activation("identity", _identity, np.ones_like),
        Activation("softmax", _softmax, lambda a: a * (1 - a), together=True, lowest=0, highest=1),
        Activation("tanh", _tanh, lambda a: 1 - a * a, lowest=-1, highest=1),
        *(make(name, usual) for name, (make, usual) in _FAMILIES.items()),
        _elu("selu", 1.6732632423543772, 1.0507009873554805),  # Klambauer et al. 2017
        Activation("gelu", _gelu, np.ones_like, _gelu_slope, lowest=-0.17),
        Activation("gelu_tanh", _gelu_tanh, np.ones_like, _gelu_tanh_slope, lowest=-0.1701),
        Activation("silu", _silu, np.ones_like, _silu_slope, lowest=-0.2785),
        Activation("softplus", _softplus, lambda a: -np.expm1(-a), lowest=0),
        _clipped("hard_tanh", -1, 1),
        _clipped("relu6", 0, 6),
    )
}


@lru_cache(maxsize=256)
def _with_parameter(name: str) -> Activation | None:
    """The function of a name such as "elu(0.5)"; None if it is no such name."""
    found = re.fullmatch(r"([a-z_]+)\(([-+.0-9e]+)\)", name)
    if not found or found[1] not in _FAMILIES:
        return None
    try:
        parameter = float(found[2])
    except ValueError:
        return None
    return _FAMILIES[found[1]][0](name, parameter) if 0 <= parameter < math.inf else None


def activation_named(name: str) -> Activation:
    """The activation function called `name`. ValueError, which lists them, if there is no such function."""
    found = ACTIVATIONS.get(name) or _with_parameter(name) if isinstance(name, str) else None
    if found is None:
        raise ValueError(f"there is no activation {name!r}; there are {', '.join(ACTIVATIONS)}")
    return found


def with_parameter(name: str, parameter: float) -> str:
    """The name of a member of a family: with_parameter("elu", 0.5) is "elu(0.5)", and with_parameter("elu", 1) "elu".

    ValueError if there is no such family, or the parameter is below 0 or not finite.
    """
    usual = _FAMILIES[name][1] if name in _FAMILIES else math.nan
    if math.isclose(parameter, usual, rel_tol=1e-6):
        return name
    full = f"{name}({float(f'{parameter:.7g}')!r})"
    activation_named(full)
    return full


def parameter_of(name: str) -> tuple[str, float | None]:
    """A name as its family and parameter: "elu(0.5)" is ("elu", 0.5), "elu" ("elu", 1), and "tanh" ("tanh", None)."""
    activation_named(name)
    family, _, parameter = name.partition("(")
    if parameter:
        return family, float(parameter.removesuffix(")"))
    return family, _FAMILIES[family][1] if family in _FAMILIES else None
