"""The kinds of page of this subject, made known to the record."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from django.urls import reverse

from basics import richtext
from drugs import content, freeze, listed, models, pages, readiness, restore, searchable
from drugs.changes import cited_beside_rows
from drugs.vocabulary import DrugStatus
from editions import kinds
from editions.kinds import Problem, Tie
from editions.models import Page, WorkingCopy
from editions.published import PublishedPage
from editions.rows import Row
from editions.search.document import Document
from editions.site import PublishedSite
from references.models import Reference


class _Kind:
    """What the kinds of this app have in common; see editions.kinds.Kind."""

    name: str
    label: str
    review_interval_months: int
    has_many_pages = True
    content_type: type[content.Content]
    model: type[WorkingCopy]
    freezes: Callable[[Any], content.Content]
    restores: Callable[..., WorkingCopy]
    finds_problems: Callable[[Any, list[str]], list[Problem]]
    finds_words: Callable[[Any], Document]
    lists: Callable[[Any], Row] = staticmethod(listed.other)

    @property
    def template(self) -> str:
        return f"drugs/{self.name}_detail.html"

    def working_copy(self, page: Page) -> WorkingCopy | None:
        return self.model.objects.filter(page=page).first()

    def freeze(self, working: WorkingCopy) -> content.Content:
        return type(self).freezes(working)

    def restore(self, value: content.Content, *, page: Page) -> WorkingCopy:
        return type(self).restores(value, page=page)

    def problems(self, working: WorkingCopy) -> list[Problem]:
        return [*type(self).finds_problems(working, _missing_sources(working)), *_merged_sources(working)]

    def read(self, stored: str) -> content.Content:
        return content.read(self.content_type, stored)

    def title(self, value: Any) -> str:
        return value.title

    def address(self, slug: str) -> str:
        return reverse(f"drugs:{self.name}-detail", args=[slug])

    def parts(self, value: Any) -> Iterator[tuple[str, str]]:
        yield "summary", "the summary"
        yield from self.own_parts(value)
        yield "sources", "the sources"

    def own_parts(self, value: Any) -> Iterator[tuple[str, str]]:
        """The parts between the summary and the sources."""
        if value.about:
            yield "about", f"what {self.title(value)} is"

    def news(self, before: Any, after: Any) -> Iterator[str]:
        return iter(())

    def searchable(self, value: content.Content) -> Document:
        return type(self).finds_words(value)

    def listed(self, value: content.Content) -> Row:
        return type(self).lists(value)

    def present(self, site: PublishedSite, page: PublishedPage) -> dict[str, Any]:
        return pages.present(site, page)

    def mentions(self, value: content.Content) -> Iterator[Tie]:
        for key in content.cited_keys(value):
            yield Tie("cites", f"reference/{key}")
        for source in value.sources:
            for duplicate in source.replaces:
                yield Tie("replaces", f"reference/{duplicate}")
        yield from self.ties(value)

    def ties(self, value: Any) -> Iterator[Tie]:
        """What this kind is tied to, besides its sources."""
        return iter(())


class DrugKind(_Kind):
    name = "drug"
    label = "drug"
    review_interval_months = 12
    content_type = content.DrugContent
    model = models.Drug
    freezes = staticmethod(freeze.freeze_drug)
    restores = staticmethod(restore.restore_drug)
    finds_problems = staticmethod(readiness.drug_problems)
    finds_words = staticmethod(searchable.drug)
    lists = staticmethod(listed.drug)

    def title(self, value: content.DrugContent) -> str:
        return value.name

    def own_parts(self, value: content.DrugContent) -> Iterator[tuple[str, str]]:
        for place, alert in enumerate(value.alerts):
            yield f"alerts-{place}", f"the alert “{alert.title}”"
        yield "about", "what it is"
        for one in value.indications:
            yield f"indications-{one.key}", f"who can have it: {one.condition.name}"
        yield "mechanisms", "how it works"
        yield "how_you_have_it", "how you have it"
        if value.decisions:
            yield "decisions", "decisions of the NHS and the regulators"
        yield "research", "research"

    def news(self, before: content.DrugContent, after: content.DrugContent) -> Iterator[str]:
        if before.status != after.status:
            was, now = (DrugStatus(one.status).label for one in (before, after))
            yield f"The status of {after.name} was “{was}” and is “{now}”."
        elif set(before.decisions) != set(after.decisions):
            yield f"The decisions of regulators or the NHS on {after.name} changed."

    def ties(self, value: content.DrugContent) -> Iterator[Tie]:
        for indication in value.indications:
            yield Tie("treats", indication.condition.page)
            for partner in indication.partners:
                yield Tie("given with", partner.page)
            for criterion in indication.criteria:
                if criterion.prior and criterion.prior.drug:
                    yield Tie("follows", criterion.prior.drug.page)
        for mechanism in value.mechanisms:
            yield Tie("works by", f"mechanism/{mechanism.key}")


class ConditionKind(_Kind):
    name = "condition"
    label = "condition"
    review_interval_months = 24
    content_type = content.ConditionContent
    model = models.Condition
    freezes = staticmethod(freeze.freeze_condition)
    restores = staticmethod(restore.restore_condition)
    finds_problems = staticmethod(readiness.condition_problems)
    finds_words = staticmethod(searchable.condition)

    def title(self, value: content.ConditionContent) -> str:
        return value.name

    def ties(self, value: content.ConditionContent) -> Iterator[Tie]:
        if value.parent:
            yield Tie("is a kind of", value.parent.page)


class GuideKind(_Kind):
    name = "guide"
    label = "guide"
    review_interval_months = 24
    content_type = content.GuideContent
    model = models.Guide
    freezes = staticmethod(freeze.freeze_guide)
    restores = staticmethod(restore.restore_guide)
    finds_problems = staticmethod(readiness.guide_problems)
    finds_words = staticmethod(searchable.guide)

    def own_parts(self, value: content.GuideContent) -> Iterator[tuple[str, str]]:
        for section in value.sections:
            yield f"sections-{section.key}", section.heading

    def ties(self, value: content.GuideContent) -> Iterator[Tie]:
        for link in content.links_in(value):
            yield Tie("shows", link.page)


@lru_cache(maxsize=4)
def _glossary(stored: str) -> content.Content:
    """A glossary's content. Every page is drawn with it, and it is the same until the next edition of it."""
    return content.read(content.GlossaryContent, stored)


