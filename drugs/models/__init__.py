"""The subject's working copies: what staff edit. Never public; visitors read editions."""

from drugs.models.conditions import Condition, ConditionCitation
from drugs.models.drugs import (
    Alert,
    AlertCitation,
    Decision,
    DecisionCitation,
    Drug,
    DrugCitation,
    DrugMechanism,
    DrugName,
    Mechanism,
)
from drugs.models.guides import (
    Glossary,
    GlossaryCitation,
    Guide,
    GuideCitation,
    GuideSection,
    GuideSectionDrug,
    Term,
    TermCitation,
)
from drugs.models.indications import (
    CriterionCitation,
    EligibilityCriterion,
    Indication,
    IndicationCitation,
    IndicationPartner,
)

__all__ = [
    "Alert",
    "AlertCitation",
    "Condition",
    "ConditionCitation",
    "CriterionCitation",
    "Decision",
    "DecisionCitation",
    "Drug",
    "DrugCitation",
    "DrugMechanism",
    "DrugName",
    "EligibilityCriterion",
    "Glossary",
    "GlossaryCitation",
    "Guide",
    "GuideCitation",
    "GuideSection",
    "GuideSectionDrug",
    "Indication",
    "IndicationCitation",
    "IndicationPartner",
    "Mechanism",
    "Term",
    "TermCitation",
]
