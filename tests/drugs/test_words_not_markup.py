"""Text that looks like HTML comes out as text, in every field of every kind of page."""

import re
from html import escape

import pytest

from drugs import content
from editions import actions
from editions.kinds import kind
from editions.models import Page
from references.content import Author, Source
from tests.factories import a_person, published

pytestmark = pytest.mark.usefixtures("starter_content")


def plain(name: str) -> str:
    return f'<b x="">{name}'


def rich(name: str) -> str:
    return f"<p>{escape(plain(name))}</p><script>alert(1)</script><p onclick='alert(1)'>x</p>"


CITED = [{"source": "markup-2018", "locator": plain("locator")}]
SOURCE = Source(
    key="markup-2018",
    type="chapter",  # all its fields are shown; of a journal the publisher is not
    authors=(Author(family=plain("family")), Author(corporate=plain("corporate"))),
    **{name: plain(name) for name in ("title", "container", "publisher", "volume", "issue", "pages")},
)
UNPUBLISHED = {"page": "drug/unpublished", "name": plain("drug")}
MARKUP = {
    "condition": {
        **{name: plain(name) for name in ("name", "abbreviation", "summary")},
        "about": rich("about"),
    },
    "drug": {
        **{name: plain(name) for name in ("name", "summary", "drug_class", "targets", "form")},
        **{name: rich(name) for name in ("about", "how_you_have_it", "research")},
        "status": "in_use",
        "names": [{"name": plain("brand"), "kind": "brand", "note": plain("note")}],
        "alerts": [{"date": "2019", "title": plain("alert"), "text": rich("alert-text"), "citations": CITED}],
        "mechanisms": [{"key": "markup", "name": plain("mechanism"), "text": plain("mechanism-text")}],
        "indications": [
            {
                "key": "markup",
                "condition": {"page": "condition/unpublished", "name": plain("condition")},
                "where": plain("where"),
                "partners": [UNPUBLISHED],
                "text": rich("indication"),
                "criteria": [
                    {"kind": kind, "text": plain(kind), "citations": CITED} for kind in ("requires", "excludes")
                ],
            }
        ],
        "decisions": [
            {"body": "ema", "nation": "eu", "outcome": "advice"}
            | {"number": plain("number"), "subject": plain("subject"), "note": plain("decision-note")}
        ],
    },
    "guide": {
        "title": plain("title-of-guide"),
        "summary": plain("summary"),
        "sections": [{"key": "markup", "heading": plain("heading"), "text": rich("section"), "drugs": [UNPUBLISHED]}],
    },
    "glossary": {
        "title": plain("title-of-glossary"),
        "intro": rich("intro"),
        "terms": [{"key": "markup"} | {name: plain(name) for name in ("name", "abbreviation", "definition")}],
    },
}
# A source of the page as a whole, and one beside a term.
MARKUP = {name: {**fields, "citations": [{"source": SOURCE.key}]} for name, fields in MARKUP.items()}
MARKUP["glossary"]["terms"][0]["citations"] = CITED


@pytest.mark.parametrize("name", list(MARKUP))
def test_text_that_looks_like_html_comes_out_as_text(client, author, publisher, name):
    critic = a_person(
        "critic",
        "Clinical reviewer",
        public_name=plain("reviewer"),
        professional_role=plain("role"),
        interests=plain("interests"),
        interests_declared_on="2026-01-05",
    )
    value = content.assemble(kind(name).content_type, MARKUP[name], lambda keys: {SOURCE.key: SOURCE})
    page = Page.objects.filter(key=f"{name}/glossary").first() or actions.open_page(kind=name, slug="markup")
    working = kind(name).restore(value, page=page)
    published(working, author=author, reviewer=critic, publisher=publisher, change_note=plain("change-note"))
    actions.mark_source(SOURCE.key, by=publisher, standing="corrected", reason=plain("mark"))
    actions.tell_doubt(page, by=publisher, sentence=plain("doubt"))

    text = client.get(page.get_absolute_url()).text.replace("&quot;", '"')
    told = set(re.findall(r'b x=(?:\\"){2}(?:>|&gt;)([\w-]+)', value.model_dump_json()))
    for one in told | {"reviewer", "role", "interests", "change-note", "mark", "doubt"}:
        assert re.search(f'&lt;b x=""&gt;{one}(?![\\w-])', text), one
    addresses = ["/", "/drugs/", "/conditions/", "/references/", "/references/markup-2018/"]
    lists = [client.get(one).text for one in [*addresses, f"{page.get_absolute_url()}history/"]]
    assert all("&lt;b x=" in one for one in lists[3:])
    actions.withdraw_page(page, by=publisher, reason=plain("withdrawal"))
    gone = client.get(page.get_absolute_url()).text
    assert "&gt;withdrawal" in gone
    drawn = re.sub(r'<script type="application/ld\+json">[^<>]*</script>', "", "".join([text, gone, *lists]))
    assert not re.search(r"<b x|<script(?! src)|\son[a-z]+=\S", drawn)
