"""Generated sources, as our database can hold them, for property tests."""

from hypothesis import strategies as st

from references import identifiers
from references.content import Author, Source, SourceType
from references.formats.names import is_et_al
from references.formats.pages import is_article_number, whole
from references.formats.words import one_line
from tests.contents import dates, keys, plain

# One line without spaces around it, as forms give it. What the formats' own signs are made of comes up often.
_SIGNS = r"""ER  -|TY  - JOUR|a, b|a;b; c|Smith and Jones|and|{x}|}|{|\|a\b|50% & $5 #1_2|~|^|@article{a,|"|--|''|``|!`|<i>
</sup>|&amp;|&#59;|&|p<0.05|van der|Jr|et|NICE|a,,b|,|10⁶|β|<<x>>|{\"o}|$x$|% no comment|PMID- 1|\url{x}|-|de|mar # 1"""
_signs = st.sampled_from(_SIGNS.replace("\n", "|").split("|"))
line = st.lists(st.one_of(plain, _signs), min_size=1, max_size=3).map(lambda parts: one_line(" ".join(parts)))
some = line.filter(bool)
authors = st.one_of(
    st.builds(Author, family=some, given=line).filter(lambda one: one.given or not is_et_al(one.family)),
    st.builds(Author, corporate=some.filter(lambda name: not is_et_al(name))),
    st.sampled_from(
        [
            Author(family="Sutrisno"),
            Author(family="van der Graaf", given="Winette T. A."),
            Author(corporate="National Institute for Health and Care Excellence"),
            Author(family="Group"),
            Author(corporate="Department of Health, Social Care, and others"),
        ]
    ),
)
dois = st.one_of(
    st.just(""),
    st.just("10.1002/(sici)1097-0142(19991001)86:7<1287::aid-cncr1>3.0.co;2-#"),
    st.from_regex(r"10\.[0-9]{4,5}/[-._;()/:a-z0-9<>&#~=@!*',$?\\\[\]]{0,20}[a-z0-9]", fullmatch=True).filter(
        lambda text: identifiers.doi(text) == text
    ),
)
urls = st.one_of(
    st.just(""),
    st.sampled_from(["https://doi.org/10.3390/ijms19030739", "https://www.nice.org.uk/guidance/ta488?a=1&amp;b=2"]),
    st.from_regex(r"https?://[a-z]{1,8}\.org/[-._~a-zA-Z0-9%&=?#{}\\;,$^|]{0,25}", fullmatch=True),
)
pages = st.one_of(
    st.sampled_from(["", "833-842", "S12-S18", "739", "i-iv, 5", "5-", "1-1", "842-33"]),
    line.filter(lambda text: whole(text) == text and not is_article_number(text)),
)
numbers = st.one_of(st.sampled_from(["", "e1234", "739", "101234"]), line)


@st.composite
def sources(draw, key=keys):
    """A source of any type. It has pages or an article number, as the database wants."""
    has_pages = draw(st.booleans())
    return Source(
        key=draw(key),
        type=draw(st.sampled_from(list(SourceType))),
        title=draw(some),
        authors=tuple(draw(st.lists(authors, max_size=3))),
        et_al=draw(st.booleans()),
        container=draw(line),
        publisher=draw(line),
        issued=draw(dates),
        volume=draw(line.filter(lambda text: len(text) <= 30)),
        issue=draw(line.filter(lambda text: len(text) <= 30)),
        pages=draw(pages.filter(lambda text: len(text) <= 40)) if has_pages else "",
        article_number="" if has_pages else draw(numbers.filter(lambda text: len(text) <= 40)),
        doi=draw(dois),
        pmid=draw(st.sampled_from(["", "29510588", "1"])),
        pmcid=draw(st.sampled_from(["", "PMC5877600"])),
        url=draw(urls),
        accessed=draw(dates),
    )
