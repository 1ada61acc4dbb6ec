"""The words of watching over sources. Each value is stored; its label is read. Plain Python."""

from basics.vocabulary import Vocabulary


class Outcome(Vocabulary):
    """What came of following a reference's link."""

    REACHABLE = "reachable", "it opens"
    MOVED = "moved", "it opens, but has moved for good"
    GONE = "gone", "the site says that it is not there"
    REFUSED = "refused", "the site answers no programs"
    ROBOTS = "robots", "the site asks programs to stay away"
    NOT_REACHED = "not_reached", "the site was not reached"
    PUT_OFF = "put_off", "the site asked to come back later"


# Somebody can read it, or at least the site could show it.
GOOD = (Outcome.REACHABLE, Outcome.MOVED)
FAILING = (Outcome.GONE, Outcome.NOT_REACHED)


class Nature(Vocabulary):
    """What a notice does to a paper, in the words of the Retraction Watch data (column RetractionNature)."""

    RETRACTION = "Retraction", "retracted"
    CONCERN = "Expression of concern", "put under an expression of concern"
    CORRECTION = "Correction", "corrected"
    REINSTATEMENT = "Reinstatement", "reinstated"
