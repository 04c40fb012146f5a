"""What people may do with a lesson, and whom to name: one sentence, by the data and the voices really used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from network.checkpoint import Metadata
from network.tables import has_pictures
from scenes.language import NC_, _, _c, _w, clauses, left_to_right
from scenes.settings import JOE
from scenes.stage.inputs import Inputs
from scenes.voice.narration import RECORDING

MNIST = "MNIST"
MNIST_LICENCE = "CC BY-SA 3.0"
# Adaptations of what is under CC BY-SA 3.0 may be under the next version of the same licence.
LICENCE = "CC BY-SA 4.0"
CODE_LICENCE = "MIT"


def credit() -> str:
    """How to credit a clip or a page, between quotation marks."""
    return _c("quotation marks", "“{words}”", words=left_to_right("Knobs, " + LICENCE))


def mnist_makers() -> str:
    """MNIST, and who made it."""
    return _("{data}, by Yann LeCun, Corinna Cortes and Christopher J.C. Burges", data=MNIST)


# What a licence is for, as `_w` takes it.
CLIPS_AND_PAGES = NC_("what the licence is for", "these clips and pages")
THIS_CLIP = NC_("what the licence is for", "this clip")
THIS_CLIP_AND_PAGE = NC_("what the licence is for", "this clip and this page")
THIS_FILM = NC_("what the licence is for", "this film")


class NameOfTable(str):
    """The name of data that are the rows of a table, not pictures."""


def licence(data: str, voices: Iterable[str], what: str = CLIPS_AND_PAGES) -> str:
    """The sentence. data: the name of the data, from `data_name`. voices: who speaks, as beats name them.

    what: one of CLIPS_AND_PAGES, THIS_CLIP, THIS_CLIP_AND_PAGE and THIS_FILM.

    Pictures and voices that are not ours to give away are named as belonging to those who made them.
    """
    heard = sorted(set(voices) - {""})
    places = {"what": _w("what the licence is for", what), "licence": LICENCE, "credit": credit()}
    # Translators: the clauses of the licence are joined with semicolons; only the first begins with a capital letter.
    may = _("You may show, share and change {what} under {licence}, with the credit {credit}", **places)
    if not _ours(data, heard):
        may = _(
            "You may show, share and change what Knobs adds to {what} under {licence}, with the credit {credit}",
            **places,
        )
    told = [may]
    if data == MNIST:
        told.append(_("the digits are {data}, under {licence}", data=mnist_makers(), licence=MNIST_LICENCE))
    elif isinstance(data, NameOfTable):
        told.append(_("the numbers are those of {data} and belong to those who made them", data=data))
    elif data:
        told.append(_("the pictures are those of {data} and belong to those who made them", data=data))
    else:
        told.append(_("the pictures are those of the data set and belong to those who made them"))
    told += [_of_voice(voice) for voice in heard]
    told.append(_("the code is under the {licence} licence", licence=CODE_LICENCE))
    return _c("a sentence of several clauses", "{clauses}.", clauses=clauses(told))


def data_name(metadata: Metadata, inputs: Inputs) -> str:
    """What the data that are shown are called: "MNIST" only if they are MNIST's; a `NameOfTable` for rows."""
    if inputs.is_mnist():
        return MNIST
    trained_on = set(metadata.data_md5.values()) == set(inputs.data_md5().values())
    name = metadata.data_name if trained_on else inputs.data_name
    return name if has_pictures(inputs.context.data) else NameOfTable(name)


def shown_name(data_name: str) -> str:
    """The name of a data set as it is written in a sentence."""
    return MNIST if data_name == "mnist" else data_name


def in_credits(data: str, voices: Sequence[str]) -> str:
    """The licence of a film in a line of its credits."""
    if _ours(data, voices):
        return _("show and share it under {licence}, and credit {credit}", licence=LICENCE, credit=credit())
    return _("show and share what Knobs adds under {licence}, and credit {credit}", licence=LICENCE, credit=credit())


def told_by(voices: Sequence[str]) -> str:
    """Who tells a film, in a line of its credits; empty where nobody speaks."""
    others = [voice for voice in voices if voice not in ("", RECORDING)]
    told = [
        _("told by {voice}, a voice in the public domain (CC0)", voice=voice)
        if voice == JOE
        else _("told by {voice}", voice=voice)
        for voice in others
    ]
    if RECORDING in voices:
        told.append(_("told in recordings, which belong to those who speak in them"))
    return clauses(told)


def _ours(data: str, voices: Iterable[str]) -> bool:
    """Whether pictures and voices are ours to give away."""
    return data == MNIST and set(voices) <= {JOE}


def _of_voice(voice: str) -> str:
    if voice == RECORDING:
        return _("the recorded voice belongs to whoever speaks")
    if voice == JOE:
        return _("the voice, {voice}, is in the public domain (CC0)", voice=voice)
    return _("the voice, {voice}, is under its own licence", voice=voice)
