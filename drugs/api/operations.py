"""What the API answers. Each function is one address; its first sentence is in the documentation."""

import inspect
import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache, wraps
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from ninja import NinjaAPI, Path, Query
from ninja.errors import ValidationError
from pydantic import BeforeValidator, StringConstraints

from drugs import pages
from drugs.api import schemas, shapes
from drugs.api.problems import ROOT, Wrong, names_nothing, not_there, problem, unknown_parameters
from drugs.api.shapes import Filler, absolute, api_address
from editions import since as record_since
from editions.public import today
from editions.published import Notice, PublishedPage
from editions.site import PublishedSite
from references.content import Standing

MOST = 100  # items in one part of a list
_LARGEST = 2**31 - 1


def _day(value: Any) -> date:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value), re.ASCII):
            return date.fromisoformat(str(value))
    except ValueError:
        pass  # 30 February
    raise ValueError("That is no day. Write one as 2018-12-31.")


_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_KEY = r"^[a-z]+/[a-z0-9]+(-[a-z0-9]+)*$"
KindName = Literal["drug", "condition", "guide", "glossary"]
Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=100)]
Key = Annotated[str, StringConstraints(pattern=_KEY, max_length=120)]
CursorText = Annotated[str, StringConstraints(max_length=200)]

AS_OF = Query(
    None,
    description="Answer as the site stood at the end of this day (Europe/London), such as `2018-12-31`. A past state is for "
    "looking back, never for treatment.",
)
PART = Query(1, ge=1, le=_LARGEST, description="Which part of the list, from 1.")
PER_PAGE = Query(25, ge=1, le=MOST, description=f"How many items a part has, at most {MOST}.")
OF_DAY = Annotated[date | None, BeforeValidator(lambda value: value if value is None else _day(value))]
OF_KIND = Query(None, description="Only pages of this kind.")
OF_DRUG = Query(None, description="Only this drug, by its lasting key, such as `drug/imatinib`.")
FOR_CONDITION = Query(
    None, description="Only indications for this condition, by its lasting key, such as `condition/gist`."
)
OF_STANDING = Query(None, description="Only sources that can be relied on this far.")
SINCE = Query(None, description="The cursor that the last answer gave as `next`. Without it, from the beginning.")
LIMIT = Query(50, ge=1, le=MOST, description=f"The most changes in one answer, at most {MOST}.")
KIND = Path(..., description="The kind of page.")
SLUG = Path(..., description="The last part of the page’s address.")
KEY = Path(..., description="The reference key.")
NUMBER = Path(..., ge=1, le=_LARGEST, description="The number of the edition.")

api = NinjaAPI(
    title="Targeted cancer drugs",
    version="1",
    description="The public pages as read-only JSON. No key is needed. How to embed a page: /api/docs.",
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)


@api.exception_handler(Wrong)
def _wrong(request, wrong: Wrong) -> HttpResponse:
    return wrong.response


@api.exception_handler(ValidationError)
def _invalid(request, wrong: ValidationError) -> HttpResponse:
    faults = [
        {"parameter": str(one["loc"][-1]), "detail": str(one["msg"]).removeprefix("Value error, ")}
        for one in wrong.errors
    ]
    said = "; ".join(f"“{one['parameter']}”: {one['detail']}" for one in faults)
    return problem(422, f"{said}. See the OpenAPI document for what each parameter takes.".replace("..", "."), faults)


def read(path: str, model: Any, *, name: str, gone: bool = False) -> Callable:
    """An address that is read. `gone`: it can be of a page that was withdrawn."""

    def register(view: Callable) -> Callable:
        known = [one for one in inspect.signature(view).parameters if one != "request" and f"{{{one}}}" not in path]

        @wraps(view)
        def asked(request, **given):
            if unknown := sorted(set(request.GET) - set(known)):
                raise unknown_parameters(unknown, known)
            return view(request, **given)

        answers: dict[int, Any] = {200: model, 404: schemas.Problem, 422: schemas.Problem}
        answers |= {410: schemas.Gone} if gone else {}
        said = inspect.cleandoc(view.__doc__ or "")
        return api.get(
            path,
            response=answers,
            url_name=name,
            operation_id=name,
            summary=said.split("\n")[0].rstrip("."),
            description=said,
        )(asked)

    return register


@read("/", schemas.Root, name="root")
def root(request):
    """What there is: every address of this API."""
    paths = _paths()
    return schemas.Root(
        name="Targeted cancer drugs",
        version="1",
        notice=settings.SITE_NOTICE,
        site=absolute("/"),
        documentation=absolute(reverse("api-docs")),
        openapi=absolute(reverse("api-openapi")),
        addresses={path.removeprefix(ROOT): absolute(path) for path in paths},
    )


@lru_cache(maxsize=1)
def _paths() -> tuple[str, ...]:
    return tuple(api.get_openapi_schema(path_prefix=ROOT)["paths"])


# Pages


