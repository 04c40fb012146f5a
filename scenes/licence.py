"""What people may do with a lesson, and whom to name: one sentence, by the data and the voices really used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from network.checkpoint import Metadata
from scenes.settings import JOE
from scenes.stage.inputs import Inputs
from scenes.voice.narration import RECORDING

MNIST = "MNIST"
MNIST_MAKERS = f"{MNIST}, by Yann LeCun, Corinna Cortes and Christopher J.C. Burges"
MNIST_LICENCE = "CC BY-SA 3.0"
# Adaptations of what is under CC BY-SA 3.0 may be under the next version of the same licence.
LICENCE = "CC BY-SA 4.0"
CODE_LICENCE = "MIT"
# How to credit a clip or a page.
CREDIT = f"“Knobs, {LICENCE}”"
JOE_LICENCE = "in the public domain (CC0)"


def licence(data: str, voices: Iterable[str], what: str = "these clips and pages") -> str:
    """The sentence. data: the name of the data, from `data_name`. voices: who speaks, as beats name them.

    Pictures and voices that are not ours to give away are named as belonging to those who made them.
    """
    heard = sorted(set(voices) - {""})
    subject = what if _ours(data, heard) else f"what Knobs adds to {what}"
    told = [f"You may show, share and change {subject} under {LICENCE}, with the credit {CREDIT}"]
    if data == MNIST:
        told.append(f"the digits are {MNIST_MAKERS}, under {MNIST_LICENCE}")
    else:
        told.append(f"the pictures are those of {data or 'the data set'} and belong to those who made them")
    told += [_of_voice(voice) for voice in heard]
    told.append(f"the code is under the {CODE_LICENCE} licence")
    return "; ".join(told) + "."


def data_name(metadata: Metadata, inputs: Inputs) -> str:
    """What the pictures that are shown are called: "MNIST" only if they are MNIST's."""
    if inputs.is_mnist():
        return MNIST
    trained_on = set(metadata.data_md5.values()) == set(inputs.data_md5().values())
    return metadata.data_name if trained_on else inputs.data_name


def in_credits(data: str, voices: Sequence[str]) -> str:
    """The licence of a film in a line of its credits."""
    subject = "it" if _ours(data, voices) else "what Knobs adds"
    return f"show and share {subject} under {LICENCE}, and credit {CREDIT}"


def told_by(voices: Sequence[str]) -> str:
    """Who tells a film, in a line of its credits; empty where nobody speaks."""
    others = [voice for voice in voices if voice not in ("", RECORDING)]
    told = [f"told by {voice}{f', a voice {JOE_LICENCE}' if voice == JOE else ''}" for voice in others]
    if RECORDING in voices:
        told.append("told in recordings, which belong to those who speak in them")
    return "; ".join(told)


def _ours(data: str, voices: Iterable[str]) -> bool:
    """Whether pictures and voices are ours to give away."""
    return data == MNIST and set(voices) <= {JOE}


def _of_voice(voice: str) -> str:
    if voice == RECORDING:
        return "the recorded voice belongs to whoever speaks"
    return f"the voice, {voice}, is {JOE_LICENCE if voice == JOE else 'under its own licence'}"
