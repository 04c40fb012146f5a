"""How loud a sound is, by ITU-R BS.1770-4, and how it is made as loud as another without overdriving it.

pyloudnorm, which the tests hold this against, takes a whole film into memory at once, and measures no true peaks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenes.voice.samples import RATE, Samples

# Integrated loudness of every sound track, in LUFS: what podcasts and web video use.
LEVEL = -16.0
# The highest true peak, in dBTP, before a sound is encoded and after it.
CEILING, LIMIT = -2.0, -1.0

# The K-weighting of the standard, at 48 kHz: the effect of a head, then a high-pass.
_K_WEIGHTING = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)
_HOP = RATE // 10  # blocks of 0.4 s begin every 0.1 s
_HOPS_IN_BLOCK = 4
_AT_ONCE = 600 * _HOP  # samples that are filtered at once
_SILENCE, _BELOW = -70.0, 10.0  # the gates of the standard: LUFS, and LU below the rest
_LOUDEST_GAIN = 24.0  # dB; what is quieter than that is noise rather than speech

_OVERSAMPLING = 4
_PEAKS_AT_ONCE = 1 << 18
_MARGIN = 64  # samples around a block, for the oversampling filter
_SOFTNESS = RATE // 400  # the limiter takes twice as many samples to turn down, and to come back
_ROUNDS = 6


def loudness(samples: Samples) -> float:
    """The integrated loudness in LUFS; −inf for silence. A sound shorter than 0.4 s is measured as it is."""
    blocks = _block_energies(samples)
    with np.errstate(divide="ignore"):
        levels = -0.691 + 10 * np.log10(blocks)
        heard = blocks[levels > _SILENCE]
        if not heard.size:
            return -np.inf
        gate = -0.691 + 10 * np.log10(heard.mean()) - _BELOW
        return float(-0.691 + 10 * np.log10(blocks[levels > max(gate, _SILENCE)].mean()))


def true_peak(samples: Samples) -> float:
    """The highest value between the samples, too, in dBTP."""
    highest = float(_peaks(samples, 0.0).max(initial=0.0))
    return 20 * float(np.log10(highest)) if highest else -np.inf


def decibels(gain: float) -> np.float32:
    """The factor of a gain in dB."""
    return np.float32(10 ** (gain / 20))


def level(samples: Samples) -> Samples:
    """The same sound at `LEVEL`, with no true peak above `CEILING`. What is almost silent stays so."""
    levelled, gain = samples, 0.0
    for _ in range(_ROUNDS):  # the limiter takes away some loudness, which is given back
        found = loudness(levelled)
        if not np.isfinite(found) or (gain and abs(LEVEL - found) < 0.1):
            break
        gain = min(gain + LEVEL - found, _LOUDEST_GAIN)
        levelled = limit(samples * decibels(gain))
    return levelled


def limit(samples: Samples) -> Samples:
    """Turn loud moments down, so that no true peak is above `CEILING`; smoothly, so that nothing is cut off."""
    from scipy.ndimage import minimum_filter1d, uniform_filter1d

    ceiling = float(decibels(CEILING))
    peaks = _peaks(samples, ceiling / 2)
    if peaks.max(initial=0.0) <= ceiling:
        return samples
    gain = ceiling / np.maximum(peaks, np.float32(ceiling))
    # The lowest gain within two softnesses, averaged over as much: at a peak the average never exceeds what it needs.
    gain = minimum_filter1d(gain, 4 * _SOFTNESS + 1, mode="nearest")
    for _ in range(2):
        gain = uniform_filter1d(gain, 2 * _SOFTNESS + 1, mode="nearest")
    return (samples * gain.astype(np.float32)).astype(np.float32)


def _block_energies(samples: Samples) -> NDArray[np.float64]:
    """The mean square of each block, K-weighted and summed over the channels."""
    from scipy.signal import sosfilt

    state = np.zeros((len(_K_WEIGHTING), len(samples), 2))
    energies = [np.zeros(0)]
    for start in range(0, samples.shape[1], _AT_ONCE):
        weighted, state = sosfilt(_K_WEIGHTING, samples[:, start : start + _AT_ONCE], axis=1, zi=state)
        squares = np.square(weighted).sum(axis=0)
        if samples.shape[1] < _HOP * _HOPS_IN_BLOCK:
            return np.array([squares.mean()])
        whole = len(squares) // _HOP * _HOP
        energies.append(squares[:whole].reshape(-1, _HOP).mean(axis=1))
    hops = np.concatenate(energies)
    return np.convolve(hops, np.full(_HOPS_IN_BLOCK, 1 / _HOPS_IN_BLOCK), "valid") if hops.size else hops


def _peaks(samples: Samples, audible: float) -> NDArray[np.float32]:
    """For each sample the highest value from there to the next. Blocks whose samples stay below `audible` are left."""
    from scipy.signal import resample_poly

    peaks = np.abs(samples).max(axis=0, initial=0.0)
    for start in range(0, len(peaks), _PEAKS_AT_ONCE):
        stop = min(start + _PEAKS_AT_ONCE, len(peaks))
        if peaks[start:stop].max() < audible:
            continue
        first = max(0, start - _MARGIN)
        fine = np.abs(resample_poly(samples[:, first : stop + _MARGIN], _OVERSAMPLING, 1, axis=1)).max(axis=0)
        highest = fine.reshape(-1, _OVERSAMPLING).max(axis=1)
        peaks[start:stop] = np.maximum(peaks[start:stop], highest[start - first : stop - first])
    return peaks
