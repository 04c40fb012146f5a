"""Says where each name went when network and scenes were sorted into folders, instead of "No module named …".

Each package announces its own old modules when it is imported. This module imports nothing of ours.
"""

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
_ELSEWHERE = ("scenes/kit", "network/analysis", "network", "scenes/stage", "scenes/voice", "scenes")

# Old module -> the modules that took its place; see `MovedModules`.
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
}
# What has another name now: (old module, old name) -> (new module, new name).
RENAMED = {
    ("network.detectors", "random_settings"): ("network.analysis.detectors", "random_weights"),
    ("network.sound", "Piece"): ("network.analysis.speech", "SpeechUnit"),
    ("network.sound", "take_apart"): ("network.analysis.speech", "cut_into_sounds"),
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
            raise ImportError(_moved(module, name, *new), name=module)
        place = f"; its names are now in {', '.join(places)}" if places else ""
        raise ImportError(f"{module} is gone, and nothing is called {name!r} any more{place}", name=module)


def announce(
    modules: Mapping[str, Sequence[str]],
    renamed: Mapping[tuple[str, str], tuple[str, str]],
) -> None:
    """From now on, let old modules say where their names are; arguments as for `MovedModules`.

    It costs nothing until one is imported.
    """
    sys.meta_path.append(MovedModules(modules, renamed))


def names_moved(module: str, names: Mapping[str, tuple[str, str]]) -> Callable[[str], None]:
    """A `__getattr__` for a module that some names have left. names: old name -> (new module, new name)."""

    def tell(name: str) -> None:
        if name in names:
            raise ImportError(_moved(module, name, *names[name]), name=module)
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return tell


def names_of(package: str) -> Callable[[str], None]:
    """A `__getattr__` for a package that was once a module: it says which module a name is in now."""

    def tell(name: str) -> None:
        if not name.startswith("_") and not (ROOT / _path(package) / f"{name}.py").exists():
            own = (ROOT / _path(package)).glob("*.py")
            module = _module_with(name, [f"{package}.{file.stem}" for file in sorted(own)])
            if module:
                raise ImportError(_moved(package, name, module, name), name=package)
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return tell


def _moved(module: str, name: str, new_module: str, new_name: str) -> str:
    return f"{module}.{name} has moved; write: from {new_module} import {new_name}"


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
