"""Make docs/pictures/brief-nato.png: the top of the brief on NATO, as a browser shows it.

    python tools/pictures.py

It writes the brief with foedus as installed, opens it in a headless Chromium without a network, and checks that
the picture stays small in the repository. Needs `chromium` (or another name, see --browser) and Pillow;
neither is a dependency of foedus.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "pictures" / "brief-nato.png"
DAY = "2026-11-22"  # that of the record's last check, so that the picture changes only with the record
WIDTH, HEIGHT = 1000, 1330  # px
MOST_BYTES = 400_000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
)


def brief(folder: Path) -> Path:
    """The brief, written by this Python's foedus."""
    path = folder / "nato.html"
    code = "from foedus.cli import main; main()"
    command = [sys.executable, "-c", code, "brief", "nato", "--on", DAY, "-o", str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


def photographed(page: Path, folder: Path, browser: str) -> Path:
    """The first screen of `page` as a PNG."""
    path = folder / "page.png"
    command = [
        browser,
        *OPTIONS,
        f"--user-data-dir={folder / 'profile'}",
        f"--window-size={WIDTH},{HEIGHT}",
        f"--screenshot={path}",
        page.as_uri(),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
    return path


def reduce(path: Path, out: Path) -> int:
    """Write `path` without transparency to `out`; size in bytes. SystemExit when it is still too large."""
    from PIL import Image

    out.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(path) as image:
        image.convert("RGB").save(out, optimize=True)  # a palette would cost small states their colour
    size = out.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{out} has {size:,} bytes, more than {MOST_BYTES:,}; make it smaller: WIDTH, HEIGHT")
    return size


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the picture in README.md.")
    parser.add_argument("--browser", help=f"the browser's program; {', '.join(BROWSERS)} are tried without it")
    asked = parser.parse_args().browser
    browser = next((found for name in ([asked] if asked else BROWSERS) if (found := shutil.which(name))), None)
    if browser is None:
        parser.error(f"no browser found: {asked or ', '.join(BROWSERS)}")
    with tempfile.TemporaryDirectory(prefix="foedus-") as name:
        folder = Path(name)
        size = reduce(photographed(brief(folder), folder, browser), PICTURE)
    print(f"Wrote {PICTURE.relative_to(ROOT)} ({size / 1000:.0f} kB).")


if __name__ == "__main__":
    main()
