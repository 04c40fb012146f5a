"""Narration cut into cues: what stands in the picture, or beside it, while it is said.

The rules are those of professional subtitles: at most two lines of 42 letters, no more than 21 letters a second, at
least a second, cut by sense, and a short gap between two cues so that the change is seen. Letters that say more than
Latin ones count for more: in Chinese it is 16 in a line and 9 a second, as `scenes.language` has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from scenes.language import ENGLISH, current
from scenes.voice.narration import Beat, Clause
from scenes.voice.phrasing import cut_cost, fits, in_letters, line_cost, units
from scenes.voice.speech_length import pause_after, speech_length

# Latin letters a second: what reads well, and the most.
COMFORTABLE, FASTEST = 17.0, ENGLISH.fastest
# Seconds: the shortest cue, between two cues, and a gap so small that the earlier cue stands until its end instead.
SHORTEST, GAP, SMALL_GAP = 1.0, 0.08, 0.5
# How long a cue stays after its last word, in seconds, where there is time.
_AFTER_SPEECH = 0.4
# Times are written in milliseconds.
_ROUNDING = 0.001


@dataclass(frozen=True)
class Caption:
    """A cue: words of a scene, when they are shown, in seconds from the start, and what moves meanwhile."""

    sentence: str
    start: float
    stop: float
    moves: str = ""


@dataclass(frozen=True)
class Subtitles:
    """The subtitles of a clip in a language, by its code; `captions` in order, with times of the clip in seconds."""

    language: str
    captions: tuple[Caption, ...]


@dataclass(frozen=True)
class _Word:
    """A word with the space after it, and when it is said, in seconds."""

    text: str
    start: float
    stop: float


def cues(beats: Sequence[Beat], seconds: float | None = None) -> tuple[Caption, ...]:
    """The narration of a clip, cut into subtitles: in order, without overlaps, each with words of one beat only.

    A cue begins with its first word. It stands until the last is said, longer if that is needed to read it, but never
    into the next cue. The last cue of a beat has what moves meanwhile. `faults` lists what cannot be read in time.

    seconds: the length of the clip, until which the last cue may stand; if it is not given, the end of the last beat.
    """
    told = [(beat, words) for beat in beats if (words := _words(beat))]
    end = max((beat.stop for beat in beats), default=0.0) if seconds is None else seconds
    found: list[Caption] = []
    limits = [*(words[0].start - GAP for _, words in told[1:]), end]
    for (beat, words), following in zip(told, limits, strict=False):
        cut = _cut(words, following)
        for number, cue in enumerate(cut):
            is_last = number == len(cut) - 1
            limit = following if is_last else cut[number + 1][0].start - GAP
            text = _text(cue)
            stop = _stop(cue[0].start, cue[-1].stop, limit, _letters(text))
            found.append(Caption(text, cue[0].start, stop, beat.moves if is_last else ""))
    return tuple(found)


def faults(captions: Sequence[Caption]) -> list[str]:
    """What is wrong with subtitles, in sentences: too much to read in the time, too short, or too long a line."""
    found = []
    for caption in captions:
        seconds = caption.stop - caption.start
        which = f"the subtitle {caption.sentence!r} at {caption.start:.1f} s"
        if not fits(caption.sentence):
            found.append(f"{which} has a line of over {current().line} letters; use a shorter word")
        if seconds + _ROUNDING < SHORTEST:
            found.append(f"{which} stands for only {seconds:.1f} s; pause after these words")
        elif in_letters(caption.sentence) > current().fastest * (seconds + _ROUNDING):
            speed = in_letters(caption.sentence) / seconds
            found.append(f"{which} has {speed:.0f} letters a second; pause after these words, or say it in fewer")
    return found


def reading_speed(captions: Sequence[Caption]) -> float:
    """The average reading speed of subtitles, in Latin letters a second; 0 without any."""
    seconds = sum(caption.stop - caption.start for caption in captions)
    return sum(_letters(caption.sentence) for caption in captions) / seconds if seconds else 0.0


# ------------------------------------------------------------------------------------------ cutting


def _words(beat: Beat) -> list[_Word]:
    """The words of a beat with their times. A word that two clauses share, as with a bookmark inside, is one again."""
    clauses = beat.clauses or (Clause(beat.text, beat.start, beat.stop),)
    pieces = [word for clause in clauses if clause.text.strip() for word in _words_of_clause(clause)]
    if "".join("".join(piece.text for piece in pieces).split()) != "".join(beat.text.split()):
        return pieces
    words, remaining = [], iter(pieces)
    for text in units(beat.text):
        first = last = next(remaining)
        length = len(first.text.strip())
        while length < len(text.strip()):
            last = next(remaining)
            length += len(last.text.strip())
        words.append(_Word(text, first.start, last.stop))
    return words


def _words_of_clause(clause: Clause) -> list[_Word]:
    """The words of a clause, its time shared out by how long they take to say, with pauses for punctuation."""
    texts = units(clause.text.strip())
    if current().between:
        texts[-1] += " "
    lengths = [speech_length(text) for text in texts]
    pauses = [*(pause_after(text.strip()) for text in texts[:-1]), 0.0]
    whole = sum(lengths) + sum(pauses)
    words, passed = [], 0.0
    for text, length, pause in zip(texts, lengths, pauses, strict=True):
        share = (clause.stop - clause.start) / whole
        words.append(_Word(text, clause.start + share * passed, clause.start + share * (passed + length)))
        passed += length + pause
    return words


def _cut(words: list[_Word], limit: float) -> list[list[_Word]]:
    """Cut words into cues at the least cost. limit: when the last cue must have gone, in seconds."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for stop in range(1, len(words) + 1):
        ends = limit if stop == len(words) else words[stop].start - GAP
        choices = []
        for start in range(stop - 1, -1, -1):
            if start < stop - 1 and not fits(_text(words[start:stop])):
                break
            after = words[stop].text if stop < len(words) else None
            choices.append((best[start][0] + _cost(words[start:stop], after, ends), start))
        best.append(min(choices))
    cut, stop = [], len(words)
    while stop:
        start = best[stop][1]
        cut.append(words[start:stop])
        stop = start
    return cut[::-1]


