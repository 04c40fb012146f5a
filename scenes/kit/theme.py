"""How everything looks, by its role: colours, widths, text sizes and times."""

from __future__ import annotations

# Colours
BACKGROUND = "#000000"
TEXT = "#FFFFFF"
QUIET_TEXT = "#A3ACBA"
TITLE = "#FFFFFF"
NEURON_OUTLINE = "#7F8A9C"
CELL_OUTLINE = "#39414D"
ACTIVATION = "#FFFFFF"
POSITIVE = "#4FB0FF"
NEGATIVE = "#FF5B4A"
NEUTRAL = "#C7CED9"
ANSWER = "#FFD34D"
WRONG = "#F2569F"
NEVER_SEEN = "#3A3D44"
UNKNOWN = "#A3ACBA"
# The parts of something taken apart, in order; and the cells flooded in the search for holes.
PARTS = ("#FFB454", "#5FD7C5", "#D59BF6", "#A5D86A", "#FF9EAF", "#9DB8FF")
FLOODED = "#33445E"
# Two pictures laid over each other; where both are bright, they are white.
OVERLAID = ("#FF6FD8", "#5CF08A")
# The loops and lines of a digit; and its edges, by the way they run.
LOOP, LINE = PARTS[:2]
DIRECTIONS = PARTS[2:]

# The functions that are compared.
SIGMOID, RELU = "#D59BF6", "#A5D86A"

# The parts of a formula, the same in every scene
WEIGHTS_SYMBOL = "#63D8B8"
BIASES_SYMBOL = "#F5A6E8"
ACTIVATIONS_SYMBOL = "#FFD34D"
SUMS_SYMBOL = "#FFFFFF"

# Widths, in manim's unit of a hundredth of a unit of length
CONNECTION_WIDTH = 0.7
NEURON_OUTLINE_WIDTH = 1.5
CELL_OUTLINE_WIDTH = 0.5
MARK_WIDTH = 4.0

# Levels, from the back: manim's z indices
CAPTION_LEVEL = -20
CONNECTIONS_LEVEL = -10

# Text sizes, in pixels of a frame 1080 pixels high
TITLE_SIZE = 56
CAPTION_SIZE = 46
BURNED_SIZE = 38
LABEL_SIZE = 40
NOTE_SIZE = 36
# What is smaller is not read on a phone, so in the lesson nothing smaller carries meaning.
SMALLEST_SIZE = 36
# The kit draws nothing smaller. In the lesson it is for figures that only show how many there are, and are not to be
# read one by one; see `kit.mobjects.text.as_texture`.
TEXTURE_SIZE = 24

# Times, in seconds
QUICK = 0.5
STEP = 1.0
FLOW = 1.75
# The pause after something was said.
BREATH = 0.2
# How long the last picture of a scene stays after that.
TAIL = 0.8
