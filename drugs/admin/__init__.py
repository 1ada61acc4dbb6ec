"""The desks of this subject's working copies, one file each."""

from drugs.admin import conditions, drugs, glossary, guides, indications, references  # noqa: F401 (each registers its desks)
