"""Numbers of a table have units of their own: a network learns from standard ones, and then takes them as they are.

The standard number of x is (x − m) / s, with the mean m and the standard deviation s of its column. A first layer that
takes standard numbers is, exactly, one that takes the table's: W (x − m) / s + b = (W / s) x + (b − (W / s) m).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from network.digits import Digits
from network.network import Array, Network, views_of_parameters
from network.training import EpochReport


@dataclass(frozen=True, eq=False)
class Units:
    """The mean of each column of a table, and its standard deviation, (n_in,); 1 for a column that never changes."""

    means: Array
    deviations: Array

    @classmethod
    def of(cls, digits: Digits) -> Units:
        deviations = digits.vectors.std(axis=0, dtype=np.float64)
        return cls(digits.vectors.mean(axis=0, dtype=np.float64), np.where(deviations > 0, deviations, 1))

    def standard(self, digits: Digits) -> Digits:
        """The same rows in standard numbers."""
        return replace(digits, images=((digits.images - self.means) / self.deviations).astype(np.float32))

    def restored(self, report: EpochReport) -> EpochReport:
        """The report of a run on standard numbers, with networks that take those of the table."""
        network = report.network
        shots = tuple(
            replace(shot, parameters=self._restored(shot.parameters, network.sizes)) for shot in report.snapshots
        )
        own = Network.from_parameters(
            self._restored(network.parameters(), network.sizes), network.sizes, network.activations
        )
        return replace(report, network=own, snapshots=shots)

    def _restored(self, parameters: Array, sizes: tuple[int, ...]) -> Array:
        restored: Array = parameters.astype(np.float64)
        weights, biases = views_of_parameters(restored, sizes)[0]
        weights /= self.deviations
        biases -= weights @ self.means
        return restored.astype(parameters.dtype)
