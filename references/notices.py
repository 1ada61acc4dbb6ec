"""Keeping what a list of retractions says of our references."""

from collections.abc import Iterable

from references.models import Notice, Reference
from references.retractions import Match, Ours


def ours() -> Ours:
    """Our references, for reading a list."""
    rows = Reference.objects.values_list("key", "doi", "pmid")
    return Ours(
        dois={doi: key for key, doi, _ in rows if doi},
        pmids={pmid: key for key, _, pmid in rows if pmid},
    )


def keep(matches: Iterable[Match]) -> list[Notice]:
    """Store the notices that are not known yet, and return those. Safe to do again."""
    matches = list(matches)
    references = {row.key: row for row in Reference.objects.filter(key__in={match.key for match in matches})}
    kept = (_keep(references[match.key], match) for match in matches if match.key in references)
    return [notice for notice, is_new in kept if is_new]


def _keep(reference: Reference, match: Match) -> tuple[Notice, bool]:
    act = match.act
    return Notice.objects.get_or_create(
        reference=reference,
        record=act.record,
        defaults={
            "is_notice": match.is_notice,
            "nature": act.nature,
            "made_on": act.made_on,
            "title": act.title,
            "notice_doi": act.notice_doi,
            "notice_pmid": act.notice_pmid,
            "reasons": "; ".join(act.reasons),
        },
    )
