"""That `make bench` runs, and names what it measured. How fast is not asserted: machines differ."""

import json
import os
import subprocess
import sys
from pathlib import Path

ACTIONS = {
    "save a criterion",
    "submit",
    "review",
    "publish",
    "verify_editions",
    "compare two editions",
    "draw a leaflet",
    "export drugs",
    "preview an import of drugs",
}
ROOT = Path(__file__).resolve().parent.parent


def test_the_benchmark_runs_writes_what_it_measured_and_leaves_nothing_behind(tmp_path):
    figures = tmp_path / "bench.json"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-m", "bench", "--quick", "--json", str(figures)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "TMPDIR": str(temporary)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(figures.read_text())
    assert set(result["pages"]) == {"home", "guide", "drug", "drug-cited", "history", "as-of"}
    assert all(row["ms"] > 0 and row["constant_ms"] > 0 and row["queries"] > 0 for row in result["pages"].values())
    assert set(result["actions"]) == ACTIONS and all(value > 0 for value in result["actions"].values())
    assert all(row["ms"] > 0 and row["plain_ms"] > 0 for row in result["plain"].values())
    imports = result["imports"]
    assert set(imports["beside"]) == {"preview and confirm", "unchanged again"}
    assert all(row["queries"] < row["library_queries"] and row["ratio"] > 0 for row in imports["beside"].values())
    assert imports["rows"] > 0 and imports["peak_mb"] > 0 and imports["with_authors"]["queries"] > 0
    served = result["served"]
    if "skipped" not in served:
        assert {"page", "304", "a WSGI callable", "a Django view"} <= set(served["at"]["8"])
        assert all(row["per_second"] > 0 for row in served["at"]["8"].values())
    assert set(result["machine"]) >= {"cores", "python", "django", "sqlite"}
    assert not list(temporary.iterdir())
    assert "ratio" in done.stdout


def test_growth_is_measured_on_sites_of_several_sizes(tmp_path):
    figures = tmp_path / "growth.json"
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [sys.executable, "-m", "bench", "growth", "--quick", "--json", str(figures)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "TMPDIR": str(temporary)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    growth = json.loads(figures.read_text())["growth"]
    assert growth["sizes"] == [10, 20] and {"drug", "drugs A–Z", "desk", "publish"} <= set(growth["ms"])
    assert all(len(times) == 2 and min(times) > 0 for times in growth["ms"].values())
    assert not list(temporary.iterdir()) and "by CPU" in done.stdout
