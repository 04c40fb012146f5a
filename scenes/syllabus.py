"""The film script: the parts of the lesson and their scenes, in order. It can be read without manim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class SceneEntry:
    """A scene: the name of its class, and what viewers are told about it.

    for_rows: its title and summary where the network takes the rows of a table, not pictures. needs_pictures: why it
    cannot be shown then. A scene has one of the two.
    """

    name: str
    title: str
    summary: str
    for_rows: tuple[str, str] | None = None
    needs_pictures: str = ""

    def of_rows(self) -> SceneEntry:
        """The scene as viewers are told of it where the network takes rows. ValueError if it needs pictures."""
        if self.for_rows is None:
            raise ValueError(f"{self.name} needs pictures")
        title, summary = self.for_rows
        return replace(self, title=title, summary=summary)


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
                "A sloppy 3 is read before its first row could be counted; nearer, it is nothing but 784 numbers.",
                needs_pictures="it looks at one picture, square by square",
            ),
            SceneEntry(
                "OtherHandsOtherNumbers",
                "Other hands, other numbers",
                "All are threes to you, yet two of them share few bright squares. What do you recognise?",
                needs_pictures="it lays pictures over each other",
            ),
            SceneEntry(
                "PixelsDoNotDecide",
                "How alike do they look?",
                "A 3 can be closer to an 8 than to another 3. But how often does comparing squares fail?",
                needs_pictures="it compares pictures, square by square",
            ),
            SceneEntry(
                "TheProgramWanted",
                "The program wanted",
                "Honest rules race on the real test set. The best one has to keep 60,000 pictures: at what price?",
                needs_pictures="it races rules that read pictures",
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
                "The plan",
                "You have met such machines. What are they, and how do they learn? Of many kinds, the plain one.",
                needs_pictures="it tells of machines that read pictures",
            ),
            SceneEntry(
                "ReadingDigits",
                "The network reads digits",
                "The finished network reads picture after picture, gets one wrong, and is tried on all of them.",
                needs_pictures="the network reads a stream of pictures in it",
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
                "Something that holds a number from 0 to 1 and lights up with it; real neurons do, for two pictures.",
                for_rows=(
                    "A neuron holds a number",
                    "Something that holds a number from 0 to 1 and lights up with it; real neurons do, for two rows.",
                ),
            ),
            SceneEntry(
                "PixelsAreNeurons",
                "Pixels are the first neurons",
                "One grey square of the digit already is a neuron, and so are all 784: the input layer.",
                needs_pictures="it turns the squares of a picture into neurons",
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
                "The picture at one end, the outputs at the other; between them hidden layers, one big question mark.",
                for_rows=(
                    "Layers of neurons",
                    "A row of numbers at one end, the outputs at the other; between them a big question mark.",
                ),
            ),
            SceneEntry(
                "ForwardPassOfADigit",
                "A digit goes through the network",
                "What lights up in one layer decides what lights up in the next, along every connection.",
                for_rows=(
                    "A row goes through the network",
                    "What lights up in one layer decides what lights up in the next, along every connection.",
                ),
            ),
            SceneEntry(
                "TheOutputs",
                "What the outputs say",
                "The lights at the end, looked at for longer: sure, torn between two, at a loss.",
                for_rows=(
                    "What the outputs say",
                    "The lights at the end, looked at for longer: how sure the network is of its answers.",
                ),
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
                "Why layers? A real digit falls into its parts: where paint cannot get in there is a loop, and what is "
                "left over is a line.",
                needs_pictures="it takes pictures apart into loops and lines",
            ),
            SceneEntry(
                "PictureEquations",
                "Pictures that add up",
                "Digits as sums of loops and lines; and what neurons for parts would be good for.",
                needs_pictures="it adds pictures up from loops and lines",
            ),
            SceneEntry(
                "PartsAreMadeOfEdges",
                "Parts are made of edges",
                "How would you find a part? By edges, little bright bars with dark on both sides. Long lines are made "
                "of them, too.",
                needs_pictures="it looks for edges in pictures",
            ),
            SceneEntry(
                "TheHope",
                "The hope",
                "Edges light up parts, parts light up a digit, in neurons one only hopes for; then what the layers "
                "really do with that digit.",
                needs_pictures="it hopes for neurons that find edges in pictures",
            ),
            SceneEntry(
                "SpeechInLayers",
                "Speech in layers",
                "Listen: a sentence is made of words, words of syllables, syllables of sounds. But how could a neuron "
                "find one little edge?",
                needs_pictures="it leads on to edges in pictures",
            ),
        ),
    ),
    Part(
        6,
        "Edges: weights, sum, squash, bias",
        "part_06_edges",
        (
            SceneEntry(
                "AWeightOnEachConnection",
                "A weight on each connection",
                "One dark neuron with a job, and a knob on every connection into it: weights, a sum, and a picture.",
                needs_pictures="it draws the weights of a neuron as a picture",
            ),
            SceneEntry(
                "BarDetector",
                "A detector set by hand",
                "Ones on a bar add up what is bright there; punish what is bright around it, and it finds edges.",
                needs_pictures="it looks for a bar in pictures",
            ),
            SceneEntry(
                "WhoFiresTheDetectors",
                "Digits at the gate",
                "Real digits fly by, and those whose sum is high enough may pass: without the surround, and with it.",
                needs_pictures="it looks for a bar in pictures",
            ),
            SceneEntry(
                "SquishingTheLine",
                "The squash",
                "The sums of real pictures drop onto a line, and the sigmoid squashes it into the space from 0 to 1.",
                needs_pictures="its sums are those of a bar in pictures",
            ),
            SceneEntry(
                "BiasIsAThreshold",
                "The bias",
                "How large must the sum be? A bias slides the sigmoid along, and one neuron after another goes dark.",
                needs_pictures="its sums are those of a bar in pictures",
            ),
            SceneEntry(
                "ANeuronOfTheNetwork",
                "A neuron of the trained network",
                "A trained neuron: the pictures that light it most and least, and its sum, bias and activation.",
                needs_pictures="it draws the weights of a neuron as a picture",
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
                "The connections appear one by one and are counted: all weights, all biases, all knobs.",
                for_rows=(
                    "Every knob is counted",
                    "The connections appear one by one and are counted: all weights, all biases, all knobs.",
                ),
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
                "Our edge detector is put into a random network, then luck is tried; and what did training find?",
                needs_pictures="it puts a detector of edges into the network",
            ),
            SceneEntry(
                "TrainingTurnsTheKnobs",
                "Training turns the knobs",
                "The recorded run on one digit: at first no opinion, then a wrong one, and at last the right answer.",
                for_rows=(
                    "Training turns the knobs",
                    "How the knobs got their values: training, watched on one row, as far as it was recorded.",
                ),
            ),
            SceneEntry(
                "FromNoiseToWeights",
                "From noise to weights",
                "At first the weights are noise. Epoch by epoch, patterns come out of it that nobody drew.",
                needs_pictures="it draws the weights of each neuron as a picture",
            ),
            SceneEntry(
                "WhenItFails",
                "When it fails, look",
                "The votes behind a misread digit have a first suspect; and a right answer alone proves little.",
                needs_pictures="it looks for the reasons of a misread picture in its squares",
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
                "Three pixels and a neuron, in numbers: a row times a column, a matrix, and at last a = σ(Wa + b).",
                for_rows=(
                    "A layer in one line",
                    "A few numbers and a neuron: a row times a column, a matrix, and at last a = σ(Wa + b).",
                ),
            ),
            SceneEntry(
                "ARowTimesAColumn",
                "A row times a column, for real",
                "The network's own numbers: a row is laid beside the activations, and the sum swings to its end.",
                for_rows=(
                    "A row times a column, for real",
                    "The network's own numbers: a row is laid beside the activations, and the sum swings to its end.",
                ),
            ),
            SceneEntry(
                "AllRowsAtOnce",
                "All rows at once",
                "The frightening first layer, unrolled: the picture as one line, weights as rows; multiply and add.",
                needs_pictures="it unrolls a picture into one line",
            ),
            SceneEntry(
                "ShortAndFast",
                "Short and fast",
                "A layer's sums are one line of the network's own source; and how much longer a Python loop takes.",
                needs_pictures="it goes on from a picture unrolled into one line",
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
                "“It holds a number” was half the truth: it works one out, from the whole layer before.",
                for_rows=(
                    "A neuron is a function",
                    "“It holds a number” was half the truth: it works one out, from the whole layer before.",
                ),
            ),
            SceneEntry(
                "TheNetworkIsAFunction",
                "The network is a function",
                "The program we were looking for: the whole network is one function, and absurdly complicated.",
                for_rows=(
                    "The network is a function",
                    "The whole network is one function: a row of numbers goes in, an answer comes out.",
                ),
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
                "Does the first layer look for edges? How like our edge is what its neurons look for?",
                needs_pictures="it looks for edges in the pictures of the weights",
            ),
            SceneEntry(
                "LookingForLoops",
                "Looking for loops",
                "The pictures that the best loop neuron likes most: how many have a loop? And what about upper loops?",
                needs_pictures="it asks which neurons see loops in pictures",
            ),
            SceneEntry(
                "WhereItErrs",
                "Where it errs",
                "What trips it up: which class it takes for which, and the mistakes that it is surest of.",
                needs_pictures="it shows the pictures that are misread",
            ),
            SceneEntry(
                "SureOfNoise",
                "Sure of noise",
                "Pure noise goes in, and the network is sure that it sees something. It only ever met digits.",
                needs_pictures="it shows the network pictures of pure noise",
            ),
            SceneEntry(
                "StrokesOnRequest",
                "Patches on request",
                "The same training, but scattered weights count against it: do they gather, and what does that cost?",
                needs_pictures="it looks for patches in the pictures of the weights",
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
                "The sigmoid is old school. ReLU is simpler, and steeper wherever it is awake.",
                for_rows=(
                    "Sigmoid and ReLU",
                    "The sigmoid is old school. ReLU is simpler, and steeper wherever it is awake.",
                ),
            ),
            SceneEntry(
                "WhereTheGradientGoes",
                "Where the gradient goes",
                "One knob at the beginning of two deep networks is turned a little: how much of that reaches the end?",
                needs_pictures="its deep networks were trained on pictures",
            ),
            SceneEntry(
                "TrainedBothWays",
                "Trained both ways",
                "Sigmoids and ReLU, trained the same way at several depths: how deep can both go and still read?",
                needs_pictures="its deep networks were trained on pictures",
            ),
            SceneEntry(
                "TheEndOfTheChapter",
                "The end of the chapter",
                "The training runs backwards, and a network that knows nothing waits: how could it find its way?",
                needs_pictures="pictures gather around the network in it",
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
CARD_SUMMARY = "A part begins."


def film_subtitle(class_names: Sequence[str], takes_rows: bool = False) -> str:
    """The subtitle of the film, which depends on what the network reads: pictures, or the rows of a table."""
    if takes_rows:
        return "inside a network that reads rows of numbers"
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
            film.append(_card(part.number, part.title, f"PartCard{part.number}", CARD_SUMMARY))
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
