"""The pictures: how the network of the lesson is drawn and moved."""

import sys

try:
    from network.moved import announce
except ModuleNotFoundError as problem:
    # In somebody's own folder, with manim's own command, their network.py is found before ours.
    _found = getattr(sys.modules.get("network"), "__file__", None)
    if _found is None:
        raise
    raise ImportError(
        f"{_found} has the name of a package of Knobs and is found before it; rename yours, for example my_network.py"
    ) from problem
from scenes.moved import MODULES, RENAMED

announce(MODULES, RENAMED)
