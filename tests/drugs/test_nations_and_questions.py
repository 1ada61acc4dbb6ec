"""Where a drug stands in each nation, and what a reader may want to ask: from its content alone."""

from types import SimpleNamespace

from django.template.loader import render_to_string

from drugs import content
from drugs.nations import by_nation
from drugs.questions import questions_about


def a_decision(nation: str, date: str, *cited: str, body="nice", subject="GIST", outcome="recommended"):
    citations = [{"source": one} for one in cited]
    fields = {"nation": nation, "date": date, "body": body, "subject": subject, "outcome": outcome}
    return content.Decision.model_validate({**fields, "citations": citations})


def a_drug(status: str, *certainties: str, prior: bool = False) -> content.DrugContent:
    criterion = {"kind": "requires", "text": "You had surgery.", "prior": {"kind": "surgery"} if prior else None}
    indications = [
        {
            "key": f"use-{place}",
            "condition": {"page": "condition/gist", "name": "GIST"},
            "certainty": one,
            "criteria": [criterion],
        }
        for place, one in enumerate(certainties)
    ]
    fields = {"name": "drug", "summary": "A drug.", "status": status, "indications": indications}
    return content.DrugContent.model_validate(fields)


def test_every_nation_is_told_newest_first_and_nothing_is_made_up_for_the_others():
    told = by_nation([a_decision("england", date) for date in ("2004-10", "", "2014-11-26", "2014-11")])
    assert [one.name for one in told] == [
        *("England", "Scotland", "Wales", "Northern Ireland", "the United Kingdom", "the European Union"),
    ]
    assert [line.decision.date for line in told[0].told] == ["2014-11-26", "2014-11", "2004-10", ""]
    assert [len(one.told) for one in told] == [4, 0, 0, 0, 0, 0]


def test_a_decision_is_superseded_only_if_all_that_it_rests_on_is_marked_so():
    marks = {"old": SimpleNamespace(standing="superseded"), "bad": SimpleNamespace(standing="retracted")}
    cases = {("old",): True, ("old", "new"): False, ("bad",): False, ("new",): False, (): False}
    for cited, expected in cases.items():
        # A newer decision of the same body does not make it so.
        england, *_ = by_nation([a_decision("england", "2004", *cited), a_decision("england", "2020")], marks)
        assert [line.is_superseded for line in england.told] == [False, expected], cited


def test_questions_follow_from_the_state_of_the_content():
    usual = ["option", "nhs", "side_effects", "working", "others"]
    cases = [
        (a_drug("in_use", "used"), usual),
        (a_drug("in_use"), usual),
        (a_drug("in_use", "may_be_used", prior=True), ["option", "before", *usual[1:]]),
        (a_drug("being_studied", "being_studied"), ["trial", "trial_means", "others"]),
        (a_drug("in_use", "used", "being_studied"), [*usual[:-1], "trial", "trial_means", "others"]),
        (a_drug("in_use", "used", "no_longer_used"), [*usual[:-1], "over_for_me", "others"]),
        (a_drug("no_longer_used", "no_longer_used"), ["instead", "had_it"]),
        (a_drug("no_longer_used", "being_studied"), ["instead", "had_it"]),
    ]
    for drug, expected in cases:
        assert questions_about(drug) == expected
        assert questions_about(drug, is_late=True) == [*expected, "changed_since"]
    asked = {name for drug, _ in cases for name in questions_about(drug, is_late=True)}
    in_words = {render_to_string("drugs/_question.html", {"asks": name}).strip() for name in asked}
    assert len(in_words) == len(asked) == 12 and all(one.endswith("?") for one in in_words)
