"""What the public pages show, gathered from PublishedSite. Knows nothing of working copies."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drugs import content
from drugs import vocabulary as words
from drugs.about_site import ABOUT_THE_SITE
from drugs.citations import Citations
from drugs.nations import by_nation
from drugs.pathway import draw, pathway
from drugs.questions import questions_about
from drugs.terms import Terms
from editions.public import today
from editions.published import PublishedPage, SourceMark
from editions.site import PublishedSite
from references.content import Source, Standing

_LINES = list(words.Line)

GLOSSARY = ("glossary", "glossary")  # kind and slug of the one that other pages explain their words by


@dataclass(frozen=True)
class Treatment:
    """A use of a drug, seen from the condition's page."""

    page: PublishedPage
    indication: content.Indication


def present(site: PublishedSite, page: PublishedPage, *, marks_of: PublishedSite | None = None) -> dict[str, Any]:
    """The context in which a page's body is drawn: its content, the live pages it links to or shows, its citations.

    The marks on its sources are those of `marks_of`, if another site than the one of the moment: a past edition stands
    for good, but a source that fell has fallen for its readers too.
    """
    value = page.content
    links = [link.page for link in content.links_in(value)]
    outlines = site.outline_by_keys([*links, *ABOUT_THE_SITE])  # these stand at the foot of every page
    shown = site.by_keys(links) if page.kind == "guide" else {key: outlines[key] for key in links if key in outlines}
    drugs = _shown_drugs(page, shown)
    linked = dict(shown)
    if drugs:
        within = {link.page for drug in drugs for link in content.links_in(drug)}
        linked |= site.outline_by_keys(within - linked.keys())
    sources = [source for one in (value, *drugs) for source in one.sources]
    marks = marks_on(marks_of or site, sources)
    context = {
        "site": site,
        "page": page,
        "content": value,
        "shown": shown,
        "linked": linked,
        "now": PublishedSite().outline_by_keys(shown) if site.is_past else {},
        "is_about_site": page.key in ABOUT_THE_SITE,
        "citations": Citations(sources, marks, terms=_terms(site, page)),
    }
    if page.kind == "drug":
        context |= {
            "nations": by_nation(value.decisions, marks),
            "questions": questions_about(value, is_late=page.is_late),
        }
    if page.kind == "condition":
        uses = treatments(site, page.key)
        way = pathway(uses, _withdrawn_before(site, uses))
        context |= {
            "pathway": way,
            "picture": draw(way, page.key),
            "narrower": site.listed_mentioning("is a kind of", page.key)[:],
        }
    return context


def present_edition(site: PublishedSite, page: PublishedPage) -> tuple[dict[str, Any], PublishedPage | None]:
    """The context of an edition, and what became of its page: None while the edition is what visitors read.

    A past edition shows other pages as they stood when it went live.
    """
    is_live = page.is_current and not page.withdrawal
    then = site if is_live else PublishedSite(page.went_live_at)
    now = None if is_live else today(then, page) or page
    return present(then, page, marks_of=site), now


def sources_on(site: PublishedSite, page: PublishedPage) -> list[Source]:
    """The sources that a page lists: its own, and those of the drugs that a guide shows. Each once, in that order."""
    shown = site.by_keys(link.page for link in content.links_in(page.content)) if page.kind == "guide" else {}
    held: dict[str, Source] = {}
    for one in (page.content, *_shown_drugs(page, shown)):
        for source in one.sources:
            held.setdefault(source.key, source)  # of two frozen states the page's own, as it is drawn
    return list(held.values())


def _shown_drugs(page: PublishedPage, shown: Mapping[str, PublishedPage]) -> list[content.DrugContent]:
    """The contents that a guide draws within itself."""
    if page.kind != "guide":
        return []
    return [shown[link.page].content for link in content.links_in(page.content) if _is_live(shown.get(link.page))]


def _terms(site: PublishedSite, page: PublishedPage) -> Terms:
    """The glossary of the moment, for a page that is not the glossary itself. A past edition leads to its edition."""
    glossary = site.page(*GLOSSARY) if page.kind != "glossary" else None
    if glossary is None or glossary.withdrawal:
        return Terms()
    address = glossary.edition_url if site.is_past and not site.day else glossary.url
    return Terms(glossary, address=address, without=[page.title, getattr(page.content, "abbreviation", "")])


def _is_live(page: PublishedPage | None) -> bool:
    return page is not None and page.withdrawal is None