class GlossaryKind(_Kind):
    name = "glossary"
    label = "glossary"
    review_interval_months = 24
    has_many_pages = False
    content_type = content.GlossaryContent
    model = models.Glossary
    freezes = staticmethod(freeze.freeze_glossary)
    restores = staticmethod(restore.restore_glossary)
    finds_problems = staticmethod(readiness.glossary_problems)
    finds_words = staticmethod(searchable.glossary)

    def read(self, stored: str) -> content.Content:
        return _glossary(stored)

    def address(self, slug: str) -> str:
        return reverse("drugs:glossary-detail")

    def own_parts(self, value: content.GlossaryContent) -> Iterator[tuple[str, str]]:
        for term in value.terms:
            yield f"terms-{term.key}", term.name

    def ties(self, value: content.GlossaryContent) -> Iterator[Tie]:
        for term in value.terms:
            yield Tie("defines", f"term/{term.key}")


def register_all() -> None:
    ours: tuple[kinds.Kind, ...] = (DrugKind(), ConditionKind(), GuideKind(), GlossaryKind())
    for kind in ours:
        kinds.register(kind)


def _cited_in_texts(working: WorkingCopy) -> list[str]:
    texts = [getattr(row, field) for row in _rows_of(working) for field in _rich_fields(row)]
    return list(dict.fromkeys(key for text in texts for key, _ in richtext.citations(text)))


def _merged_sources(working: WorkingCopy) -> list[Problem]:
    """Duplicates that it cites: taken up while they were merged, or brought back from an old edition."""
    merged = Reference.objects.filter(merged_into__isnull=False).select_related("merged_into")
    in_texts = merged.filter(key__in=_cited_in_texts(working))
    beside = merged.filter(pk__in=cited_beside_rows(working.page_id))
    return [
        Problem(part, f"{what} “{one.key}”, which was merged into “{one.stands_in}”. Cite that one.")
        for part, what, rows in [("about", "The text cites", in_texts), ("", "A row cites", beside)]
        for one in rows
    ]


def _missing_sources(working: WorkingCopy) -> list[str]:
    """The keys that a working copy's text cites and the library does not have."""
    cited = _cited_in_texts(working)
    known = set(Reference.objects.filter(key__in=cited).values_list("key", flat=True))
    return [key for key in cited if key not in known]


def _rows_of(working: WorkingCopy) -> Iterator[Any]:
    yield working
    for name in ("indications", "alerts", "sections"):
        if hasattr(working, name):
            yield from getattr(working, name).all()


def _rich_fields(row: Any) -> list[str]:
    from basics.fields import RichTextField

    return [field.name for field in row._meta.concrete_fields if isinstance(field, RichTextField)]
