"""Audit every kind of public page on a server of its own: markup and sheets, first load, Lighthouse on a phone.

`--markup` asks for the first only. Ends with status 1 if anything has to be mended. Needs Java, Node.js and Chromium.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from audit.first_load import WITH_SEARCH_BOX, first_loads
from audit.lighthouse import CATEGORIES, lighthouse
from audit.markup import markup_faults
from audit.site import ROOT, served

TOOLS = ROOT / ".venv" / "audit" / "node_modules"
LEAST = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}


def main() -> None:
    """Run the audits, show what they say, and end with status 1 if something falls short."""
    parser = argparse.ArgumentParser(prog="python -m audit", description=__doc__)
    parser.add_argument("--markup", action="store_true", help="markup and style sheets only")
    options = parser.parse_args()
    for program in ("java",) if options.markup else ("java", "node", "chromium"):
        if not shutil.which(program):
            raise SystemExit(f"{program} is not installed, so nothing was audited.")
    short = []
    with tempfile.TemporaryDirectory(prefix="sarcoma-audit-") as home, served() as site:
        checked, faults = markup_faults(site, TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar", Path(home))
        print(*faults, f"markup: {checked} files, {len(faults)} faults", sep="\n")
        short += faults
        if not options.markup:
            for name, load in first_loads(site).items():
                print(f"{name}: {load.requests} requests, {load.bytes / 1000:.1f} kB, {load.cookies} cookies")
                load.requests -= name in WITH_SEARCH_BOX
                short += [f"{name}: {fault}" for fault in load.faults]
            for name, scores in lighthouse(site, TOOLS / ".bin" / "lighthouse", Path(home)).items():
                print(name, *(f"{one} {scores[one]}" for one in CATEGORIES), *scores["faults"], sep="\n  ")
                short += [f"{name}: {one} {scores[one]}" for one in CATEGORIES if scores[one] < LEAST[one]]
    if short:
        raise SystemExit(f"{len(short)} things to mend: {'; '.join(short[:5])}")


if __name__ == "__main__":
    main()
