"""What follows what on a condition's page: read from the criteria, in words and as ties."""

import itertools
import time

import pytest

from drugs import content, pages
from drugs.pathway import draw, pathway
from tests.drugs.ways import EITHER, FAILED, GIST, SEVERE, DrugPage, Use, after, gist, use


def ties(uses, *, drawn: bool = True) -> dict[tuple[str, str], str]:
    """The outcome on each arrow by the names at its ends; or on each tie that is told in words alone."""
    way = pathway(uses)
    return {
        (way.by_key[tie.before].title, way.by_key[tie.after].title): tie.prior.outcome
        for tie in way.ties
        if tie.is_drawn == drawn
    }


def items(uses) -> dict:
    return {item.step.title: item for item in pathway(uses).items}


def names(priors) -> list[str]:
    return [prior.in_words for prior in priors]


def test_imatinib_then_sunitinib_then_regorafenib():
    said = "did not work or severe side effects"
    assert ties(gist()) == {("imatinib", "sunitinib"): said, ("sunitinib", "regorafenib"): said}
    assert names(items(gist())["regorafenib"].priors) == [f"imatinib: {said}", f"sunitinib: {said}"]


def test_an_arrow_past_a_treatment_stays_if_it_asks_for_another_outcome():
    uses = [use("a"), use("b", after("a", EITHER)), use("c", after("a", FAILED), after("b", EITHER))]
    assert ties(uses)["a", "c"] == "did not work"


def test_an_arrow_past_a_treatment_stays_if_one_of_its_uses_does_not_need_the_same():
    uses = [use("a"), use("b", after("a")), use("b", key="other"), use("c", after("a"), after("b"))]
    assert ("a", "c") in ties(uses)


def test_branches_are_told_on_what_they_start_from():
    uses = [use("a"), use("b", after("a", FAILED)), use("c", after("a", SEVERE))]
    assert ties(uses) == {("a", "b"): "did not work", ("a", "c"): "severe side effects"}
    assert items(uses)["a"].next == ("b", "c")


def test_where_several_treatments_are_needed_each_has_its_outcome():
    uses = [use("a"), use("b"), use("c", after("a", FAILED), after("b"))]
    assert ties(uses) == {("a", "c"): "did not work", ("b", "c"): ""}
    words = [line.text for arrow in draw(pathway(uses), GIST).arrows for line in arrow.words]
    assert words == ["after both of these:", "a: did not work", "b"]


def test_outcomes_that_are_all_asked_for_are_joined_and_the_same_one_is_said_once():
    uses = [use("a"), use("b", after("a", FAILED), after("a", SEVERE), after("a", FAILED), after("a"))]
    assert ties(uses) == {("a", "b"): "did not work, and severe side effects"}


def test_what_has_no_use_on_the_page_starts_the_way():
    way = pathway([use("b", after("doxorubicin"), after("radiotherapy", FAILED)), use("c", after("radiotherapy"))])
    assert [(start.key, start.title, start.treatment) for start in way.starts] == [
        (("drug/doxorubicin",), "doxorubicin", None),
        (("radiotherapy",), "radiotherapy", None),
    ]
    assert len(way.arrows) == 3


def test_what_must_not_have_come_before_is_no_arrow():
    uses = [use("a"), use("b", after("a", kind="excludes"), after("chemotherapy", kind="excludes"))]
    assert ties(uses) == {} and pathway(uses).starts == ()
    assert names(items(uses)["b"].excluded) == ["a", "chemotherapy"]
    assert items(uses)["b"].priors == ()


def test_a_drug_follows_the_use_of_the_same_setting():
    early, late = use("a", key="early", setting="adjuvant"), use("a", key="late", setting="advanced", line="first")
    way = pathway([early, late, use("b", after("a"), setting="advanced", line="second")])
    assert [(tie.before, tie.after) for tie in way.ties] == [(("drug/a", "late"), ("drug/b", "gist"))]
    way = pathway([early, late, use("b", after("a"))])
    assert [tie.before[1] for tie in way.ties] == ["early", "late"]
    assert [line.text for arrow in draw(way, GIST).arrows for line in arrow.words] == ["after a"]


def test_a_drug_that_follows_itself_follows_its_other_uses_or_is_told():
    again = use("a", after("a", FAILED), key="again", setting="advanced")
    assert [tie.before[1] for tie in pathway([use("a", key="first"), again]).arrows] == ["first"]
    assert pathway([again]).ties == ()
    assert names(items([again])["a"].circular) == ["a: did not work"]
    assert items([again])["a"].priors == ()


@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
def test_circles_are_opened_at_the_same_place_and_the_rest_is_told(order):
    before = {"a": "c", "b": "a", "c": "b"}
    uses = [use(name, after(before[name], FAILED)) for name in order]
    assert ties(uses) == {("a", "b"): "did not work", ("b", "c"): "did not work"}
    assert ties(uses, drawn=False) == {("c", "a"): "did not work"}
    assert names(items(uses)["a"].circular) == ["c: did not work"]


def test_of_two_that_follow_each_other_the_earlier_line_leads():
    uses = [use("a", after("b"), line="second"), use("b", after("a"), line="first")]
    assert ties(uses) == {("b", "a"): ""}
    assert names(items(uses)["b"].circular) == ["a"]


def test_a_use_that_comes_twice_stands_once():
    way = pathway([*gist(), *gist()])
    assert len(way.steps) == 3 and len(way.arrows) == 2


@pytest.mark.parametrize("uses", [[], [use("a"), use("b")], [use("a", after("a"))]])
def test_nothing_is_drawn_where_nothing_follows_anything(uses):
    assert draw(pathway(uses), GIST) is None


def test_sixty_uses_that_all_follow_each_other_are_drawn_soon():
    outcomes = itertools.cycle([FAILED, SEVERE, EITHER])
    uses = [use(f"d{n:02}", *(after(f"d{m:02}", next(outcomes)) for m in range(60) if m != n)) for n in range(60)]
    started = time.perf_counter()
    way = pathway(uses)
    assert len(draw(way, GIST).boxes) == 60 and len(way.ties) == 60 * 59
    assert time.perf_counter() - started < 10


# Which uses a condition's page has


class Site:
    """A published site of drugs for conditions, and of kinds of conditions."""

    def __init__(self, uses: dict[str, list[Use]], kinds: dict[str, list[str]]):
        self.uses, self.kinds = uses, kinds

    def mentioning_any(self, relation: str, targets) -> list:
        assert relation == "treats"
        return [self._page(one) for target in targets for one in self.uses.get(target, [])]

    def ties(self, relation: str) -> list:
        assert relation == "is a kind of"
        return [(kind, wider) for wider, kinds in self.kinds.items() for kind in kinds]

    def _page(self, one: Use):
        page = DrugPage(one.page.key, one.page.title, one.page.url)
        object.__setattr__(page, "content", type("Content", (), {"indications": (one.indication,)}))
        return page


def test_the_way_goes_on_into_the_kinds_of_a_condition_even_if_they_lead_in_a_circle():
    of = {key: content.Link(page=f"condition/{key}", name=key) for key in ("gist", "late", "other")}
    uses = {
        GIST: [use("a")],
        "condition/late": [use("c", after("b"), condition=of["late"]), use("b", after("a"), condition=of["late"])],
        "condition/other": [use("d", after("radiotherapy"), condition=of["other"]), use("e", condition=of["other"])],
    }
    kinds = {GIST: ["condition/late"], "condition/late": ["condition/other"], "condition/other": [GIST]}
    found = [one.page.title for one in pages.treatments(Site(uses, kinds), GIST)]
    assert found == ["a", "b", "c"]
