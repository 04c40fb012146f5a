"""The recording of a whole scene is cut into its beats, where somebody has paused for long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from network.paths import display_path
from scenes.voice.markup import NarrationError
from scenes.voice.pauses import Pause, find_pauses, pauses_between
from scenes.voice.samples import RATE, Samples
from scenes.voice.speech_length import length_with_pauses
from scenes.wording import count

# A pause between two beats of a scene that was recorded in one go is at least this long: people pause for less between
# two sentences.
_BETWEEN_BEATS = 0.6  # seconds
# How much faster or slower than the whole scene one of its beats may be read, and what more that may be.
_UNEVEN, _SLACK = 1.5, 0.5  # (a factor), seconds


def cut_recording(wav: Path, samples: Samples, words: Mapping[str, str]) -> dict[str, Samples]:
    """Cut the recording of a whole scene, (channels, n), at its long pauses into its beats.

    words: those of the beats, by name, in order. NarrationError if there are not enough pauses, or if they are not
    where the beats would end: then the recording says something else.
    """
    seconds = samples.shape[1] / RATE
    pauses = find_pauses(samples, RATE, _BETWEEN_BEATS)
    lengths = [length_with_pauses(text) for text in words.values()]
    found = pauses_between(lengths, pauses, seconds)
    if found is None or not _is_even(lengths, found, seconds):
        has = f"{count(len(pauses), 'pause') if pauses else 'no pauses'} of {_BETWEEN_BEATS} seconds or more"
        fit = "" if len(pauses) < len(words) - 1 else ", but not where the beats end"
        raise NarrationError(
            f"{display_path(wav)} cannot be cut into the {len(words)} beats of its scene: it has {has}{fit}, and "
            f"{len(words) - 1} are needed between them; read all beats with a pause of a second after each, or record "
            "a file for each beat"
        )
    starts = [0.0, *(pause.stop - min(0.08, pause.seconds / 2) for pause in found)]
    stops = [*(pause.start + min(0.15, pause.seconds / 2) for pause in found), seconds]
    return {
        beat: samples[:, round(start * RATE) : round(stop * RATE)]
        for beat, start, stop in zip(words, starts, stops, strict=True)
    }


def _is_even(lengths: Sequence[float], pauses: Sequence[Pause], seconds: float) -> bool:
    """Whether everything between the pauses is read about as fast, if it takes these lengths, in any unit, to say."""
    starts, stops = [0.0, *(pause.stop for pause in pauses)], [*(pause.start for pause in pauses), seconds]
    read = [stop - start for start, stop in zip(starts, stops, strict=True)]
    usual = [sum(read) * length / sum(lengths) for length in lengths]
    return all(
        max(took / _UNEVEN - expected, expected / _UNEVEN - took) <= _SLACK
        for took, expected in zip(read, usual, strict=True)
    )
