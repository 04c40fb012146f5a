"""Firefox and WebKit as Debian has them, driven as the W3C describes: by WebDriver BiDi, and by WebDriver.

Playwright drives its own builds of them only, so what is needed of both protocols is here: open a page, run a script
in it, press keys, move the mouse.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from websockets.sync.client import ClientConnection, connect

from tests.needs import FIREFOX, minibrowser
from tests.processes import start

# Nothing of this is asked of the internet: a test looks at one page, and from disk.
PREFERENCES = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.disable_open_during_load": False,
    "extensions.update.enabled": False,
    "media.autoplay.default": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
# The keys that WebDriver names by a character of their own.
KEYS = {
    "Space": " ",
    "Enter": "\ue007",
    "End": "\ue010",
    "Home": "\ue011",
    "ArrowLeft": "\ue012",
    "ArrowRight": "\ue014",
    "PageUp": "\ue00e",
    "PageDown": "\ue00f",
}
PATIENCE = 60.0
Actions = list[dict[str, Any]]


class BrowserError(Exception):
    """What a browser said, instead of doing what it was asked for."""


class Driver(Protocol):
    """What both protocols do."""

    def goto(self, address: str) -> None:
        """Open a page, and wait until it has loaded."""

    def evaluate(self, expression: str) -> Any:
        """The value of an expression of the page, which may be a promise; what JSON can hold."""

    def perform(self, actions: Actions) -> None:
        """Keys and pointers, in the form that both protocols share."""


class Browser:
    """A page in a browser, by the hands of a person."""

    def __init__(self, name: str, driver: Driver) -> None:
        self.name, self.driver = name, driver
        self.goto, self.evaluate = driver.goto, driver.evaluate

    def wait_for(self, expression: str, patience: float = PATIENCE) -> None:
        """Wait until an expression of the page is true. patience: how long at most, in seconds."""
        end = time.monotonic() + patience
        while not self.evaluate(f"Boolean({expression})"):
            if time.monotonic() > end:
                raise BrowserError(f"{self.name}: not within {patience:.0f} s: {expression}")
            time.sleep(0.05)

    def press(self, *keys: str) -> None:
        """Press keys, by their names in `KEYS` or as what they type."""
        strokes = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        self.driver.perform([{"type": "key", "id": "keyboard", "actions": strokes}])

    def drag(self, places: Sequence[tuple[float, float]]) -> None:
        """Draw with the mouse, through places in pixels of the window; a single one is clicked."""

        def move(place: tuple[float, float], duration: int) -> dict[str, Any]:
            return {"type": "pointerMove", "x": round(place[0]), "y": round(place[1]), "duration": duration}

        moves = [move(place, 60) for place in places[1:]]
        down, up = ({"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp"))
        hand = [move(places[0], 0), down, *moves, up]
        mouse = {"pointerType": "mouse"}
        self.driver.perform([{"type": "pointer", "id": "mouse", "parameters": mouse, "actions": hand}])

    def click(self, element: str) -> None:
        """Click an element, given as an expression of the page."""
        box = self.box(element)
        self.drag([(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)])

    def box(self, element: str) -> dict[str, float]:
        """Where an element stands in the window, once it has been scrolled to the middle of it."""
        code = (
            f"(one => {{ one.scrollIntoView({{ block: 'center' }}); return one.getBoundingClientRect() }})({element})"
        )
        return dict(self.evaluate(code))


def button(words: str, within: str = "document") -> str:
    """The button with these words, as an expression of the page."""
    return f"[...{within}.querySelectorAll('button')].find((one) => one.textContent.trim() === {json.dumps(words)})"


# --------------------------------------------------------------------------------------------------------- Firefox


class Bidi:
    """Firefox, through its own WebDriver BiDi port."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.number = 0
        self._command("session.new", {"capabilities": {}})
        self.context = self._command("browsingContext.getTree", {})["contexts"][0]["context"]

    def _command(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self.socket.recv(timeout=PATIENCE))
            if told.get("id") != self.number:
                continue  # an event
            if told["type"] == "error":
                raise BrowserError(f"Firefox, {method}: {told['error']}: {told['message']}")
            return dict(told["result"])

    def goto(self, address: str) -> None:
        self._command("browsingContext.navigate", {"context": self.context, "url": address, "wait": "complete"})

    def evaluate(self, expression: str) -> Any:
        told = self._command(
            "script.evaluate",
            {
                "expression": f"(async () => JSON.stringify((await ({expression})) ?? null))()",
                "target": {"context": self.context},
                "awaitPromise": True,
                "userActivation": False,
            },
        )
        if told["type"] == "exception":
            raise BrowserError(f"Firefox: {told['exceptionDetails']['text']}: {expression}")
        return json.loads(told["result"]["value"])

    def perform(self, actions: Actions) -> None:
        self._command("input.performActions", {"context": self.context, "actions": actions})


