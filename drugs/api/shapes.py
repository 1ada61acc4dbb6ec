"""From what PublishedSite gives to the shapes of the API."""

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any
from uuid import uuid5

from django.conf import settings
from django.urls import reverse

from basics import richtext
from basics.vocabulary import Vocabulary
from drugs import content, pages
from drugs.api import schemas
from editions.feeds import IDS
from editions.published import HistoryLine, PublicReview, PublishedPage, SourceMark
from editions.site import PublishedSite
from editions.updates import Update
from editions.vocabulary import Act, ChangeKind
from references import content as evidence
from references.formatting import vancouver


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def api_address(name: str, *args: Any) -> str:
    return absolute(reverse(f"api:{name}", args=args))


def word(member: Vocabulary) -> schemas.Word:
    return schemas.Word(value=member.value, label=member.label)


def stated(member: Vocabulary | None) -> schemas.Word | None:
    """A fixed word; null for “not stated”."""
    return word(member) if member else None


def labelled(vocabulary: type[Vocabulary], label: str) -> schemas.Word:
    """The fixed word with this label."""
    return next(schemas.Word(value=one.value, label=one.label) for one in vocabulary if one.label == label)


def review(one: PublicReview) -> schemas.Review:
    return schemas.Review.model_validate(one, from_attributes=True)


def _notice(one) -> schemas.Notice | None:
    return schemas.Notice(sentence=one.sentence, on=one.on) if one else None


def _line(page: PublishedPage) -> dict[str, Any]:
    return {
        "key": page.key,
        "kind": page.kind,
        "slug": page.slug,
        "title": page.title,
        "edition": page.number,
        "live_from": page.live_from,
        "change_kind": labelled(ChangeKind, page.change_kind),
        "change_note": page.change_note,
        "changes_eligibility": page.changes_eligibility,
        "last_reviewed": page.last_reviewed,
        "review_due": page.review_due,
        "is_late": page.is_late,
        "awaits_review": page.awaits_review,
        "doubt": _notice(page.doubt),
        "withdrawal": _notice(page.withdrawal),
        "url": absolute(page.url),
        "api": api_address("page", page.kind, page.slug),
    }


def line(page: PublishedPage) -> schemas.PageLine:
    return schemas.PageLine(**_line(page))


def listed(page: PublishedPage) -> schemas.ListedPage:
    return schemas.ListedPage(**_line(page), summary=page.columns.get("summary", ""))


def whole(site: PublishedSite, page: PublishedPage, now: PublishedPage | None, *, then: PublishedSite) -> schemas.Page:
    """A page or an edition with all it says. `now` is where its page stands today, if that is not this; `then` is the site
    of whose moment the pages are that it links to."""
    value = page.content
    marks = pages.marks_on(site, value.sources)
    filled = Filler(then, page, value)
    mine = f"{page.present_url}editions/{page.number}/leaflet.pdf"
    return schemas.Page(
        **_line(page),
        as_of=site.day,
        is_current=now is None,
        current=line(now) if now else None,
        notice=settings.SITE_NOTICE,
        addresses=schemas.Addresses(
            page=absolute(page.url),
            edition=absolute(page.edition_url),
            history=absolute(page.history_url),
            leaflet=absolute(mine),
            leaflet_large_print=absolute(f"{mine}?print=large"),
            references=absolute(f"{page.present_url}references.ris"),
            updates=absolute(f"{page.present_url}updates.atom"),
        ),
        review=review(page.review) if page.review else None,
        carried_over=schemas.CarriedOver.model_validate(page.carried_over, from_attributes=True)
        if page.carried_over
        else None,
        content=filled.body(),
        sources=[
            schemas.NumberedSource(**_source(one, marks.get(one.key)), number=number)
            for number, one in enumerate(value.sources, 1)
        ],
    )


