"""What a page says in the words of schema.org, for search engines: JSON-LD as a mapping. Plain Python.

Every type and property is one of schema.org's: `MedicalWebPage` (schema.org/MedicalWebPage; `lastReviewed`, `reviewedBy`
and `breadcrumb` from schema.org/WebPage, dates, `citation` and `isBasedOn` from schema.org/CreativeWork), `Drug`,
`DrugLegalStatus`, `MedicalCode`, `MedicalCondition`, `DefinedTermSet` and `BreadcrumbList`, each at schema.org/<name>.
What is not known is left out: a page that nobody here has reviewed has no `lastReviewed`, whatever its source says.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from drugs import content
from drugs import vocabulary as words
from references import identifiers
from references.content import Source, SourceType

Node = dict[str, Any]

_WORKS = {
    SourceType.ARTICLE: "ScholarlyArticle",
    SourceType.BOOK: "Book",
    SourceType.CHAPTER: "Chapter",
    SourceType.REPORT: "Report",
    SourceType.WEBPAGE: "WebPage",
    SourceType.DATASET: "Dataset",
    SourceType.THESIS: "Thesis",
    SourceType.PAPER: "ScholarlyArticle",
}
# Decisions on a licence. What the NHS pays for is no legal status.
_LICENSING = {
    words.DecisionOutcome.LICENSED,
    words.DecisionOutcome.LICENSED_CONDITIONALLY,
    words.DecisionOutcome.LICENCE_WITHDRAWN,
}
_LISTS = {"drug": ("Drugs", "/drugs/"), "condition": ("Conditions", "/conditions/")}


@dataclass(frozen=True)
class Place:
    """Where a page stands: the site's address and name, and the addresses of other pages by their lasting keys."""

    site_url: str
    site_name: str
    linked: Mapping[str, str]
    name_is_known: bool  # of the reviewer; a name can be removed on request


def structured(page: Any, first_published: date, place: Place) -> Node:
    """A page as visitors read it now (editions.site.PublishedPage), with the day of its first edition."""
    value = page.content
    address = f"{place.site_url}{page.present_url}"
    return _known(
        {
            "@context": "https://schema.org",
            "@type": "MedicalWebPage",
            "@id": address,
            "url": address,
            "name": page.title,
            "description": getattr(value, "summary", ""),
            "inLanguage": "en-GB",
            "isPartOf": {"@type": "WebSite", "name": place.site_name, "url": f"{place.site_url}/"},
            "version": str(page.number),
            "datePublished": first_published.isoformat(),
            "dateModified": page.live_from.isoformat(),
            **_review(page, place),
            "isBasedOn": page.carried_over.url if page.carried_over else "",
            "breadcrumb": _breadcrumb(page, place),
            "about": _ABOUT[page.kind](value, address, place),
            "citation": [_work(source) for source in value.sources],
        }
    )


def _review(page: Any, place: Place) -> Node:
    """Who read the whole page last, and when. Nothing if that was elsewhere, before the page was carried over."""
    if page.review is None:
        return {}
    person = {"@type": "Person", "name": page.review.name if place.name_is_known else "", "jobTitle": page.review.role}
    is_anybody = any(person[name] for name in ("name", "jobTitle"))
    return {
        "lastReviewed": page.last_reviewed.isoformat(),
        "reviewedBy": _known(person) if is_anybody else None,
    }


def _breadcrumb(page: Any, place: Place) -> Node:
    steps = [(place.site_name, "/"), *filter(None, [_LISTS.get(page.kind)]), (page.title, page.present_url)]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": f"{place.site_url}{address}"}
            for position, (name, address) in enumerate(steps, 1)
        ],
    }


def _drug(value: content.DrugContent, address: str, place: Place) -> Node:
    brands = [one.name for one in value.names if one.kind == words.NameKind.BRAND]
    others = [one.name for one in value.names if one.kind != words.NameKind.BRAND]
    return _known(
        {
            "@type": "Drug",
            "@id": f"{address}#drug",
            "name": value.name,
            "nonProprietaryName": value.name,
            "proprietaryName": brands,
            "alternateName": others,
            "description": value.summary,
            "drugClass": {"@type": "DrugClass", "name": value.drug_class} if value.drug_class else None,
            "mechanismOfAction": " ".join(one.text for one in value.mechanisms),
            "dosageForm": value.form,
            "administrationRoute": value.route.label if value.route else "",
            "legalStatus": [_legal_status(one) for one in _standing_decisions(value.decisions)],
            "code": {"@type": "MedicalCode", "codingSystem": "ATC", "codeValue": value.atc_code}
            if value.atc_code
            else None,
        }
    )


def _standing_decisions(decisions: Iterable[content.Decision]) -> list[content.Decision]:
    """The decisions on a licence, without those that a later withdrawal in the same nation ended."""
    licensing = [one for one in decisions if one.outcome in _LICENSING]
    ended = {
        nation: max(one.date for one in licensing if one.nation == nation and _is_end(one))
        for nation in {one.nation for one in licensing if _is_end(one)}
    }
    return [one for one in licensing if _is_end(one) or one.nation not in ended or one.date > ended[one.nation]]


def _is_end(decision: content.Decision) -> bool:
    return decision.outcome == words.DecisionOutcome.LICENCE_WITHDRAWN


def _legal_status(decision: content.Decision) -> Node:
    when = f", {decision.date}" if decision.date else ""
    return {
        "@type": "DrugLegalStatus",
        "name": f"{decision.outcome.label}: {decision.subject} ({decision.body.label}{when})",
        "applicableLocation": {"@type": "AdministrativeArea", "name": decision.nation.label},
    }


def _condition(value: content.ConditionContent, address: str, place: Place) -> Node:
    return _known(
        {
            "@type": "MedicalCondition",
            "@id": f"{address}#condition",
            "name": value.name,
            "alternateName": value.abbreviation,
            "description": value.summary,
        }
    )


def _guide(value: content.GuideContent, address: str, place: Place) -> list[Node]:
    """The drugs that it shows, as far as visitors can read them."""
    shown = dict.fromkeys(link for section in value.sections for link in section.drugs)
    return [
        {"@type": "Drug", "name": link.name, "url": f"{place.site_url}{place.linked[link.page]}"}
        for link in shown
        if link.page in place.linked
    ]


def _glossary(value: content.GlossaryContent, address: str, place: Place) -> Node:
    terms = [
        _known(
            {
                "@type": "DefinedTerm",
                "name": term.name,
                "alternateName": term.abbreviation,
                "description": term.definition,
                "url": f"{address}#{term.key}",
            }
        )
        for term in value.terms
    ]
    return _known({"@type": "DefinedTermSet", "@id": f"{address}#terms", "name": value.title, "hasDefinedTerm": terms})


_ABOUT: dict[str, Callable[..., Any]] = {"drug": _drug, "condition": _condition, "guide": _guide, "glossary": _glossary}


def _work(source: Source) -> Node:
    return _known(
        {
            "@type": _WORKS[source.type],
            "name": source.title,
            "datePublished": source.issued,
            "url": identifiers.doi_address(source.doi) if source.doi else source.url,
        }
    )


def _known(node: Node) -> Node:
    """A node without what is not known."""
    return {name: value for name, value in node.items() if value not in ("", None, [])}
