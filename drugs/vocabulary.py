"""The words of this subject: statuses, settings, lines of treatment. Each value is stored; its label is read."""

from basics.vocabulary import Vocabulary


class DrugStatus(Vocabulary):
    IN_USE = "in_use", "in use"
    BEING_STUDIED = "being_studied", "being studied"
    NO_LONGER_USED = "no_longer_used", "no longer used"


class NameKind(Vocabulary):
    BRAND = "brand", "brand name"
    FORMER = "former", "former name"
    DEVELOPMENT = "development", "development code"
    OTHER = "other", "other name"


class Route(Vocabulary):
    ORAL = "oral", "by mouth"
    INTRAVENOUS = "intravenous", "into a vein"
    SUBCUTANEOUS = "subcutaneous", "under the skin"
    INTRAMUSCULAR = "intramuscular", "into a muscle"
    TOPICAL = "topical", "on the skin"


class Setting(Vocabulary):
    """When in the course of the disease a drug is given."""

    UNSPECIFIED = "", "not stated"
    NEOADJUVANT = "neoadjuvant", "before surgery"
    ADJUVANT = "adjuvant", "after surgery, to lower the risk that it returns"
    LOCALLY_ADVANCED = "locally_advanced", "cannot be removed with surgery"
    ADVANCED = "advanced", "advanced disease"
    MAINTENANCE = "maintenance", "to keep a response going"


class Line(Vocabulary):
    """Line of treatment: how many treatments of the advanced disease came before."""

    UNSPECIFIED = "", "not stated"
    FIRST = "first", "first treatment"
    SECOND = "second", "second treatment"
    THIRD = "third", "third treatment"
    LATER = "later", "later treatment"


class Certainty(Vocabulary):
    """How settled an indication is."""

    USED = "used", "used"
    MAY_BE_USED = "may_be_used", "may be used"
    BEING_STUDIED = "being_studied", "being studied"
    NO_LONGER_USED = "no_longer_used", "no longer used"


class CriterionKind(Vocabulary):
    REQUIRES = "requires", "you may have it if"
    EXCLUDES = "excludes", "you cannot have it if"


class PriorKind(Vocabulary):
    """A treatment that came, or may not have come, before."""

    DRUG = "drug", "a drug"
    CHEMOTHERAPY = "chemotherapy", "chemotherapy"
    RADIOTHERAPY = "radiotherapy", "radiotherapy"
    SURGERY = "surgery", "surgery"
    OTHER = "other", "another treatment"


class PriorOutcome(Vocabulary):
    UNSPECIFIED = "", "not stated"
    DID_NOT_WORK = "did_not_work", "did not work"
    SEVERE_SIDE_EFFECTS = "severe_side_effects", "severe side effects"
    EITHER = "either", "did not work or severe side effects"


class Body(Vocabulary):
    """The bodies whose decisions we carry."""

    EMA = "ema", "European Medicines Agency (EMA)"
    EC = "ec", "European Commission"
    MHRA = "mhra", "Medicines and Healthcare products Regulatory Agency (MHRA)"
    NICE = "nice", "National Institute for Health and Care Excellence (NICE)"
    SMC = "smc", "Scottish Medicines Consortium (SMC)"
    AWMSG = "awmsg", "All Wales Medicines Strategy Group (AWMSG)"


class Nation(Vocabulary):
    EU = "eu", "European Union"
    UK = "uk", "United Kingdom"
    ENGLAND = "england", "England"
    SCOTLAND = "scotland", "Scotland"
    WALES = "wales", "Wales"
    NORTHERN_IRELAND = "northern_ireland", "Northern Ireland"


class DecisionOutcome(Vocabulary):
    LICENSED = "licensed", "licensed"
    LICENSED_CONDITIONALLY = "licensed_conditionally", "licensed on conditions"
    LICENCE_WITHDRAWN = "licence_withdrawn", "licence withdrawn"
    APPLICATION_WITHDRAWN = "application_withdrawn", "application withdrawn"
    RECOMMENDED = "recommended", "recommended"
    RESTRICTED = "restricted", "recommended for some people"
    CANCER_DRUGS_FUND = "cancer_drugs_fund", "paid for by the Cancer Drugs Fund"
    NOT_RECOMMENDED = "not_recommended", "not recommended"
    ADVICE = "advice", "advice to doctors"
