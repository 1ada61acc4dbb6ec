"""Whole pages as one file: `export_bundle` and `import_bundle`. What it holds: docs/bundles.md."""

from collections.abc import Callable, Iterable

Watch = Callable[[Iterable], Iterable]  # wraps what is walked through, e.g. in a progress bar
