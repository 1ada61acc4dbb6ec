"""The components of the public site, drawn by their own partials from made-up values, for staff to look up.

Nothing here is about a real medicine, and nothing is read from the database. A component that gets a partial of its own
gets an example here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html

from drugs import content, listed
from drugs.citations import Citations
from drugs.nations import by_nation
from drugs.pages import Treatment
from drugs.pathway import draw, pathway
from drugs.questions import questions_about
from drugs.vocabulary import Certainty, DrugStatus
from editions.compare import side_by_side
from editions.models import Entry
from editions.published import Notice, PublicReview, PublishedPage, SourceMark
from editions.updates import Update
from editions.vocabulary import Act


@dataclass(frozen=True)
class Example:
    """A component: what it is called, what it is for, and how it looks."""

    key: str
    name: str
    purpose: str
    html: str

    @property
    def markup(self) -> str:
        """What it is made of, to be read: without the empty lines that its partials leave."""
        return "\n".join(line for line in self.html.splitlines() if line.strip())


@dataclass(frozen=True)
class _Part:
    template: str
    context: dict[str, Any]
    around: str = "{}"  # what it stands in


def examples() -> Iterator[Example]:
    """Every component with its example, in the order in which a page has them."""
    for key, (name, purpose, parts) in _components().items():
        drawn = [format_html(part.around, render_to_string(part.template, part.context)) for part in parts]
        yield Example(key, name, purpose, format_html("{}\n" * len(drawn), *drawn))


_MADE_UP = date(2026, 3, 2)
_REVIEW = PublicReview(
    kind="clinical",
    scope="the whole page",
    name="Dr A. Example",
    role="consultant oncologist",
    interests="",
    on=_MADE_UP,
)
_SOURCES = [
    {"key": "example-2020", "type": "report", "title": "Advice on examplinib", "url": "https://example.org/advice"},
    {"key": "former-2010", "type": "report", "title": "Former advice on examplinib", "issued": "2010"},
]
_MARKS = {"former-2010": SourceMark("superseded", "Newer advice took its place.", _MADE_UP, "example-2020")}
_LINK = {"page": "condition/madeupoma", "name": "madeupoma"}
_USES: list[dict[str, Any]] = [
    {
        "key": "madeupoma",
        "condition": _LINK,
        "setting": "advanced",
        "line": "second",
        "certainty": "used",
        "citations": [{"source": "example-2020"}],
        "criteria": [
            {
                "kind": "requires",
                "text": "You have had the usual first treatment.",
                "prior": {"kind": "chemotherapy", "outcome": "either"},
                "citations": [{"source": "example-2020", "locator": "p. 4"}],
            },
            {"kind": "excludes", "text": "Your liver does not work well."},
        ],
    },
    {"key": "other-madeupoma", "condition": {**_LINK, "name": "other madeupoma"}, "certainty": "being_studied"},
]
_DECISIONS = [
    {"body": "nice", "nation": "england", "number": "TA0", "outcome": "recommended", "date": "2020-05-04"}
    | {"subject": "advanced madeupoma", "citations": [{"source": "example-2020"}]},
    {"body": "nice", "nation": "england", "outcome": "not_recommended", "date": "2010"}
    | {"subject": "advanced madeupoma", "citations": [{"source": "former-2010"}]},
    {"body": "ema", "nation": "eu", "outcome": "licensed", "date": "2009-11", "subject": "advanced madeupoma"},
]


def _drug(name: str = "examplinib", **changes: Any) -> content.DrugContent:
    fields = {
        "name": name,
        "summary": f"{name.capitalize()} is a tablet that nobody has ever made.",
        "status": "in_use",
        "status_as_of": "2026-03",
        "names": [{"name": "Exemplar", "kind": "brand", "note": "in the UK"}],
        "indications": _USES,
        "decisions": _DECISIONS,
        "form": "tablet",
        "route": "oral",
        "sources": _SOURCES,
    }
    return content.DrugContent.model_validate(fields | changes)


def _page(value: content.DrugContent) -> PublishedPage:
    return PublishedPage(
        key=f"drug/{value.name}",
        kind="drug",
        slug=value.name,
        url=f"/drugs/{value.name}/",
        number=2,
        live_from=_MADE_UP,
        change_kind="content change",
        change_note="It says where the drug stands in England.",
        changes_eligibility=False,
        last_reviewed=_MADE_UP,
        review=_REVIEW,
        carried_over=None,
        review_due=date(2027, 3, 2),
        is_late=False,
        awaits_review=False,
        doubt=None,
        withdrawal=None,
        is_current=True,
        content_json=value.model_dump_json(),
        edition_id=0,
        page_id=0,
        went_live_at=datetime(2026, 3, 2, tzinfo=UTC),
        columns=listed.drug(value).columns,
    )


def _treatments() -> list[Treatment]:
    first = _drug(
        "firstinib", indications=[{**_USES[1], "certainty": "used", "condition": _LINK}], decisions=[], sources=[]
    )
    after = {"kind": "drug", "drug": {"page": "drug/firstinib", "name": "firstinib"}, "outcome": "did_not_work"}
    criteria = [{"kind": "requires", "text": "You have had firstinib.", "prior": after}]
    use = {"key": "madeupoma", "condition": _LINK, "certainty": "may_be_used", "criteria": criteria}
    second = _drug(indications=[use], decisions=[], sources=[])
    return [Treatment(_page(one), one.indications[0]) for one in (first, second)]


def _components() -> dict[str, tuple[str, str, list[_Part]]]:
    drug = _drug()
    page = _page(drug)
    citations = Citations(drug.sources, _MARKS)
    nations = by_nation(drug.decisions, _MARKS)
    doubted = replace(
        page, is_late=True, awaits_review=True, doubt=Notice("We are checking a date.", _MADE_UP), review_due=_MADE_UP
    )
    alert = content.Alert(date="2026-03-02", title="Doctors start nobody on it", text="<p>Until the trial is read.</p>")
    way = pathway(_treatments())
    entry = Entry(act=Act.PUBLISHED, holds_from=datetime(2026, 3, 2, tzinfo=UTC))
    update = Update(
        entry, "edition 2, content change", page.change_note, page, 2, changes_eligibility=True, reviews=(_REVIEW,)
    )
    statuses = [
        _Part("components/_status.html", {"status": one.status, "as_of": one.status_as_of})
        for one in (_drug(status=status) for status in DrugStatus)
    ]
    certainties = [
        _Part("components/_certainty.html", {"certainty": one, "explained": True}, "<p>{}</p>") for one in Certainty
    ]
    return {
        "tag": ("Status tag", "How a drug stands as a whole. A sign and words, never colour alone.", statuses),
        "certainty": ("Certainty", "How settled a use is, and what that word means.", certainties),
        "names": (
            "Names",
            "Under a title: brands, former names, codes.",
            [_Part("drugs/_names.html", {"names": drug.names})],
        ),
        "urgent": (
            "Urgent notice",
            "Dated, before everything else.",
            [_Part("drugs/_alert.html", {"alert": alert, "citations": citations})],
        ),
        "review-line": (
            "Review line",
            "How fresh a page is; under it every warning, aloud: unread, late, in doubt.",
            [_Part("editions/_review_line.html", {"page": one}) for one in (page, doubted)],
        ),
        "past": (
            "Not the current page",
            "Above what is past, or not public yet.",
            [
                _Part("components/_not_current.html", {"page": page, "today": replace(page, number=3)}),
                _Part("components/_draft.html", {"draft": "The working copy.", "draft_for": "staff"}),
            ],
        ),
        "search-box": (
            "Search box",
            "On the home page, the search page and where nothing was found. Names are offered only where its script is loaded.",
            [_Part("components/_search_box.html", {"site": None, "typed": "imatinib"})],
        ),
        "standing": ("Standing notice", "On every content page.", [_Part("components/_standing.html", {})]),
        "glance": (
            "At a glance",
            "What a worried reader needs in ten seconds, with links to the rest.",
            [_Part("drugs/_glance.html", {"content": drug, "linked": {}, "nations": nations})],
        ),
        "contents": (
            "Contents",
            "Deep links to sections, uses and criteria; beside the text where there is room.",
            [_Part("drugs/_drug_contents.html", {"content": drug})],
        ),
        "eligibility": (
            "Eligibility list",
            "A use of a drug: what has to be true, and what must not be. The bar at the side says how settled it is.",
            [
                _Part(
                    "drugs/_indication.html",
                    {
                        "indication": one,
                        "citations": citations,
                        "linked": {},
                        "level": 3,
                        "prefix": "",
                        "explained": True,
                    },
                )
                for one in drug.indications
            ],
        ),
        "nations": (
            "Where it stands",
            "Decisions by nation, newest first. What is not described is said to be not described.",
            [
                _Part(
                    "drugs/_where_it_stands.html",
                    {"nations": nations, "has_decisions": drug.decisions, "citations": citations},
                )
            ],
        ),
        "questions": (
            "Questions to ask",
            "Chosen by the state of the content, the same for everybody.",
            [_Part("drugs/_questions.html", {"questions": questions_about(drug)})],
        ),
        "pathway": (
            "Pathway",
            "What follows what in a condition: a picture, and beside it the same as a list.",
            [
                _Part("drugs/_pathway.html", {"picture": draw(way, "condition/madeupoma"), "name": "madeupoma"}),
                *(
                    _Part(
                        "drugs/_pathway_item.html",
                        {"item": item, "use": item.step.treatment, "condition": "condition/madeupoma"},
                        '<ol class="pathway">{}</ol>',
                    )
                    for item in way.items
                ),
            ],
        ),
        "citation": (
            "Citations and sources",
            "Numbers by first appearance; the way back from each source; marks on sources that fell.",
            [_Part("components/_sources.html", {"citations": citations, "page": page})],
        ),
        "review-box": (
            "Review box",
            "At the end of a page: who stands behind it.",
            [_Part("editions/_review_box.html", {"page": page}), _Part("components/_cite_page.html", {"page": page})],
        ),
        "timeline": (
            "Timeline",
            "Histories, updates, the record: a day, what happened, why, and who reviewed it.",
            [_Part("editions/_update.html", {"update": update}, '<ol class="timeline">{}</ol>')],
        ),
        "comparison": (
            "Comparison",
            "Words that came and went, told apart by line and by word.",
            [
                _Part(
                    "editions/_differences.html",
                    {"comparison": side_by_side(_drug(summary="A capsule that nobody has ever made."), drug)},
                )
            ],
        ),
        "card": (
            "Card",
            "A page in a list of few.",
            [
                _Part("components/_card.html", {"page": one, "level": 3}, '<ul class="cards">{}</ul>')
                for one in (page, doubted)
            ],
        ),
    }
