"""Uses of drugs in few words, for the tests of the pathway: `use("sunitinib", after("imatinib"))`."""

from dataclasses import dataclass

from drugs import content
from drugs import vocabulary as words

GIST = "condition/gist"
EITHER = words.PriorOutcome.EITHER
FAILED = words.PriorOutcome.DID_NOT_WORK
SEVERE = words.PriorOutcome.SEVERE_SIDE_EFFECTS
NOT_STATED = words.PriorOutcome.UNSPECIFIED


@dataclass(frozen=True)
class DrugPage:
    key: str
    title: str
    url: str
    awaits_review: bool = False
    is_late: bool = False


@dataclass(frozen=True)
class Use:
    page: DrugPage
    indication: content.Indication


def use(drug: str, *criteria: content.Criterion, key: str = "gist", name: str = "", partners=(), **fields) -> Use:
    condition = fields.pop("condition", content.Link(page=GIST, name="GIST"))
    linked = tuple(content.Link(page=f"drug/{one}", name=one) for one in partners)
    return Use(
        DrugPage(f"drug/{drug}", name or drug, f"/drugs/{drug}/"),
        content.Indication(key=key, condition=condition, criteria=criteria, partners=linked, **fields),
    )


def after(drug: str, outcome=NOT_STATED, *, kind: str = "requires") -> content.Criterion:
    """A criterion that speaks of a drug, or of radiotherapy, surgery … by that word."""
    other = drug in set(words.PriorKind) - {"drug"}
    link = None if other else content.Link(page=f"drug/{drug}", name=drug)
    prior = content.PriorTreatment(kind=drug if other else "drug", drug=link, outcome=outcome)
    return content.Criterion(kind=kind, text=f"You have had {drug}.", prior=prior)


def gist() -> list[Use]:
    return [
        use("imatinib", setting="adjuvant"),
        use("sunitinib", after("imatinib", EITHER)),
        use(
            "regorafenib", after("imatinib", EITHER), after("sunitinib", EITHER), setting="advanced", where="in the UK"
        ),
    ]
