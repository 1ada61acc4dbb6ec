"""That `make bench` runs, and names what it measured. How fast is not asserted: machines differ."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_benchmark_runs_and_writes_what_it_measured(tmp_path):
    figures = tmp_path / "bench.json"
    command = [sys.executable, "-m", "bench", "--quick", "--json", str(figures)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(figures.read_text())
    assert set(result["pages"]) == {"home", "guide", "drug", "history", "as-of"}
    assert all(row["ms"] > 0 and row["queries"] > 0 for row in result["pages"].values())
    assert {"submit", "review", "publish", "verify_editions"} <= set(result["actions"])
    assert "ratio" in done.stdout