def treatments(site: PublishedSite, condition: str) -> list[Treatment]:
    """The uses of live drugs for a condition, and what follows them in its kinds: settled ones first, then by line.

    GIST's third drug is for advanced GIST, which has a page of its own; the way to it starts on GIST's.
    """
    kinds = _kinds_of(site, condition)
    uses = list(_uses(site, [condition, *kinds]))
    found = [use for use in uses if use.indication.condition.page == condition]
    left = [use for kind in kinds for use in uses if use.indication.condition.page == kind] if found else []
    while True:
        following, left = _parted(left, {use.page.key for use in found})
        if not following:
            break
        found += following
    certainties = list(words.Certainty)
    return sorted(found, key=lambda one: (certainties.index(one.indication.certainty), _after(one), one.page.title))


def _uses(site: PublishedSite, conditions: Sequence[str]) -> Iterator[Treatment]:
    for page in site.mentioning_any("treats", conditions):
        for indication in page.content.indications:
            if indication.condition.page in conditions:
                yield Treatment(page, indication)


def _kinds_of(site: PublishedSite, condition: str) -> list[str]:
    """The lasting keys of its kinds, their kinds and so on, without itself, should they lead back to it."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind, wider in site.ties("is a kind of"):
        kinds[wider].append(kind)
    found = [condition]
    for key in found:
        found += [kind for kind in kinds[key] if kind not in found]
    return found[1:]


def _parted(uses: Iterable[Treatment], drugs: set[str]) -> tuple[list[Treatment], list[Treatment]]:
    """The uses that come after one of these drugs (lasting keys), and the others."""
    parted: tuple[list[Treatment], list[Treatment]] = [], []
    for use in uses:
        parted[_drugs_before(use.indication).isdisjoint(drugs)].append(use)
    return parted


def _drugs_before(indication: content.Indication) -> set[str]:
    """The lasting keys of the drugs that have to come before."""
    return {one.prior.drug.page for one in indication.required if one.prior and one.prior.drug}


def _withdrawn_before(site: PublishedSite, uses: Iterable[Treatment]) -> list[str]:
    """The lasting keys of the withdrawn drugs that criteria of these uses speak of."""
    priors = [criterion.prior for use in uses for criterion in use.indication.criteria if criterion.prior]
    named = {prior.drug.page for prior in priors if prior.drug} - {use.page.key for use in uses}
    return [key for key, page in site.by_keys(named).items() if page.withdrawal] if named else []


def _after(one: Treatment) -> tuple[int, int]:
    """Later lines later; where no line is said, what follows more drugs comes later."""
    return len(_drugs_before(one.indication)), _LINES.index(one.indication.line)


def sources_named(site: PublishedSite, keys: Iterable[str]) -> dict[str, Source]:
    """The sources with these keys that live pages cite; of two frozen states, that of the edition that went live last."""
    return {
        key: next(source for source in page.content.sources if source.key == key)
        for key, page in site.newest_under("source", keys).items()
    }


def source_keys(site: PublishedSite, standing: Standing | None = None) -> Sequence[str]:
    """The keys of all sources that live pages cite, in order; those that can be relied on this far, if that is asked."""
    keys = list(site.keys_under("source"))
    if standing is None:
        return keys
    marks = site.source_marks(_replaced(site, keys))
    return [key for key in keys if standing == (marks[key].standing if key in marks else Standing.CURRENT)]


def _replaced(site: PublishedSite, keys: Iterable[str]) -> dict[str, set[str]]:
    """Each of these sources → the duplicates that it replaces, by the live editions that say so."""
    replaced: dict[str, set[str]] = {key: set() for key in keys}
    for page in site.mentioning_any("replaces", [target for _, target in site.ties("replaces")]):
        for source in page.content.sources:
            replaced[source.key].update(source.replaces)
    return replaced


def citing_each(site: PublishedSite, keys: Iterable[str]) -> dict[str, list[PublishedPage]]:
    """Each of these sources → the live pages that cite it, by title, without their contents."""
    return site.outlines_under("source", keys)


def marks_on(site: PublishedSite, sources: Iterable[Source]) -> dict[str, SourceMark]:
    """The marks that stand on these sources, those of the duplicates that became them among them."""
    replaced: dict[str, set[str]] = defaultdict(set)
    for source in sources:
        replaced[source.key].update(source.replaces)
    return site.source_marks(replaced)


def replacing(site: PublishedSite, key: str) -> str:
    """The key of the source that a merged duplicate became; nothing if no live page cites such a one."""
    citing = site.mentioning("replaces", f"reference/{key}")
    return next((one.key for page in citing for one in page.content.sources if key in one.replaces), "")
