"""The parts that files of all formats share: names, dates, pages, words."""

import pytest

from references.formats import dates, latex, pages
from references.formats.names import inverted, is_et_al, medline, unmarked
from references.formats.record import Name
from references.formats.ris import read as read_ris
from references.formats.words import hidden, plain, protected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Gianluca Moroncini", Name("Moroncini", "Gianluca")),
        ("John A. Smith Jr.", Name("Smith Jr.", "John A.")),
        ("Winette van der Graaf", Name("van der Graaf", "Winette")),
        ("van der Graaf WT", Name("van der Graaf", "WT")),
        ("MORONCINI G", Name("Moroncini", "G")),
        ("DE LA CRUZ JA", Name("de la Cruz", "JA")),
        ("Moroncini G.", Name("Moroncini", "G.")),
        ("J. Smith", Name("Smith", "J.")),
        ("d'Amore E", Name("d'Amore", "E")),
        ("LI X", Name("LI", "X")),
        ("Sutrisno", Name("Sutrisno")),
        (" ", Name()),
        ("NICE", Name(corporate="NICE")),
        ("World Health Organization", Name(corporate="World Health Organization")),
        ("Cancer Research UK", Name(corporate="Cancer Research UK")),
        ("Invented Trial 9 Writers", Name(corporate="Invented Trial 9 Writers")),
    ],
)
def test_names_without_commas_are_looked_at(text, name):
    assert unmarked(text) == name


@pytest.mark.parametrize(
    ("read", "text", "name"),
    [
        (inverted, "Smith, John, Jr.", Name("Smith Jr.", "John")),
        (inverted, "Smith, Jr., John", Name("Smith Jr.", "John")),
        (inverted, "van der Graaf,Winette", Name("van der Graaf", "Winette")),
        (medline, "Smith, John A 3rd", Name("Smith 3rd", "John A")),
        (medline, "de la Cruz JA Jr", Name("de la Cruz Jr", "JA")),
        (medline, "Plato", Name("Plato")),
    ],
)
def test_suffixes_and_particles_belong_to_the_family_name(read, text, name):
    assert read(text) == name


def test_authors_who_are_not_named_are_recognised():
    assert all(map(is_et_al, ["et al.", "Et al", "and others", "{others}"]))
    assert not is_et_al("Alto")


def test_a_list_of_authors_in_one_tag_is_taken_apart():
    (draft,) = read_ris("TY  - JOUR\nAU  - Moroncini, G.; Smith &amp; Sons; et al.\n")
    assert draft.authors == [Name("Moroncini", "G."), Name(corporate="Smith &amp; Sons")]
    assert draft.et_al


@pytest.mark.parametrize(
    ("text", "date", "exact"),
    [
        ("2018 Mar 3", "2018-03-03", True),
        ("2018/03/03/", "2018-03-03", True),
        ("2018///", "2018", True),
        ("2018/00/00", "2018", True),
        ("2018-03-03T10:11:12Z", "2018-03-03", True),
        ("20180303", "2018-03-03", True),
        ("3rd March 2018", "2018-03-03", True),
        ("Sept. 2018", "2018-09", True),
        ("c2018", "2018", False),
        ("Spring 2018", "2018", False),
        ("2018 Mar-Apr", "2018", False),
        ("03/04/2018", "2018", False),
        ("2018-02-30", "2018-02", False),
        ("2018-2019", "2018", False),
        ("in press", "", False),
        ("", "", True),
    ],
)
def test_dates_are_as_precise_as_the_words_are_certain(text, date, exact):
    assert dates.when(text) == (date, exact)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("833-42", "833-842"),
        ("833--842", "833-842"),
        ("pp. 833–42", "833-842"),
        ("S12-8", "S12-S18"),
        ("e12-e19", "e12-e19"),
        ("842-33", "842-33"),
        ("i-iv, 5", "i-iv, 5"),
        ("739", "739"),
    ],
)
def test_pages_are_written_out(text, whole):
    assert pages.whole(text) == whole
    assert pages.whole(whole) == whole


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (r"{\"o} \'e \ss{} {\o} caf\'{e}", "ö é ß ø café"),
        (r"pages 1--2 \& 50\% \textit{in vitro} {\textless}i{\textgreater}KIT{\textless}/i{\textgreater}", None),
        (r"$\beta$-catenin, $\geq$ 5, H$_2$O, \textsubscript{2}", "β-catenin, ≥ 5, H₂O, ₂"),
        ("100% & #1", "100% & #1"),
        ("A~B", "A B"),
        ("{unbalanced", "unbalanced"),
    ],
)
def test_latex_is_read_as_words(value, text):
    assert plain(latex.words(value)) == (text or "pages 1–2 & 50% in vitro KIT")


def test_markup_of_titles_is_read_and_other_angle_brackets_stay():
    assert plain("<i>KIT</i> &amp; 10<sup>6</sup>, p <0.05 and x<sup>th</sup>") == "KIT & 10⁶, p <0.05 and xth"
    assert plain("<jats:p>a</jats:p> &lt;b&gt; &amp;lt; &nonsense; &#233;") == "a <b> &lt; &nonsense; é"
    assert plain(protected("<b>&amp; p <0.05")) == "<b>&amp; p <0.05"
    assert protected("p <0.05 & more; again") == "p <0.05 & more; again"


def test_what_cannot_be_published_is_dropped_and_named():
    assert plain("so\u00adma\u200btic\x1a  \u2028cells") == "somatic cells"
    assert hidden("so\u00adma\u200btic \u2028cells &#8288;") == "U+00AD, U+200B, U+2060"
    assert plain("10\u00a0mg") == "10\u00a0mg"
