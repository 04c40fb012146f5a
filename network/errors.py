"""Errors that are told in one sentence: what is wrong, where, and how to put it right."""

from __future__ import annotations


class KnobsError(Exception):
    """The base of every error that a person is told in one sentence, without a traceback."""


class CheckpointError(KnobsError, ValueError):
    """A checkpoint, or a file beside one, that cannot be read, written or used; the message says which and why."""


class DataError(KnobsError, ValueError):
    """Data files that are missing, damaged or do not fit; the message says which and how to put it right."""


class SoundError(KnobsError, ValueError):
    """A sound file that cannot be used, or one that does not fit what it should say; the message says what to do."""
