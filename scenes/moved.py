"""Says where each name went when network and scenes were sorted into folders, instead of "No module named …"."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
# Where a name is looked for if the modules that took its old one's place do not have it.
_ELSEWHERE = ("scenes/kit", "network/analysis", "network", "scenes/stage", "scenes")

_KIT, _MOBJECTS, _ANIMATIONS, _STAGE = "scenes.kit", "scenes.kit.mobjects", "scenes.kit.animations", "scenes.stage"
_STAYED_AMONG_MOBJECTS = (
    "array_mobject",
    "brackets",
    "cells",
    "code_panel",
    "confusion",
    "connections",
    "dials",
    "glyphs",
    "long_number",
    "matrix",
    "network_diagram",
    "numbers",
    "outlines",
    "pixel_grid",
    "running_sum",
    "symbols",
    "waveform",
    "weight_heatmap",
    "weighted_sum",
)

# Old module -> the modules that took its place.
MODULES: dict[str, tuple[str, ...]] = {
    "network.comparison": ("network.analysis.comparison",),
    "network.depth": ("network.analysis.depth",),
    "network.detectors": ("network.analysis.detectors",),
    "network.distances": ("network.analysis.distances",),
    "network.explain": ("network.analysis.explain", "network.analysis.comparison"),
    "network.knobs": ("network.analysis.knobs",),
    "network.locality": ("network.analysis.locality",),
    "network.loops": ("network.analysis.loops",),
    "network.noise": ("network.analysis.noise",),
    "network.parts": ("network.analysis.parts",),
    "network.sound": ("network.analysis.speech",),
    "network.timing": ("network.analysis.timing",),
    "scenes.animations": tuple(f"{_ANIMATIONS}.{name}" for name in ("forward_pass", "pixels", "replay_training")),
    "scenes.camera": (f"{_KIT}.camera",),
    "scenes.caption": (f"{_STAGE}.caption",),
    "scenes.film_script": ("scenes.syllabus",),
    "scenes.gallery": (f"{_KIT}.gallery",),
    "scenes.layout": (f"{_KIT}.layout",),
    "scenes.lesson_scene": (
        f"{_STAGE}.lesson_scene",
        f"{_STAGE}.renderer",
        f"{_STAGE}.file_writer",
        f"{_STAGE}.mp4",
        f"{_STAGE}.inputs",
        "network.files",
    ),
    "scenes.matrix_animations": (f"{_ANIMATIONS}.matrix_sweep",),
    "scenes.matrix_layout": (f"{_KIT}.matrix_layout",),
    "scenes.mobjects": (),
    **{f"scenes.mobjects.{name}": (f"{_MOBJECTS}.{name}",) for name in _STAYED_AMONG_MOBJECTS},
    "scenes.mobjects.drawing": (f"{_KIT}.rasteriser",),
    "scenes.mobjects.plots": (
        *(f"{_MOBJECTS}.{name}" for name in ("axes", "function_plot", "number_line", "learning_curve", "counter")),
        *(f"{_ANIMATIONS}.{name}" for name in ("run_along", "squish", "reveal_curves", "count_up")),
    ),
    "scenes.mobjects.typesetting": (f"{_MOBJECTS}.text",),
    "scenes.places": ("scenes.settings",),
    "scenes.reads": (f"{_STAGE}.input_log",),
    "scenes.sources": (f"{_STAGE}.code_fingerprint",),
    "scenes.theme": (f"{_KIT}.theme",),
}
# What has another name now.
RENAMED = {
    ("scenes.mobjects.array_mobject", "checked"): (f"{_KIT}.validation", "validate_array"),
    ("scenes.mobjects.numbers", "written"): ("scenes.wording", "number"),
}


class MovedModules(MetaPathFinder, Loader):
    """Finds modules that no longer exist, and says of each name asked of them where it is now.

    modules: old module -> the modules that took its place, the most likely first; a package of old modules has none.
    renamed: (old module, old name) -> (new module, new name).
    """

    def __init__(
        self,
        modules: Mapping[str, Sequence[str]],
        renamed: Mapping[tuple[str, str], tuple[str, str]],
    ) -> None:
        self.modules, self.renamed = modules, renamed

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        is_package = any(module.startswith(f"{name}.") for module in self.modules)
        return ModuleSpec(name, self, is_package=is_package) if name in self.modules else None

    def exec_module(self, module: ModuleType) -> None:
        module.__getattr__ = partial(self.tell, module.__name__)  # type: ignore[method-assign]

    def tell(self, module: str, name: str) -> None:
        """ImportError with the new place of a name; AttributeError for what Python itself asks of a module."""
        places = self.modules[module]
        if name == "__all__" and places:
            raise ImportError(f"{module} has moved to {', '.join(places)}; import from there", name=module)
        if name.startswith("__") or f"{module}.{name}" in self.modules:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        new = self.renamed.get((module, name)) or (_module_with(name, places), name)
        if new[0]:
            raise ImportError(f"{module}.{name} has moved; write: from {new[0]} import {new[1]}", name=module)
        place = f"; its names are now in {', '.join(places)}" if places else ""
        raise ImportError(f"{module} is gone, and nothing is called {name!r} any more{place}", name=module)


def announce() -> None:
    """From now on, let the old modules say where their names are. It costs nothing until one is imported."""
    sys.meta_path.append(MovedModules(MODULES, RENAMED))


def names_of(package: str) -> Callable[[str], None]:
    """A `__getattr__` for a package that was once a module: it says which module a name is in now."""

    def tell(name: str) -> None:
        if not name.startswith("_") and not (ROOT / _path(package) / f"{name}.py").exists():
            own = (ROOT / _path(package)).glob("*.py")
            module = _module_with(name, [f"{package}.{file.stem}" for file in sorted(own)])
            if module:
                raise ImportError(f"{package}.{name} has moved; write: from {module} import {name}", name=package)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return tell


def _module_with(name: str, places: Sequence[str]) -> str:
    """The first module that defines a name: among these, then anywhere; empty if there is none."""
    files = [ROOT / f"{_path(place)}.py" for place in places]
    files += [file for folder in _ELSEWHERE for file in sorted((ROOT / folder).rglob("*.py"))]
    # class name, def name, name = …, name: type = …, or name among several, other = …
    assigned = rf"^(?:\w+, )*{name}(?:, \w+)*(?::[^=\n]*)? = "
    defines = re.compile(rf"^(?:class|def) {name}\b|{assigned}", re.MULTILINE)
    found = (file for file in files if file.exists() and defines.search(file.read_text(encoding="utf-8")))
    file = next(found, None)
    return "" if file is None else file.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")


def _path(module: str) -> str:
    return module.replace(".", "/")
