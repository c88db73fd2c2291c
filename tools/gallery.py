"""Pictures of the workbench for docs/gallery: every page, light and dark, on a desk and on a telephone.

Run `python tools/gallery.py` (needs Playwright and a Chromium; --all keeps every picture, for a critical look).
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
PAGES = {
    "atlas": "/?on=1914-06-28",
    "atlas-chosen": "/?year=1986&state=USA",
    "treaties": "/treaties?on=2026-01-01",
    "treaty": "/treaties/nato-1949?on=2024-06-01",
    "states": "/states?on=1914-06-28",
    "state": "/states/POL?on=2026-01-01",
    "casus": "/casus?attacker=RUS&target=EST&on=2026-01-01",
    "casus-empty": "/casus",
    "casus-1914": "/casus?attacker=AUH&target=YUG&on=1914-07-28&kind=declaration_of_war",
    "futures": "/futures?scenario=us-leaves-nato&on=2024-06-01",
    "cyber": "/cyber?on=2024-06-01",
    "strategy": "/strategy?on=2024-06-01",
    "powers": "/powers?on=2026-01-01",
    "data": "/data",
    "why": "/why?q=nato+burden_share+poland&on=2026-01-01",
    "model": "/model",
    "runs": "/runs",
    "api": "/api",
    "error": "/treaties/nathoo",
}
KEPT = (
    "atlas-1600-light",
    "atlas-chosen-1600-dark",
    "treaty-1600-light",
    "casus-1600-light",
    "casus-400-dark",
    "state-400-light",
)
SIZES = {1600: 1000, 400: 860}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="DIR", help="write every picture, of the whole page, to DIR")
    parser.add_argument("--only", nargs="*", metavar="PAGE", help=f"only these of: {', '.join(PAGES)}")
    args = parser.parse_args()
    folder = args.all or ROOT / "docs" / "gallery"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        port = free_port()
        server = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from foedus.cli import main; main()",
                "serve",
                f"--port={port}",
                f"--runs={scratch}/runs",
            ],
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api")
            with sync_playwright() as play:
                chromium = next(path for path in CHROMIUM if Path(path).exists())
                browser = play.chromium.launch(executable_path=chromium, args=["--disable-gpu", "--disable-quic"])
                take(browser, f"http://127.0.0.1:{port}", folder, args.only or list(PAGES), whole=bool(args.all))
                browser.close()
        finally:
            server.terminate()
            server.wait(10)


def take(browser: Browser, base: str, folder: Path, names: list[str], *, whole: bool) -> None:
    """Each page in both themes and sizes; only those that the gallery keeps, unless `whole`."""
    for width, height in SIZES.items():
        for theme in ("light", "dark"):
            wanted = [n for n in names if whole or f"{n}-{width}-{theme}" in KEPT]
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce"
            )
            page = context.new_page()
            for name in wanted:
                wait_for(base + PAGES[name], 600)
                page.goto(base + PAGES[name], wait_until="networkidle", timeout=120_000)
                if whole:
                    show_all_charts(page)
                path = folder / f"{name}-{width}-{theme}.png"
                page.screenshot(path=path, full_page=whole)
                print(path.name, f"{path.stat().st_size / 1e3:.0f} kB", flush=True)
            context.close()


def show_all_charts(page: object) -> None:
    """Scroll through the page so that charts which are drawn when seen are drawn."""
    page.evaluate("for (const i of document.images) i.loading = 'eager'")  # type: ignore[attr-defined]
    page.wait_for_load_state("networkidle", timeout=120_000)  # type: ignore[attr-defined]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                if answer.status == 200:  # 202: it is being made
                    return
        except urllib.error.HTTPError:
            return  # a page that tells of an error is one too
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit(f"{address} did not answer within {seconds:.0f} s")


if __name__ == "__main__":
    main()
