"""Look for secrets in what is under version control: `make check` runs it, and ends with status 1 if it finds one.

What only looks like a secret, as a pass phrase of tests does, is in .secrets.baseline, by file and hash, with the settings
of the search. After a look at each line that it names: `python -m audit.secrets --keep`.
"""

import argparse
import json
from pathlib import Path

from detect_secrets.core import baseline
from detect_secrets.core.scan import get_files_to_scan
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import configure_settings_from_baseline, transient_settings

from audit.site import ROOT

BASELINE = ROOT / ".secrets.baseline"


def found(files: list[str], root: Path = ROOT) -> SecretsCollection:
    """What looks like a secret in these files, by the settings of the baseline."""
    collection = SecretsCollection(root=str(root))
    for name in files:
        collection.scan_file(name)
    return collection


def unknown(collection: SecretsCollection, kept: dict) -> list[str]:
    """“file:line: what it looks like” of each that the baseline does not hold."""
    known = {(name, one["hashed_secret"]) for name, several in kept.items() for one in several}
    return [
        f"{name}:{secret.line_number}: {secret.type}"
        for name, secret in collection
        if (name, secret.secret_hash) not in known
    ]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m audit.secrets", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="write down all that is found as harmless")
    options = parser.parse_args()
    kept = json.loads(BASELINE.read_text())
    with transient_settings({}):
        configure_settings_from_baseline(kept, str(BASELINE))
        files = sorted(get_files_to_scan(".", root=str(ROOT)))
        collection = found(files)
        if options.keep:
            held = baseline.format_for_output(collection) | {"generated_at": "by python -m audit.secrets --keep"}
            # The library writes names with the folder in which this happens to be.
            BASELINE.write_text(json.dumps(held, indent=2).replace(f"{ROOT}/", "") + "\n")
            return
        lines = unknown(collection, kept["results"])
    print(*lines, f"{len(files)} files: {len(lines)} secrets.", sep="\n")
    raise SystemExit(bool(lines))


if __name__ == "__main__":
    main()
