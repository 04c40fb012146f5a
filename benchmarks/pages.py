"""How the lesson's page does in Lighthouse, on the profile of a phone."""

from __future__ import annotations

import functools
import gzip
import http.server
import json
import shutil
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.processes import ROOT, ProcessError
from benchmarks.table import Row, Section, not_run

SENTENCE = (
    "the lesson's page in Lighthouse, as a phone with a slow line loads it: the median mark of several runs, and "
    "what is loaded before anybody scrolls."
)
MARKS = {"performance": "speed", "accessibility": "accessibility", "best-practices": "best practices", "seo": "search"}
LEAST, MOST_BYTES = 95, 600_000
LIGHTHOUSE = ROOT / "benchmarks" / "npm" / "node_modules" / "lighthouse" / "cli" / "index.js"


def measure(media: Path, quick: bool = False) -> Section:
    """Run Lighthouse on an export. media: a media folder that holds one."""
    place = media / "export"
    if not LIGHTHOUSE.exists() or shutil.which("node") is None:
        return not_run("pages", SENTENCE, "Lighthouse is not installed: npm ci --prefix benchmarks/npm")
    if not (place / "index.html").exists():
        return not_run("pages", SENTENCE, "there is no export; first run ./knobs lesson")
    with served(place) as address:
        reports = [report(f"{address}/index.html") for _ in range(1 if quick else 5)]
    rows = []
    for mark, name in MARKS.items():
        found = statistics.median(100 * one["categories"][mark]["score"] for one in reports)
        rows.append(Row(f"Lighthouse, {name}", f"{found:.0f} of 100", reach=f"≥ {LEAST}", met=found >= LEAST))
    items = reports[-1]["audits"]["network-requests"]["details"]["items"]
    items = [item for item in items if not item["url"].startswith("data:")]
    size = sum(item["resourceSize"] for item in items)
    sent = sum(item["transferSize"] for item in items)
    loaded = f"{size / 1e3:.0f} kB in {len(items)} requests, sent as {sent / 1e3:.0f} kB"
    return Section("pages", SENTENCE, [*rows, Row("first load", loaded, reach="≤ 600 kB", met=size <= MOST_BYTES)])


def report(address: str) -> dict:
    """What Lighthouse says of a page. ProcessError if it cannot."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "report.json"
        chrome = "--headless=new --no-sandbox --disable-gpu"
        words = ["node", str(LIGHTHOUSE), address, "--quiet", "--output=json", f"--output-path={told}"]
        done = subprocess.run([*words, f"--chrome-flags={chrome}"], capture_output=True, text=True)
        if done.returncode:
            raise ProcessError(f"lighthouse:\n{done.stderr[-2000:]}")
        return dict(json.loads(told.read_bytes()))


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server that compresses pages, as nearly all do, and does not tell what it is asked for."""

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path))
        if file.suffix not in (".html", ".js", ".css") or not file.is_file():
            super().do_GET()
            return
        data = gzip.compress(file.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(place: Path) -> Iterator[str]:
    """The address of a folder on a server."""
    handler = functools.partial(Quiet, directory=str(place))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
