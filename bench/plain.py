"""A drug's page as it is usually written: from the normalised tables, with what Django recommends to fetch them at once.

It shows the words of the drug and its sources, and none of what an edition adds: no glossary, no marks on sources, no history,
nothing for machines. What our pages are measured against where they are not kept.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from drugs.models import Drug
from editions.models import Review

_ROWS = (
    "names",
    "alerts__citations__reference__authors",
    "citations__reference__authors",
    "indications__condition__page",
    "indications__partner_rows__drug__page",
    "indications__citations__reference__authors",
    "indications__criteria__prior_drug__page",
    "indications__criteria__citations__reference__authors",
    "mechanism_rows__mechanism",
    "decisions__citations__reference__authors",
)


def drug(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Drug.objects.select_related("page").prefetch_related(*_ROWS), page__slug=slug)
    sources: dict[int, object] = {}
    for row in _citations(found):
        sources.setdefault(row.reference_id, row.reference)
        row.number = list(sources).index(row.reference_id) + 1
    reviewed = Review.objects.filter(edition__page=found.page).order_by("-made_at").first()
    context = {"drug": found, "sources": list(sources.values()), "reviewed": reviewed}
    return render(request, "bench/plain_drug.html", context)


def _citations(found: Drug):
    """All citations of a drug, in the order of the page."""
    for alert in found.alerts.all():
        yield from alert.citations.all()
    yield from found.citations.all()
    for indication in found.indications.all():
        yield from indication.citations.all()
        for criterion in indication.criteria.all():
            yield from criterion.citations.all()
    for decision in found.decisions.all():
        yield from decision.citations.all()