@read("/pages", schemas.PageList, name="pages")
def page_list(
    request,
    kind: KindName | None = OF_KIND,
    as_of: OF_DAY = AS_OF,
    page: int = PART,
    per_page: int = PER_PAGE,
):
    """The live pages, with how fresh and how sure each is."""
    site = _site(as_of)
    part = _Part(request, site, site.keys(kind or ""), page, per_page)
    found = site.outline_by_keys(part.items)
    return schemas.PageList(**part.said(), items=[shapes.listed(found[key]) for key in part.items])


@read("/pages/{kind}/{slug}", schemas.Page, name="page", gone=True)
def page_detail(request, kind: KindName = KIND, slug: Slug = SLUG, as_of: OF_DAY = AS_OF):
    """One page with all it says.

    A page that was withdrawn answers 410 with the reason. One that moved answers 301 with its new address.
    """
    site = _site(as_of)
    found = _page_or_moved(request, site, kind, slug)
    if isinstance(found, HttpResponse):
        return found
    if found.withdrawal:
        return _gone(found, found.withdrawal)
    return shapes.whole(site, found, today(site, found) if site.day else None, then=site)


@read("/pages/{kind}/{slug}/editions", schemas.EditionList, name="editions")
def edition_list(request, kind: KindName = KIND, slug: Slug = SLUG):
    """Every edition that a page ever had, the newest first. Also of a page that was withdrawn."""
    site = PublishedSite()
    found = _page_or_moved(request, site, kind, slug)
    if isinstance(found, HttpResponse):
        return found
    lines = [shapes.edition_line(found, one) for one in site.history(found) if one.url]
    return schemas.EditionList(page=shapes.line(found), items=sorted(lines, key=lambda one: -one.edition))


@read("/pages/{kind}/{slug}/editions/{number}", schemas.Page, name="edition")
def edition_detail(request, kind: KindName = KIND, slug: Slug = SLUG, number: int = NUMBER):
    """One edition of a page, for good. `is_current` says whether visitors still read it; if not, `current` what they read."""
    site = PublishedSite()
    found = site.edition(kind, slug, number)
    if found is None:
        moved = _page_or_moved(request, site, kind, slug)
        if isinstance(moved, HttpResponse):
            return moved
        raise not_there(f"The page “{moved.title}” has no edition {number}. It has {moved.number}.")
    is_live = found.is_current and not found.withdrawal
    now = None if is_live else today(site, found) or found
    return shapes.whole(site, found, now, then=site if is_live else PublishedSite(found.went_live_at))


# Eligibility and pathways


@read("/eligibility", schemas.EligibilityList, name="eligibility")
def eligibility(
    request,
    drug: Key | None = OF_DRUG,
    condition: Key | None = FOR_CONDITION,
    as_of: OF_DAY = AS_OF,
    page: int = PART,
    per_page: int = PER_PAGE,
):
    """Who can have which drug, as lists: for each live drug its indications, and for each indication its criteria."""
    site = _site(as_of)
    for name, key in (("drug", drug), ("condition", condition)):
        if key is None:
            continue
        named = site.outline_by_keys([key]).get(key)
        if named is None or named.withdrawal or named.kind != name:
            raise not_there(f"Visitors can read no {name} with the lasting key “{key}”.")
    keys = site.keys("drug", tied=("treats", condition) if condition else None)
    if drug:
        keys = keys.filter(page__key=drug)
    part = _Part(request, site, keys, page, per_page)
    found = site.by_keys(part.items)
    drugs = [found[key] for key in part.items]
    linked = _linked(site, drugs)
    items = [_eligibility(site, one, linked, condition) for one in drugs]
    return schemas.EligibilityList(**part.said(), items=items)


@read("/conditions/{slug}/pathway", schemas.Pathway, name="pathway", gone=True)
def pathway(request, slug: Slug = SLUG, as_of: OF_DAY = AS_OF):
    """The treatment pathway of a condition: the indications that it is drawn from, in their order."""
    site = _site(as_of)
    found = _page_or_moved(request, site, "condition", slug)
    if isinstance(found, HttpResponse):
        return found
    if found.withdrawal:
        return _gone(found, found.withdrawal)
    uses = pages.treatments(site, found.key)
    linked = _linked(site, [use.page for use in uses])
    steps = [
        schemas.Step(
            drug=shapes.line(use.page),
            status=shapes.word(use.page.content.status),
            indication=Filler(site, use.page, use.page.content, linked).indication(use.indication),
        )
        for use in uses
    ]
    kinds = [shapes.line(one) for one in site.listed_mentioning("is a kind of", found.key)[:]]
    return schemas.Pathway(as_of=site.day, condition=shapes.line(found), steps=steps, kinds=kinds)


# References


