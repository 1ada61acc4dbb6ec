"""Whole pages as one file: `export_bundle` and `import_bundle`. What it holds: docs/bundles.md."""
