"""Why a page is not ready to be submitted: a list of named problems, each with the field it is about."""

from basics import richtext
from editions.kinds import Problem

# What the parts that templates draw are called in links, and how the names begin that are made while drawing. A key of
# the same name would be a second place of that name on its page, and links to it would lead to the first.
_ON_EVERY_PAGE = frozenset({"main", "search-q"})
ON_A_DRUG = frozenset({"who-it-is-for", "how-it-works", "how-you-have-it", "being-studied", "questions"})
_BEGINNINGS = ("where-it-stands", "source-", "word-", "shown-")
_ENDINGS = ("-title",)


def drug_problems(drug, missing_sources: list[str]) -> list[Problem]:
    """The problems of a drug's working copy. `missing_sources` are keys that its text cites and the library lacks."""
    problems = [
        *_required(drug, summary="Say in one sentence what the drug is (“In short”)."),
        *_unknown_sources(missing_sources),
    ]
    indications = list(drug.indications.all())
    if not indications and not richtext.words(drug.about):
        problems.append(
            Problem("indications", "Describe at least one indication, or say in “About” why there is none.")
        )
    for alert in drug.alerts.all():
        if not richtext.words(alert.text):
            problems.append(Problem("alerts", f"The notice “{alert.title}” has no text."))
    problems += _taken_keys("indications", "indication", indications, ON_A_DRUG)
    for indication in indications:
        if indication.certainty == "used" and drug.status == "no_longer_used":
            problems.append(
                Problem(
                    "indications",
                    f"The drug is no longer used, but “{indication}” still says it is used. Change how settled it is.",
                )
            )
    return problems


def condition_problems(condition, missing_sources: list[str]) -> list[Problem]:
    return [
        *_required(condition, summary="Say in one or two sentences what the condition is."),
        *_unknown_sources(missing_sources),
    ]


def guide_problems(guide, missing_sources: list[str]) -> list[Problem]:
    problems = [
        *_required(guide, summary="Say in one or two sentences what the guide is about."),
        *_unknown_sources(missing_sources),
    ]
    sections = list(guide.sections.all())
    if not sections:
        problems.append(Problem("sections", "A guide needs at least one section."))
    problems += _taken_keys("sections", "section", sections)
    for section in sections:
        if not richtext.words(section.text) and not section.drug_rows.all():
            problems.append(Problem("sections", f"The section “{section.heading}” has neither text nor a drug."))
    return problems


def glossary_problems(glossary, missing_sources: list[str]) -> list[Problem]:
    problems = _unknown_sources(missing_sources)
    terms = list(glossary.terms.all())
    if not terms:
        problems.append(Problem("terms", "A glossary needs at least one term."))
    return [*problems, *_taken_keys("terms", "term", terms)]


def _required(row, **sentences: str) -> list[Problem]:
    return [Problem(name, sentence) for name, sentence in sentences.items() if not getattr(row, name).strip()]


def _taken_keys(field: str, what: str, rows: list, places: frozenset[str] = frozenset()) -> list[Problem]:
    return [
        Problem(field, f"The {what} “{row}” has the key “{row.key}”, which its page uses already. Choose another key.")
        for row in rows
        if row.key in places or is_taken(row.key)
    ]


def is_taken(key: str) -> bool:
    """Whether a key would be the name of a place that any page may have anyway."""
    return key in _ON_EVERY_PAGE or key.startswith(_BEGINNINGS) or key.endswith(_ENDINGS)


def _unknown_sources(keys: list[str]) -> list[Problem]:
    return [
        Problem("about", f"The text cites “{key}”, which is not among the references. Add it or take the citation out.")
        for key in keys
    ]