@read("/references", schemas.ReferenceList, name="references")
def reference_list(
    request,
    standing: Standing | None = OF_STANDING,
    as_of: OF_DAY = AS_OF,
    page: int = PART,
    per_page: int = PER_PAGE,
):
    """The sources of all live pages, how far each can be relied on, and where it is cited."""
    site = _site(as_of)
    part = _Part(request, site, pages.source_keys(site, standing), page, per_page)
    sources = pages.sources_named(site, part.items)
    marks = pages.marks_on(site, sources.values())
    citing = pages.citing_each(site, part.items)
    items = [schemas.Reference(**shapes.reference(sources[key], marks.get(key), citing[key])) for key in part.items]
    return schemas.ReferenceList(**part.said(), items=items)


@read("/references/{key}", schemas.ReferenceAnswer, name="reference")
def reference_detail(
    request,
    key: Slug = KEY,
    as_of: OF_DAY = AS_OF,
):
    """One source, how far it can be relied on, and every live page that cites it. A duplicate answers 301."""
    site = _site(as_of)
    source = pages.sources_named(site, [key]).get(key)
    if source is None:
        if into := pages.replacing(site, key):
            return _moved(request, api_address("reference", into))
        raise not_there(f"No live page cites a source with the key “{key}”.")
    mark = pages.marks_on(site, [source]).get(key)
    citing = pages.citing_each(site, [key])[key]
    return schemas.ReferenceAnswer(**shapes.reference(source, mark, citing), as_of=site.day)


# Changes


@read("/changes", schemas.ChangeList, name="changes")
def change_list(
    request,
    since: CursorText | None = SINCE,
    limit: int = LIMIT,
):
    """What changed in public since a cursor: editions, reviews, withdrawals, doubts, and marks on sources."""
    try:
        cursor = record_since.Cursor.read(since) if since is not None else record_since.Cursor()
    except record_since.UnknownCursor:
        raise names_nothing(
            "since", "This site gave no such cursor. Ask without it once, and compare what you have with the pages."
        ) from None
    told, after, more = record_since.since(PublishedSite(), cursor, limit)
    return schemas.ChangeList(items=[shapes.change(one) for one in told], next=str(after), more=more)


# What they share


def _site(day: date | None) -> PublishedSite:
    try:
        return PublishedSite.as_of(day) if day else PublishedSite()
    except ValueError:
        raise names_nothing("as_of", "That day has not come yet. Ask for an earlier one, or leave it out.") from None


def _page_or_moved(request, site: PublishedSite, kind: str, slug: str) -> PublishedPage | HttpResponse:
    """The page at an address, withdrawn or not, or the answer that leads to where it went. Raises Wrong if there is none."""
    if found := site.page(kind, slug):
        return found
    if moved := site.present_slug(kind, slug):
        match = request.resolver_match
        return _moved(request, absolute(reverse(match.view_name, kwargs={**match.kwargs, "slug": moved})))
    on = f" on {site.day}" if site.day else ""
    raise not_there(
        f"Visitors can read no {kind} with the slug “{slug}”{on}. {absolute(f'{ROOT}/pages')} lists all pages."
    )


def _moved(request, address: str) -> HttpResponse:
    asked = f"?{request.GET.urlencode()}" if request.GET else ""
    return HttpResponsePermanentRedirect(f"{address}{asked}")


def _gone(page: PublishedPage, why: Notice) -> HttpResponse:
    return problem(
        410,
        f"This page was withdrawn on {why.on}: {why.sentence}",
        page=shapes.line(page).model_dump(mode="json"),
        history=absolute(page.history_url),
    )


def _linked(site: PublishedSite, drugs: Sequence[PublishedPage]) -> dict[str, PublishedPage]:
    """The pages that any of these link to, in one go."""
    return site.outline_by_keys({link.page for one in drugs for link in pages.content.links_in(one.content)})


def _eligibility(site: PublishedSite, drug: PublishedPage, linked, condition: str | None) -> schemas.Eligibility:
    filled = Filler(site, drug, drug.content, linked)
    return schemas.Eligibility(
        drug=shapes.line(drug),
        status=shapes.word(drug.content.status),
        alerts=[filled.alert(one) for one in drug.content.alerts],
        indications=[
            filled.indication(one)
            for one in drug.content.indications
            if condition is None or one.condition.page == condition
        ],
    )


class _Part:
    """A part of a list of keys, and what is said of it."""

    def __init__(self, request, site: PublishedSite, keys, page: int, per_page: int):
        self.request, self.site, self.page, self.per_page = request, site, page, per_page
        self.count = keys.count() if hasattr(keys, "query") else len(keys)
        start = (page - 1) * per_page
        self.items = list(keys[start : start + per_page]) if start < self.count else []

    def said(self) -> dict[str, Any]:
        return {
            "as_of": self.site.day,
            "count": self.count,
            "page": self.page,
            "per_page": self.per_page,
            "next": self._address(self.page + 1) if self.page * self.per_page < self.count else None,
            "previous": self._address(self.page - 1) if self.page > 1 else None,
        }

    def _address(self, page: int) -> str:
        asked = self.request.GET.copy()
        asked["page"] = str(page)
        return absolute(f"{self.request.path}?{asked.urlencode()}")