def _cost(cue: list[_Word], after: str | None, limit: float) -> float:
    """How bad a cue is. after: the word after it in its beat. limit: when it must have gone, in seconds."""
    text = _text(cue)
    letters = _letters(text)
    seconds = max(_stop(cue[0].start, cue[-1].stop, limit, letters) - cue[0].start, 0.01)
    speed = letters / seconds
    cost = 3.0 + line_cost(text) * 0.5 + max(0.0, 20.0 - letters) * 0.3
    if after is not None:
        cost += 2.0 * cut_cost(cue[-1].text, after)
    # What lies inside: ends of sentences, and pauses, before which a reader would be ahead of the voice.
    for one, other in pairwise(cue):
        cost += 3.0 if cut_cost(one.text, other.text) == 0 else 0.0
        cost += 12.0 * max(0.0, other.start - one.stop - 0.6)
    # Letter by letter, so that fewer, longer cues are not the cheaper ones.
    cost += 0.005 * letters * max(0.0, speed - COMFORTABLE) ** 2
    cost += 200.0 + 50.0 * (speed - FASTEST) if speed > FASTEST else 0.0
    cost += 200.0 + 200.0 * (SHORTEST - seconds) if seconds + _ROUNDING < SHORTEST else 0.0
    return cost + max(0.0, seconds - 7.0) * 10.0


def _stop(start: float, said: float, limit: float, letters: float) -> float:
    """When a cue goes, in seconds. said: when its last word ends. limit: when it must have gone.

    letters: of its words, counted as Latin ones.
    """
    wanted = max(said + _AFTER_SPEECH, start + SHORTEST, start + letters / (COMFORTABLE - 1))
    limit = max(limit, (start + limit + GAP) / 2)  # words faster than the gap share it
    return limit if wanted > limit - (SMALL_GAP - GAP) else wanted


def _text(words: Sequence[_Word]) -> str:
    return "".join(word.text for word in words).strip()


def _letters(text: str) -> float:
    """The letters of a text, counted as Latin ones: as many as take as long to read."""
    return in_letters(text) * ENGLISH.fastest / current().fastest
