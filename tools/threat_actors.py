"""Write src/foedus/cyber/data/actors.csv and actors.toml from the installed galaxy and ATT&CK packages.

    python tools/threat_actors.py [--check] [--clusters DIR] [--earlier PACKAGE]

--clusters: the clusters folder of another copy of the galaxy. --check writes nothing and fails when the table differs.
--earlier: write earlier.csv and earlier.toml, against which later reports are held; PACKAGE says where DIR is from.
A name that nobody has reviewed stops it: add a row to src/foedus/cyber/data/victims.csv first.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path

from foedus.cyber.actors import origin, table_text
from foedus.cyber.attack import load_attack
from foedus.cyber.galaxy import clusters_folder, load_misp_galaxy

DATA = Path(__file__).resolve().parents[1] / "src" / "foedus" / "cyber" / "data"


def main(arguments: list[str]) -> int:
    """Write or check; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--clusters", type=Path)
    parser.add_argument("--earlier", metavar="PACKAGE")
    given = parser.parse_args(arguments)
    table = "earlier" if given.earlier else "actors"
    folder = given.clusters or clusters_folder()
    attack = load_attack()
    galaxy = load_misp_galaxy(folder, attack.groups)
    text = table_text(galaxy.actors)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    if given.check:
        print("as shipped" if sha256 == origin(table).table_sha256 else f"differs: sha256 {sha256}")
        return int(sha256 != origin(table).table_sha256)
    facts = {
        "package": given.earlier or "" if given.clusters else f"pymispgalaxies {version('pymispgalaxies')}",
        "galaxy_version": galaxy.version,
        "galaxy_sha256": hashlib.sha256((folder / "threat-actor.json").read_bytes()).hexdigest(),
        "attack_version": attack.version,
        "table_sha256": sha256,
        "read_on": date.today().isoformat(),
    }
    (DATA / f"{table}.csv").write_text(text, encoding="utf-8")
    (DATA / f"{table}.toml").write_text(
        f"# Written by tools/threat_actors.py: where {table}.csv is from.\n"
        + "".join(f"{k} = {v if isinstance(v, int) else chr(34) + str(v) + chr(34)}\n" for k, v in facts.items()),
        encoding="utf-8",
    )
    print(f"{len(galaxy.actors)} of {galaxy.n_actors} actors of galaxy version {galaxy.version}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
