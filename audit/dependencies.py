"""Ask whether a version that we depend on has a hole that is known: `make check` runs it, on requirements.txt.

Ends with status 1 if one has. On a machine from which no database of such holes can be asked it says so, and that nothing
was audited, with status 0: a machine without the internet can still check all else.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from audit.site import ROOT

SERVICES = ("pypi", "osv")  # pip-audit's names of the databases, the second for when the first does not answer


def told(report: dict) -> tuple[str, int]:
    """What a report of pip-audit comes to, in words, and the exit status: 1 if something has to be mended."""
    dependencies = report["dependencies"]
    skipped = [one["name"] for one in dependencies if "skip_reason" in one]
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version yet'}"
        for one in dependencies
        for hole in one.get("vulns", [])
    ]
    lines = [*holes, f"{len(dependencies) - len(skipped)} dependencies audited: {len(holes)} known holes."]
    if skipped:
        lines.append(f"NOT audited, because the database does not tell of them: {', '.join(skipped)}.")
    return "\n".join(lines), 1 if holes else 0


def asked(service: str, requirements: Path) -> dict | None:
    """The report on a compiled file of requirements; None if the database does not answer."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            sys.executable,
            "-m",
            "pip_audit",
            "--requirement",
            requirements,
            "--require-hashes",
            "--disable-pip",
        ]
        command += ["--vulnerability-service", service, "--format", "json", "--output", report]
        done = subprocess.run(
            [*command, "--progress-spinner", "off", "--timeout", "10"], capture_output=True, text=True, timeout=600
        )
        if not report.exists() or not report.read_text().strip():
            if "connect" not in done.stderr.lower() and "resolve" not in done.stderr.lower():
                raise SystemExit(f"pip-audit failed, so nothing was audited:\n{done.stderr[-2000:]}")
            return None
        found = json.loads(report.read_text())
    return found if any("skip_reason" not in one for one in found["dependencies"]) else None


def main() -> None:
    for service in SERVICES:
        report = asked(service, ROOT / "requirements.txt")
        if report is not None:
            said, status = told(report)
            print(said)
            raise SystemExit(status)
    print("NO DEPENDENCY WAS AUDITED: no database of known holes answers this machine. Run it where one does.")


if __name__ == "__main__":
    main()
