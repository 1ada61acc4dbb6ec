"""Which questions a reader may want to ask about a drug. Plain Python: the words are in `drugs/_question.html`.

They are the same for every drug in the same state, so nobody reviews them per page: they ask, and claim nothing.
"""

from drugs import content
from drugs.vocabulary import Certainty, DrugStatus

_USABLE = {Certainty.USED, Certainty.MAY_BE_USED}


def questions_about(drug: content.DrugContent, *, is_late: bool = False) -> list[str]:
    """The names of the questions, in the order in which they are asked. `is_late`: the page's review is overdue."""
    certainties = {one.certainty for one in drug.indications}
    is_over = drug.status == DrugStatus.NO_LONGER_USED
    is_usable = not is_over and (bool(certainties & _USABLE) or (drug.status == DrugStatus.IN_USE and not certainties))
    is_studied = not is_over and (Certainty.BEING_STUDIED in certainties or drug.status == DrugStatus.BEING_STUDIED)
    speaks_of_before = any(criterion.prior for one in drug.indications for criterion in one.criteria)
    asked = {
        "instead": is_over,
        "had_it": is_over,
        "option": is_usable,
        "before": is_usable and speaks_of_before,
        "nhs": is_usable,
        "side_effects": is_usable,
        "working": is_usable,
        "over_for_me": not is_over and Certainty.NO_LONGER_USED in certainties,
        "trial": is_studied,
        "trial_means": is_studied,
        "others": not is_over,
        "changed_since": is_late,
    }
    return [name for name, is_asked in asked.items() if is_asked]
