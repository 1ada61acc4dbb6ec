"""The picture of a pathway: nothing overlaps, everything fits, and it says what the list says."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from drugs import vocabulary as words
from drugs.pathway import draw, lettering, pathway
from editions import actions
from editions.models import Page
from tests import contents
from tests.drugs.ways import GIST, after, gist, use

DRUGS = [f"d{n}" for n in range(6)]
afters = st.builds(
    after,
    st.sampled_from([*DRUGS, "elsewhere", "radiotherapy", "surgery"]),
    st.sampled_from(words.PriorOutcome),
    kind=st.sampled_from(["requires", "requires", "excludes"]),
)
uses = st.lists(
    st.builds(
        lambda drug, key, criteria, name, **fields: use(drug, *criteria, key=key, name=name, **fields),
        st.sampled_from(DRUGS),
        st.sampled_from(["one", "two"]),
        st.lists(afters, max_size=3),
        contents.text,
        setting=st.sampled_from(words.Setting),
        line=st.sampled_from(words.Line),
        certainty=st.sampled_from(words.Certainty),
        where=contents.plain,
        partners=st.lists(st.sampled_from(["x", "y", "a-very-long-name-of-a-drug-that-no-line-holds"]), unique=True),
    ),
    max_size=8,
    unique_by=lambda one: (one.page.key, one.indication.key),
)


def svg(picture) -> str:
    return render_to_string("drugs/_pathway.html", {"picture": picture, "name": "GIST"})


def spaces(picture) -> list[tuple[float, float, float, float]]:
    """Left, top, right and bottom of every box and of the words on every arrow."""
    boxes = [(box.x, box.y, box.x + box.width, box.bottom) for box in picture.boxes]
    lines = [line for arrow in picture.arrows for line in arrow.words]
    return boxes + [(line.x - line.width / 2, line.y - 10, line.x + line.width / 2, line.y + 3) for line in lines]


def overlap(one, other) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def on_path(path: str) -> list[tuple[float, float]]:
    """Points on a line of an arrow, close to each other."""
    points = [tuple(map(float, re.match(r"M(\d+) (\d+)", path).groups()))]
    for command, numbers in re.findall(r"([VC])([\d ]+)", path):
        x, y = points[-1]
        to = [float(number) for number in numbers.split()]
        to = [x, y, x, to[0], x, to[0]] if command == "V" else to
        ends = [(x, y), (to[0], to[1]), (to[2], to[3]), (to[4], to[5])]
        for t in [step / 20 for step in range(1, 21)]:
            shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            points.append(tuple(sum(s * end[axis] for s, end in zip(shares, ends, strict=True)) for axis in (0, 1)))
    return points


@settings(max_examples=60, deadline=None)
@given(uses)
def test_every_use_is_a_step_once_and_every_prior_is_an_arrow_or_told(made):
    way = pathway(made)
    assert [step.key for step in way.steps] == [(one.page.key, one.indication.key) for one in made]
    for item in way.items:
        asked = {
            one.prior.drug.page if one.prior.drug else one.prior.kind
            for one in item.step.treatment.indication.required
            if one.prior
        }
        assert {prior.key for prior in item.priors} | {prior.key for prior in item.circular} == asked
        tied = {tie.prior.key for tie in way.ties if tie.after == item.step.key and not tie.closes_circle}
        assert tied == {prior.key for prior in item.priors}


@settings(max_examples=60, deadline=None)
@given(uses)
def test_nothing_overlaps_and_all_words_fit(made):
    way = pathway(made)
    picture = draw(way, GIST)
    assert (picture is None) == (not way.arrows)
    if picture is None:
        return
    assert sorted(box.step.key for box in picture.boxes) == sorted(way.by_key)
    taken = spaces(picture)
    assert not any(overlap(one, other) for n, one in enumerate(taken) for other in taken[:n])
    assert all(left >= 0 and right <= picture.width and bottom <= picture.height for left, _, right, bottom in taken)
    for box in picture.boxes:
        assert all(box.x < line.x and line.x + line.width < box.x + box.width for line in box.lines)
        assert all(box.y < line.y < box.bottom for line in box.lines)
    assert all(line.x + line.width <= picture.width for line in picture.headings)


@settings(max_examples=60, deadline=None)
@given(uses)
def test_no_arrow_runs_through_a_box_or_a_word(made):
    picture = draw(pathway(made), GIST)
    if picture is None:
        return
    points = [point for arrow in picture.arrows for path in (*arrow.lines, arrow.end) for point in on_path(path)]
    for left, top, right, bottom in spaces(picture):
        assert not any(left < x < right and top + 0.5 < y < bottom - 0.5 for x, y in points)


@settings(max_examples=60, deadline=None)
@given(st.data(), uses)
def test_the_picture_is_the_same_whatever_the_order(data, made):
    assert draw(pathway(data.draw(st.permutations(made))), GIST) == draw(pathway(made), GIST)


@settings(max_examples=40, deadline=None)
@given(uses)
def test_the_picture_is_xml_without_styles_and_the_list_names_everything(made):
    way = pathway(made)
    picture = draw(way, GIST)
    if picture is not None:
        root = ElementTree.fromstring(svg(picture))
        assert not any("style" in node.attrib for node in root.iter())
        assert len(root.findall(".//{http://www.w3.org/2000/svg}a")) == len(way.steps)
    for item in way.items:
        one = item.step.treatment
        drawn = render_to_string("drugs/_pathway_item.html", {"item": item, "use": one, "condition": GIST})
        listed = " ".join(unescape(drawn).split())
        assert " ".join((item.step.title[:1].upper() + item.step.title[1:]).split()) in listed
        for said in (*item.priors, *item.circular, *item.excluded):
            assert f"fter {said.in_words}" in listed


def test_hostile_names_are_words_and_nothing_else():
    name = '"><script>alert(1)</script>&amp;</svg>'
    drawn = svg(draw(pathway([use("a", name=name), use("b", after("a"))]), GIST))
    assert "<script" not in drawn and drawn.count("</svg>") == 1
    ElementTree.fromstring(drawn)


def test_a_box_leads_to_the_use_on_the_drugs_page_and_says_itself_in_one_line():
    drawn = svg(draw(pathway(gist()), GIST))
    assert 'href="/drugs/regorafenib/#gist" aria-label="Regorafenib, Used in the UK, Advanced disease"' in drawn
    assert drawn.count("did not work or severe side effects") == 2


@pytest.mark.parametrize("certainty", words.Certainty)
def test_how_settled_a_use_is_stands_in_words_and_in_a_pattern(certainty):
    drawn = svg(draw(pathway([use("a", certainty=certainty), use("b", after("a"))]), GIST))
    assert f'class="way-{certainty}"' in drawn
    assert certainty.label.capitalize() in drawn


def test_a_single_column_fits_a_phone_and_branches_can_be_scrolled():
    assert not draw(pathway(gist()), GIST).is_wide
    branches = draw(pathway([use("a"), use("b", after("a")), use("c", after("a"))]), GIST)
    assert branches.is_wide
    assert 'tabindex="0"' in svg(branches) and 'tabindex="0"' not in svg(draw(pathway(gist()), GIST))


def test_words_that_are_too_long_for_a_line_are_broken_and_none_is_lost():
    lines = lettering.wrap("one donaudampfschifffahrtsgesellschaft e\u0301e\u0301e\u0301 漢字漢字漢字漢字", 15, 80)
    assert all(lettering.width(line, 15) <= 80 for line in lines)
    assert (
        "".join(lines).replace("-", "").replace(" ", "")
        == "onedonaudampfschifffahrtsgesellschafte\u0301e\u0301e\u0301漢字漢字漢字漢字"
    )


# On the site


@pytest.mark.usefixtures("starter_content")
def test_visitors_see_the_way_of_gist_and_no_picture_where_there_is_none(client):
    page = client.get("/conditions/gist/").text
    assert [*re.findall(r'class="way-used" href="([^"]+)"', page)] == [
        "/drugs/imatinib/#gist",
        "/drugs/sunitinib/#gist",
        "/drugs/regorafenib/#advanced-gist",
    ]
    assert "for advanced GIST" in page
    assert "<svg" not in client.get("/conditions/soft-tissue-sarcoma/").text
    assert "/drugs/sunitinib/" not in client.get("/conditions/soft-tissue-sarcoma/").text
    assert client.get("/conditions/advanced-gist/").text.count('class="way-start"') == 2


@pytest.mark.usefixtures("starter_content")
def test_a_withdrawn_drug_that_comes_before_another_is_marked_in_the_picture_and_in_the_list(client, publisher):
    assert "(withdrawn)" not in client.get("/conditions/gist/").text
    actions.withdraw_page(Page.objects.get(key="drug/sunitinib"), by=publisher, reason="It was wrong.")
    page = client.get("/conditions/gist/").text
    assert "And after sunitinib (withdrawn): did not work or severe side effects" in page
    assert re.search(r'<g class="way-start">.*?Sunitinib.*?\(withdrawn\)', page, re.DOTALL)
    first_day = client.get("/as-of/2018-12-31/conditions/gist/").text
    assert "(withdrawn)" not in first_day


@pytest.mark.usefixtures("starter_content")
def test_olaratumab_comes_after_radiotherapy_and_not_after_chemotherapy(client):
    page = client.get("/conditions/advanced-soft-tissue-sarcoma/").text
    assert "After radiotherapy: did not work" in page
    assert "Not after chemotherapy" in page
    assert "After chemotherapy" not in page
