"""Generated contents of every kind of page, for property tests."""

from datetime import date

from hypothesis import strategies as st

from basics import richtext
from basics.text import is_forbidden, tidy
from drugs import content
from drugs import vocabulary as words
from references.content import Author, Source, SourceType

# Whatever can be published: no control, format or unassigned characters, no line separators.
_letters = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf", "Cn", "Zl", "Zp", "Co"])
plain = st.one_of(
    st.sampled_from(["", "10 µg", "≥ 18 years", "−5 °C", "a\u00a0b", "naïve & <b>bold</b>", "línea\nde dos"]),
    st.text(_letters, max_size=25).filter(lambda text: not any(map(is_forbidden, text))).map(tidy),
)
text = plain.map(lambda words: f"A{words}".strip())
keys = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?", fullmatch=True)
known_dates = st.one_of(
    st.integers(1000, 2999).map(str),
    st.tuples(st.integers(1000, 2999), st.integers(1, 12)).map(lambda d: f"{d[0]}-{d[1]:02}"),
    st.dates(date(1000, 1, 1), date(2999, 12, 31)).map(str),
)
dates = st.just("") | known_dates
SOURCES = [
    Source(
        key=f"source-{n}",
        type=SourceType.ARTICLE,
        title=f"Title {n}",
        authors=(Author(family="Berry", given="V"), Author(corporate="A Body")),
        et_al=bool(n % 2),
        issued="2018-04",
    )
    for n in range(4)
]
source_keys = st.sampled_from([source.key for source in SOURCES])
citations = st.lists(
    st.builds(content.Citation, source=source_keys, locator=plain), max_size=2, unique_by=lambda one: one.source
).map(tuple)
rich = st.one_of(
    st.just(""),
    plain.map(lambda words: richtext.clean(f"<p>{words.replace('<', '&lt;')}</p>")),
    st.tuples(text, source_keys).map(
        lambda pair: richtext.clean(
            f'<p>{pair[0].replace("&", "&amp;").replace("<", "&lt;")} <cite data-ref="{pair[1]}"></cite></p>'
            "<ul><li><strong>one</strong></li></ul>"
        )
    ),
)
# The name that another page has follows from its key here, as it does in the database.
links = {
    kind: keys.map(lambda slug, kind=kind: content.Link(page=f"{kind}/{slug}", name=f"The {kind} {slug}"))
    for kind in ("drug", "condition")
}


def _unique(strategy, known_by, max_size=3):
    return st.lists(strategy, max_size=max_size, unique_by=known_by).map(tuple)


prior = st.one_of(
    st.none(),
    st.builds(
        content.PriorTreatment,
        kind=st.sampled_from([kind for kind in words.PriorKind if kind != words.PriorKind.DRUG]),
        drug=st.none(),
        outcome=st.sampled_from(words.PriorOutcome),
    ),
    st.builds(
        content.PriorTreatment,
        kind=st.just(words.PriorKind.DRUG),
        drug=links["drug"],
        outcome=st.sampled_from(words.PriorOutcome),
    ),
)
criteria = st.builds(
    content.Criterion, kind=st.sampled_from(words.CriterionKind), text=text, prior=prior, citations=citations
)
indications = st.builds(
    content.Indication,
    key=keys,
    condition=links["condition"],
    setting=st.sampled_from(words.Setting),
    line=st.sampled_from(words.Line),
    certainty=st.sampled_from(words.Certainty),
    where=plain,
    partners=_unique(links["drug"], lambda one: one.page, 2),
    text=rich,
    citations=citations,
    criteria=st.lists(criteria, max_size=3).map(tuple),
)


@st.composite
def _with_sources(draw, model, **fields):
    values = {name: draw(strategy) for name, strategy in fields.items()}
    cited = content.cited_keys(model.model_construct(**values))
    by_key = {source.key: source for source in SOURCES}
    return model(**values, sources=tuple(by_key[key] for key in cited))


drug_contents = _with_sources(
    content.DrugContent,
    name=text,
    names=_unique(
        st.builds(content.OtherName, name=text, kind=st.sampled_from(words.NameKind), note=plain), lambda one: one.name
    ),
    summary=text,
    status=st.sampled_from(words.DrugStatus),
    status_as_of=dates,
    alerts=st.lists(
        st.builds(content.Alert, date=known_dates, title=text, text=rich, citations=citations), max_size=2
    ).map(tuple),
    about=rich,
    indications=_unique(indications, lambda one: one.key),
    drug_class=plain,
    targets=plain,
    mechanisms=_unique(
        keys.map(lambda key: content.Mechanism(key=key, name=f"Way {key}", text=f"It works by {key}.")),
        lambda one: one.key,
    ),
    form=plain,
    route=st.one_of(st.none(), st.sampled_from(words.Route)),
    how_you_have_it=rich,
    decisions=_unique(
        st.builds(
            content.Decision,
            body=st.sampled_from(words.Body),
            nation=st.sampled_from(words.Nation),
            number=plain,
            subject=text,
            outcome=st.sampled_from(words.DecisionOutcome),
            date=dates,
            note=plain,
            citations=citations,
        ),
        lambda one: (one.body, one.number, one.subject, one.date),
    ),
    research=rich,
    atc_code=st.sampled_from(["", "L01EA01"]),
    atc_as_of=dates,
    citations=citations,
)
condition_contents = _with_sources(
    content.ConditionContent,
    name=text,
    abbreviation=plain,
    parent=st.one_of(st.none(), links["condition"]),
    summary=text,
    about=rich,
    citations=citations,
)
guide_contents = _with_sources(
    content.GuideContent,
    title=text,
    summary=text,
    sections=_unique(
        st.builds(
            content.GuideSection,
            key=keys,
            heading=text,
            text=rich,
            drugs=_unique(links["drug"], lambda one: one.page),
        ),
        lambda one: one.key,
    ),
    citations=citations,
)
glossary_contents = _with_sources(
    content.GlossaryContent,
    title=text,
    intro=rich,
    terms=st.lists(
        st.builds(content.Term, key=keys, name=text, abbreviation=plain, definition=text, citations=citations),
        max_size=4,
        unique_by=(lambda one: one.key, lambda one: one.name),
    ).map(tuple),
    citations=citations,
)
CONTENTS = {
    "drug": drug_contents,
    "condition": condition_contents,
    "guide": guide_contents,
    "glossary": glossary_contents,
}