class Filler:
    """One page's content as the API gives it: its citations by their numbers, its links with their present addresses."""

    def __init__(self, site: PublishedSite, page: PublishedPage, value: Any, linked: Mapping | None = None):
        self.page, self.value = page, value
        self.linked = site.outline_by_keys(link.page for link in content.links_in(value)) if linked is None else linked
        self.numbers = {source.key: number for number, source in enumerate(value.sources, 1)}

    def body(self) -> Any:
        return getattr(self, f"_{self.value.kind}")(self.value)

    def text(self, rich: str) -> schemas.Text:
        html = richtext.with_citations(rich, self._drawn)
        # In somebody else's page a path would lead to their site.
        html = re.sub(r'href="(?=/)', f'href="{escape(settings.SITE_URL)}', html)
        html = re.sub(r'href="(?=#)', f'href="{escape(absolute(self.page.url))}', html)
        return schemas.Text(html=html, text=richtext.words(rich, lambda key, _: f" [{self.numbers.get(key, '?')}]"))

    def _drawn(self, cited: list[tuple[str, str]]) -> str:
        numbers = sorted({self.numbers[key] for key, _ in cited if key in self.numbers})
        return f"<sup>[{', '.join(map(str, numbers))}]</sup>" if numbers else ""

    def link(self, link: content.Link) -> schemas.Link:
        page = self.linked.get(link.page)
        is_there = page is not None and page.withdrawal is None
        return schemas.Link(
            key=link.page,
            name=link.name,
            url=absolute(page.url) if page and is_there else None,
            api=api_address("page", page.kind, page.slug) if page and is_there else None,
            withdrawal=_notice(page.withdrawal) if page else None,
        )

    def citations(self, cited: Iterable[content.Citation]) -> list[schemas.Cited]:
        return [schemas.Cited(source=one.source, number=self.numbers[one.source], locator=one.locator) for one in cited]

    def place(self, anchor: str) -> str:
        return f"{absolute(self.page.url)}#{anchor}"

    def alert(self, one: content.Alert) -> schemas.Alert:
        return schemas.Alert(
            date=one.date, title=one.title, text=self.text(one.text), citations=self.citations(one.citations)
        )

    def indication(self, one: content.Indication) -> schemas.Indication:
        return schemas.Indication(
            key=one.key,
            url=self.place(one.key),
            condition=self.link(one.condition),
            setting=stated(one.setting),
            line=stated(one.line),
            certainty=word(one.certainty),
            where=one.where,
            partners=[self.link(link) for link in one.partners],
            text=self.text(one.text),
            requires=[self._criterion(criterion) for criterion in one.required],
            excludes=[self._criterion(criterion) for criterion in one.excluding],
            citations=self.citations(one.citations),
        )

    def _criterion(self, one: content.Criterion) -> schemas.Criterion:
        return schemas.Criterion(
            text=one.text,
            prior=self._prior(one.prior) if one.prior else None,
            citations=self.citations(one.citations),
        )

    def _prior(self, one: content.PriorTreatment) -> schemas.PriorTreatment:
        drug = self.link(one.drug) if one.drug else None
        return schemas.PriorTreatment(kind=word(one.kind), drug=drug, outcome=stated(one.outcome))

    def _decision(self, one: content.Decision) -> schemas.Decision:
        return schemas.Decision(
            body=word(one.body),
            nation=word(one.nation),
            number=one.number,
            subject=one.subject,
            outcome=word(one.outcome),
            date=one.date,
            note=one.note,
            citations=self.citations(one.citations),
        )

    def _drug(self, value: content.DrugContent) -> schemas.DrugContent:
        return schemas.DrugContent(
            kind="drug",
            name=value.name,
            names=[schemas.OtherName(name=one.name, kind=word(one.kind), note=one.note) for one in value.names],
            summary=value.summary,
            status=word(value.status),
            status_as_of=value.status_as_of,
            alerts=[self.alert(one) for one in value.alerts],
            about=self.text(value.about),
            indications=[self.indication(one) for one in value.indications],
            drug_class=value.drug_class,
            targets=value.targets,
            mechanisms=[schemas.Mechanism(key=one.key, name=one.name, text=one.text) for one in value.mechanisms],
            form=value.form,
            route=stated(value.route),
            how_you_have_it=self.text(value.how_you_have_it),
            decisions=[self._decision(one) for one in value.decisions],
            research=self.text(value.research),
            atc_code=value.atc_code,
            atc_as_of=value.atc_as_of,
            citations=self.citations(value.citations),
        )

    def _condition(self, value: content.ConditionContent) -> schemas.ConditionContent:
        return schemas.ConditionContent(
            kind="condition",
            name=value.name,
            abbreviation=value.abbreviation,
            parent=self.link(value.parent) if value.parent else None,
            summary=value.summary,
            about=self.text(value.about),
            citations=self.citations(value.citations),
        )

    def _guide(self, value: content.GuideContent) -> schemas.GuideContent:
        sections = [
            schemas.GuideSection(
                key=one.key,
                url=self.place(one.key),
                heading=one.heading,
                text=self.text(one.text),
                drugs=[self.link(link) for link in one.drugs],
            )
            for one in value.sections
        ]
        return schemas.GuideContent(
            kind="guide",
            title=value.title,
            summary=value.summary,
            sections=sections,
            citations=self.citations(value.citations),
        )

    def _glossary(self, value: content.GlossaryContent) -> schemas.GlossaryContent:
        terms = [
            schemas.Term(
                key=one.key,
                url=self.place(one.key),
                name=one.name,
                abbreviation=one.abbreviation,
                definition=one.definition,
                citations=self.citations(one.citations),
            )
            for one in value.terms
        ]
        return schemas.GlossaryContent(
            kind="glossary",
            title=value.title,
            intro=self.text(value.intro),
            terms=terms,
            citations=self.citations(value.citations),
        )


