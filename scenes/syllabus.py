"""The film script: the parts of the lesson and their scenes, in order. It can be read without manim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SceneEntry:
    """A scene: the name of its class, and what viewers are told about it."""

    name: str
    title: str
    summary: str


@dataclass(frozen=True)
class Part:
    """A part of the lesson.

    module: the folder of its scenes below scenes/, in which each has a file of its own; or a module that holds all of
    them, named in full.
    """

    number: int
    title: str
    module: str
    scenes: tuple[SceneEntry, ...]


SYLLABUS = (
    Part(
        1,
        "The puzzle",
        "part_01_puzzle",
        (
            SceneEntry(
                "ADigitAtAGlance",
                "A digit at a glance",
                "A sloppy 3 is read at once; nearer and nearer, it is nothing but 784 numbers.",
            ),
            SceneEntry(
                "OtherHandsOtherNumbers",
                "Other hands, other numbers",
                "Two pictures of one digit, laid over each other and subtracted, share few bright pixels.",
            ),
            SceneEntry(
                "PixelsDoNotDecide",
                "Pixels do not decide",
                "Two 3s can be farther apart than a 3 and an 8: the distances of all pairs, as histograms.",
            ),
            SceneEntry(
                "TheProgramWanted",
                "The program wanted",
                "A box that takes 28 × 28 numbers and gives one digit; what is inside is the question.",
            ),
        ),
    ),
    Part(
        2,
        "The plan",
        "part_02_plan",
        (
            SceneEntry(
                "ThePlan",
                "The plan of the lesson",
                "Mathematics, not magic: first the structure, then the learning, of the plain multilayer perceptron.",
            ),
            SceneEntry(
                "ReadingDigits",
                "The network reads digits",
                "Real test digits go through the trained network, one is read wrong, and all of them are counted.",
            ),
        ),
    ),
    Part(
        3,
        "A neuron",
        "part_03_neuron",
        (
            SceneEntry(
                "ANeuron",
                "A neuron holds a number",
                "A circle lights up with its activation, from 0 to 1; then real neurons do, for two digits.",
            ),
            SceneEntry(
                "PixelsAreNeurons",
                "Pixels are the first neurons",
                "The 784 pixels of a digit become the first layer; one real pixel is followed all the way.",
            ),
        ),
    ),
    Part(
        4,
        "Layers",
        "part_04_layers",
        (
            SceneEntry(
                "LayersOfNeurons",
                "Layers of neurons",
                "The pixels as a square and as a column, the outputs, and hidden layers between: a choice.",
            ),
            SceneEntry(
                "ForwardPassOfADigit",
                "A digit goes through the network",
                "Pixels become neurons, and one real forward pass runs along every connection to the ten outputs.",
            ),
            SceneEntry(
                "TheOutputs",
                "What the outputs say",
                "How much the network thinks “this one”; the brightest is the answer, and they need not add up to 1.",
            ),
        ),
    ),
    Part(
        5,
        "Why layers?",
        "part_05_why_layers",
        (
            SceneEntry(
                "ADigitTakenApart",
                "A digit taken apart",
                "A loop is a hole that paint cannot reach, a line what is left: a real digit falls into its parts.",
            ),
            SceneEntry(
                "PictureEquations",
                "Pictures that add up",
                "Three digits as sums of loops and lines, and how many of the whole test set have the holes hoped for.",
            ),
            SceneEntry(
                "PartsAreMadeOfEdges",
                "Parts are made of edges",
                "The gradient of a real digit shows its edges; the loop is cut into little ones, and adds up again.",
            ),
            SceneEntry(
                "TheHope",
                "The hope",
                "Edges, parts, digits: what one may hope that each layer finds, drawn over the network as a hope.",
            ),
            SceneEntry(
                "SpeechInLayers",
                "Speech in layers",
                "A spoken phrase is cut where it is silent, faint or changes tone: words, syllables, sounds.",
            ),
        ),
    ),
    Part(
        6,
        "Edges: weights, sum, squish, bias",
        "part_06_edges",
        (
            SceneEntry(
                "AWeightOnEachConnection",
                "A weight on each connection",
                "One dark neuron with a job, and a knob on every link into it: weights, their sum, and their picture.",
            ),
            SceneEntry(
                "BarDetector",
                "A detector set by hand",
                "Ones on a bar add up what is bright there; punish what is bright around it, and it finds edges.",
            ),
            SceneEntry(
                "WhoFiresTheDetectors",
                "Digits at the gate",
                "Real digits fly by, and those whose sum is high enough may pass: without the surround, and with it.",
            ),
            SceneEntry(
                "SquishingTheLine",
                "The squish",
                "The sums of real pictures drop onto a line, and the sigmoid squashes it into the space from 0 to 1.",
            ),
            SceneEntry(
                "BiasIsAThreshold",
                "The bias",
                "How large must the sum be? A bias slides the sigmoid along, and one neuron after another goes dark.",
            ),
            SceneEntry(
                "ANeuronOfTheNetwork",
                "A neuron of the trained network",
                "A trained neuron: the pictures that light it most and least, and its sum, bias and activation.",
            ),
        ),
    ),
    Part(
        7,
        "Counting the knobs",
        "part_07_knobs",
        (
            SceneEntry(
                "CountingTheKnobs",
                "Every knob is counted",
                "The connections appear one by one while the count runs: all weights, all biases, all knobs.",
            ),
        ),
    ),
    Part(
        8,
        "What learning means",
        "part_08_learning",
        (
            SceneEntry(
                "ASettingOfAllKnobs",
                "A setting of all the knobs",
                "All knobs as dials: settings at random read about one digit in ten, a single knob changes little.",
            ),
            SceneEntry(
                "TrainingTurnsTheKnobs",
                "Training turns the knobs",
                "The recorded run again: connections change colour, and a digit's outputs go from undecided to right.",
            ),
            SceneEntry(
                "FromNoiseToWeights",
                "From noise to weights",
                "The first layer's weight pictures through the run, with test accuracy and cost beside them.",
            ),
            SceneEntry(
                "WhenItFails",
                "When it fails, look",
                "A misread digit followed back: to the neuron that did most for the wrong one, and its pixels.",
            ),
        ),
    ),
    Part(
        9,
        "Notation and linear algebra",
        "part_09_notation",
        (
            SceneEntry(
                "OneLayerInOneLine",
                "A layer in one line",
                "The long sum of one neuron is sorted into a column, a matrix and a bias vector: a = σ(Wa + b).",
            ),
            SceneEntry(
                "ARowTimesAColumn",
                "A row times a column, for real",
                "The network's own numbers: one row meets the activations, products add up, and NumPy agrees.",
            ),
            SceneEntry(
                "AllRowsAtOnce",
                "All rows at once",
                "A picture and all weights of a layer, unrolled into lines: products, sums, biases, activations.",
            ),
            SceneEntry(
                "ShortAndFast",
                "Short and fast",
                "The project's own forward pass as code, and a plain loop timed against the matrix product.",
            ),
        ),
    ),
    Part(
        10,
        "Recap: functions",
        "part_10_functions",
        (
            SceneEntry(
                "ANeuronIsAFunction",
                "A neuron is a function",
                "One real neuron by itself: its number follows from every activation of the layer before it.",
            ),
            SceneEntry(
                "TheNetworkIsAFunction",
                "The network is a function",
                "The network in a box: all pixels in, the real outputs out for several digits, and its parameters.",
            ),
        ),
    ),
    Part(
        11,
        "Hope against reality",
        "part_11_reality",
        (
            SceneEntry(
                "LookingForEdges",
                "Looking for edges",
                "All weight pictures of the first layer, and how much of each neuron's weight lies in one place.",
            ),
            SceneEntry(
                "LookingForLoops",
                "Looking for loops",
                "Holes are counted in all test pictures, and compared with the activation of every hidden neuron.",
            ),
            SceneEntry(
                "WhereItErrs",
                "Where it errs",
                "Which class is taken for which, and the mistakes that the network is surest of.",
            ),
            SceneEntry(
                "SureOfNoise",
                "Sure of noise",
                "Pictures of nothing go through the network: its real answers, and how often it is sure of them.",
            ),
            SceneEntry(
                "StrokesOnRequest",
                "Strokes on request",
                "A second network, trained for smooth and local weights, beside the first; the accuracy of both.",
            ),
        ),
    ),
    Part(
        12,
        "Sigmoid against ReLU",
        "part_12_relu",
        (
            SceneEntry(
                "SigmoidAndReLU",
                "Sigmoid and ReLU",
                "Both functions on one stage: ReLU is 0 below zero and z itself above; and how steep each is.",
            ),
            SceneEntry(
                "WhereTheGradientGoes",
                "Where the gradient goes",
                "The same deep network twice: with sigmoids the slopes of the cost vanish on the way back.",
            ),
            SceneEntry(
                "TrainedBothWays",
                "Trained both ways",
                "The real cost curves and accuracies of deep networks with sigmoids and with ReLU, at several depths.",
            ),
            SceneEntry(
                "TheEndOfTheChapter",
                "The end of the chapter",
                "What was seen, in the network's own numbers, and the question that is left: how it learns.",
            ),
        ),
    ),
)


def all_scenes() -> list[tuple[Part, SceneEntry]]:
    """Every scene with its part, in order."""
    return [(part, scene) for part in SYLLABUS for scene in part.scenes]


def part_numbered(number: int) -> Part:
    """The part with this number. LookupError if there is none."""
    for part in SYLLABUS:
        if part.number == number:
            return part
    raise LookupError(f"there is no part {number}")


FILM_NAME = "Knobs"


def film_subtitle(class_names: Sequence[str]) -> str:
    """The subtitle of the film, which depends on what the network reads."""
    digits = all(name.isdigit() and len(name) == 1 for name in class_names)
    return f"inside a network that reads {'handwritten digits' if digits else 'pictures'}"


def with_cards(scenes: Sequence[tuple[Part, SceneEntry]]) -> list[tuple[Part, SceneEntry]]:
    """The pieces of the film: the scenes, a card before each part, and one at the beginning and at the end.

    The part of a card names the module that defines the card.
    """
    film = [_card(0, FILM_NAME, "TitleCard", "The name of the film and of the network.")]
    before: Part | None = None
    for part, scene in scenes:
        if before is None or part.number != before.number:
            film.append(_card(part.number, part.title, f"PartCard{part.number}", f"Part {part.number} begins."))
        film.append((part, scene))
        before = part
    film.append(_card(0, "Sources", "EndCard", "Where the network, the data and the film come from."))
    return film


def is_card(part: Part) -> bool:
    """Whether a piece of the film is a card rather than a scene of the lesson."""
    return part.module == _CARDS


_CARDS = "cards"


def _card(number: int, title: str, name: str, summary: str) -> tuple[Part, SceneEntry]:
    entry = SceneEntry(name, title, summary)
    return Part(number, title, _CARDS, (entry,)), entry


def module_of(part: Part, scene: SceneEntry) -> str:
    """The module that holds the class of a scene: `scenes.part_03_neuron.a_neuron` for ANeuron."""
    if is_card(part):
        return f"scenes.{part.module}"
    return part.module if "." in part.module else f"scenes.{part.module}.{file_stem(scene.name)}"


def file_stem(scene: str) -> str:
    """The name of a scene's file, without its ending: `sigmoid_and_relu` for SigmoidAndReLU."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", scene.replace("ReLU", "Relu")).lower()
