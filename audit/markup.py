"""What the Nu HTML checker says of every kind of page, and of the style sheets."""

import json
import subprocess
from pathlib import Path

from audit.site import KINDS, ROOT, fetched

# Of CSS Anchor Positioning (a W3C draft that browsers have), which the checker does not know yet. Behind @supports.
NOT_KNOWN_YET = ("anchor(", "anchor-", "position-")
SHEETS = ("sarcoma_site/static/site/site.css", "sarcoma_site/static/desk/desk.css")


def markup_faults(site: str, checker: Path, folder: Path) -> tuple[int, list[str]]:
    """How many files were checked, and each fault as “kind of page, line: what it is”.

    Takes the address of a running site, the checker's jar and a folder to write pages into. Raises SystemExit if the
    checker itself fails.
    """
    names = {}
    for number, (name, address) in enumerate(KINDS.items()):
        path = folder / f"{number}.html"
        path.write_bytes(fetched(site + address))
        names[str(path)] = name
    sheets = [ROOT / sheet for sheet in SHEETS]
    names |= {str(sheet): sheet.name for sheet in sheets}
    said = _checked(checker, *folder.glob("*.html")) + _checked(checker, "--css", *sheets)
    return len(names), [
        f"{names[one['url'].removeprefix('file:')]}, line {one.get('lastLine', '?')}: {one['message']}"
        for one in said
        if not (one["message"].startswith("CSS:") and any(name in one["message"] for name in NOT_KNOWN_YET))
    ]


def _checked(checker: Path, *arguments: object) -> list[dict]:
    command = ["java", "-jar", checker, "--exit-zero-always", "--format", "json", *arguments]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stderr)["messages"]
    except (ValueError, KeyError):
        raise SystemExit(f"The checker of markup failed: {done.stderr[-1000:] or done.stdout[-1000:]}") from None