@contextlib.contextmanager
def firefox(folder: Path) -> Iterator[Browser]:
    """The system's Firefox, without a window, with a new profile in a folder."""
    program = next(filter(None, map(shutil.which, FIREFOX)))
    profile = folder / "profile"
    profile.mkdir()
    lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items())
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    words = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0"]
    words += ["--width=1280", "--height=900"]
    said = folder / "firefox.log"
    with said.open("wb") as log, _running(words, folder, stderr=log):
        address = _line_of(said, r"WebDriver BiDi listening on (\S+)")
        with connect(f"{address}/session", max_size=None, ping_interval=None) as opened:
            yield Browser("Firefox", Bidi(opened))


# ---------------------------------------------------------------------------------------------------------- WebKit


class Classic:
    """WebKit's own small browser, through WebKitWebDriver."""

    def __init__(self, address: str, program: Path) -> None:
        self.address = address
        options = {"binary": str(program), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        self.session = self._command("POST", "/session", wanted)["sessionId"]
        self._tell("/timeouts", {"script": int(1000 * PATIENCE)})
        self._tell("/window/rect", {"width": 1280, "height": 900})

    def _command(self, method: str, path: str, parameters: dict[str, Any]) -> Any:
        data = json.dumps(parameters).encode()
        request = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=2 * PATIENCE) as answer:
                return json.loads(answer.read())["value"]
        except urllib.error.HTTPError as error:
            told = json.loads(error.read())["value"]
            raise BrowserError(f"WebKit, {path}: {told['error']}: {told['message']}") from None

    def _tell(self, path: str, parameters: dict[str, Any]) -> Any:
        return self._command("POST", f"/session/{self.session}{path}", parameters)

    def goto(self, address: str) -> None:
        self._tell("/url", {"url": address})

    def evaluate(self, expression: str) -> Any:
        code = f"""const done = arguments[0];
            (async () => (await ({expression})) ?? null)().then(
                (value) => done({{ value: JSON.stringify(value) }}), (error) => done({{ error: String(error) }}));"""
        told = self._tell("/execute/async", {"script": code, "args": []})
        if "error" in told:
            raise BrowserError(f"WebKit: {told['error']}: {expression}")
        return json.loads(told["value"])

    def perform(self, actions: Actions) -> None:
        self._tell("/actions", {"actions": actions})

    def close(self) -> None:
        with contextlib.suppress(BrowserError, OSError):
            self._command("DELETE", f"/session/{self.session}", {})


@contextlib.contextmanager
def webkit(folder: Path) -> Iterator[Browser]:
    """The system's WebKit, on a screen that nobody sees."""
    program = minibrowser()
    assert program is not None
    said = folder / "screen.log"
    screen = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    with said.open("wb") as log, _running(screen, folder, stdout=log):
        display, port = _line_of(said, r"(\d+)\n"), _free_port()
        words = ["WebKitWebDriver", f"--port={port}"]
        with _running(words, folder, env={"DISPLAY": f":{display}", "GDK_BACKEND": "x11"}):
            _until(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/status", timeout=5).close())
            driver = Classic(f"http://127.0.0.1:{port}", program)
            yield Browser("WebKit", driver)
            driver.close()


# -------------------------------------------------------------------------------------------------------- processes


@contextlib.contextmanager
def _running(
    words: list[str], home: Path, env: dict[str, str] | None = None, **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """A program that runs until the block ends. home: its home folder, so that it reads and writes no other."""
    surroundings = {**os.environ, "HOME": str(home), **(env or {})}
    options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options}
    process = start(words, env=surroundings, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _line_of(file: Path, pattern: str) -> str:
    """What a program says in a line of this form, once it does."""
    end = time.monotonic() + PATIENCE
    while not (found := re.search(pattern, file.read_text(errors="replace"))):
        if time.monotonic() > end:
            raise BrowserError(f"{file.stem} said nothing like {pattern!r}: {file.read_text(errors='replace')}")
        time.sleep(0.05)
    return found[1]


def _until(attempt: Callable[[], object]) -> None:
    """Try until it works."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            attempt()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