def _source(source: evidence.Source, mark: SourceMark | None) -> dict[str, Any]:
    standing = evidence.Standing(mark.standing if mark else evidence.Standing.CURRENT)
    return {
        **source.model_dump(include=set(schemas.Source.model_fields) - {"type", "authors"}),
        "citation": vancouver(source),
        "type": word(source.type),
        "authors": [schemas.Author(**one.model_dump()) for one in source.authors],
        "link": source.url,
        "standing": word(standing),
        "mark": schemas.SourceMark(
            standing=word(standing), reason=mark.reason, on=mark.on, superseded_by=mark.superseded_by
        )
        if mark
        else None,
        "url": absolute(reverse("drugs:reference-detail", args=[source.key])),
        "api": api_address("reference", source.key),
    }


def reference(source: evidence.Source, mark: SourceMark | None, citing: Iterable[PublishedPage]) -> dict[str, Any]:
    return {**_source(source, mark), "cited_by": [line(page) for page in citing]}


def edition_line(page: PublishedPage, one: HistoryLine) -> schemas.EditionLine:
    """A line of the history that is about an edition."""
    return schemas.EditionLine(
        edition=one.number or 0,
        live_from=one.on,
        act=word(Act(one.act)),
        change_kind=labelled(ChangeKind, one.change_kind),
        change_note=one.note,
        first_note=one.first_note,
        changes_eligibility=one.changes_eligibility,
        reviews=[review(given) for given in one.reviews],
        is_current=one.number == page.number and page.withdrawal is None,
        url=absolute(one.url),
        api=api_address("edition", page.kind, page.slug, one.number),
    )


def change(update: Update) -> schemas.Change:
    return schemas.Change(
        id=uuid5(IDS, update.seal).urn,
        act=update.act,
        at=update.held_from,
        headline=update.headline,
        note=update.note,
        page=line(update.page) if update.page else None,
        edition=update.number,
        change_kind=word(ChangeKind(update.change_kind)) if update.change_kind else None,
        changes_eligibility=update.changes_eligibility,
        why_urgent=update.why_urgent,
        reviews=[review(one) for one in update.reviews],
        source=update.source or None,
        cited_by=[line(page) for page in update.cited_by],
        url=absolute(update.url) if update.url else None,
    )
