"""What Lighthouse says of a guide, a drug and a condition, with its settings for a phone on a slow line."""

import json
import os
import shutil
import subprocess
from pathlib import Path

from audit.site import KINDS

ASKED = ("guide", "drug", "condition")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
CHROMIUM = (
    "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run"
)


def lighthouse(site: str, program: Path, folder: Path) -> dict[str, dict]:
    """Scores from 0 to 100 by kind of page and category, and under “faults” what cost points outside performance.

    Performance is simulated by Lighthouse and differs from run to run; the others do not.
    """
    return {name: _asked(f"{site}{KINDS[name]}", program, folder / f"{name}.json") for name in ASKED}


def _asked(address: str, program: Path, report: Path) -> dict:
    command = [program, address, "--quiet", "--output=json", f"--output-path={report}"]
    command += [f"--chrome-flags={CHROMIUM}", f"--only-categories={','.join(CATEGORIES)}"]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    done = subprocess.run(list(map(str, command)), env=environment, capture_output=True, text=True, check=False)
    if not report.exists():
        raise SystemExit(f"Lighthouse failed on {address}: {done.stderr[-1000:]}")
    said = json.loads(report.read_text())
    scores: dict = {name: round((said["categories"][name]["score"] or 0) * 100) for name in CATEGORIES}
    scores["faults"] = [
        f"{one['id']}: {said['audits'][one['id']]['title']}"
        for name in CATEGORIES[1:]
        for one in said["categories"][name]["auditRefs"]
        if one["weight"] and said["audits"][one["id"]]["score"] not in (None, 1)
    ]
    return scores
