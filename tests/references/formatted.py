"""Sources, the rule that each follows, and the line that the rule asks for: Citing Medicine, and the samples of the ICMJE."""

from references.content import Author, Source, SourceType


def people(*names: str) -> tuple[Author, ...]:
    """Persons as “family, given”; a name without a comma is a body's."""
    return tuple(
        Author(family=name.partition(", ")[0], given=name.partition(", ")[2])
        if ", " in name
        else Author(corporate=name)
        for name in names
    )


def source(type=SourceType.ARTICLE, title="A trial", by=(), **fields) -> Source:
    return Source(key="one", type=type, title=title, authors=people(*by), **fields)


def by(*names: str) -> Source:
    return source(by=names, container="Sarcoma", issued="2018")


WEBPAGE, BOOK, CHAPTER, REPORT = SourceType.WEBPAGE, SourceType.BOOK, SourceType.CHAPTER, SourceType.REPORT
PAPER, THESIS, DATASET = SourceType.PAPER, SourceType.THESIS, SourceType.DATASET
A_COMMITTEE = Author(corporate="American Academy of Pediatrics, Committee on Drugs")
NICE = "National Institute for Health and Care Excellence"

LINES = [
    # Journal articles
    (
        "ICMJE sample 1: standard article, with the whole date and the number in PubMed",
        source(
            title="Solid-organ transplantation in HIV-infected patients",
            by=["Halpern, S. D.", "Ubel, P. A.", "Caplan, A. L."],
            container="N Engl J Med",
            issued="2002-07-25",
            volume="347",
            issue="4",
            pages="284-287",
            pmid="12140307",
        ),
        "Halpern SD, Ubel PA, Caplan AL. Solid-organ transplantation in HIV-infected patients. "
        "N Engl J Med. 2002 Jul 25;347(4):284-7. PubMed PMID: 12140307.",
    ),
    (
        "ICMJE sample 1: more than six authors; double issue",
        source(
            title="Regulation of interstitial excitatory amino acid concentrations after cortical contusion injury",
            by=["Rose, ME", "Huerbin, MB", "Melick, J", "Marion, DW", "Palmer, AM", "Schiding, JK", "Kochanek, PM"],
            container="Brain Res",
            issued="2002",
            volume="935",
            issue="1–2",
            pages="40-46",
        ),
        "Rose ME, Huerbin MB, Melick J, Marion DW, Palmer AM, Schiding JK, et al. Regulation of interstitial excitatory "
        "amino acid concentrations after cortical contusion injury. Brain Res. 2002;935(1-2):40-6.",
    ),
    (
        "ICMJE sample 2: organization as author",
        source(
            title="Hypertension, insulin, and proinsulin in participants with impaired glucose tolerance",
            by=["Diabetes Prevention Program Research Group"],
            container="Hypertension",
            issued="2002",
            volume="40",
            issue="5",
            pages="679-686",
        ),
        "Diabetes Prevention Program Research Group. Hypertension, insulin, and proinsulin in participants with impaired "
        "glucose tolerance. Hypertension. 2002;40(5):679-86.",
    ),
    (
        "ICMJE sample 3: personal authors and organization; particle",
        source(
            title="Sexual dysfunction in 1,274 European men suffering from lower urinary tract symptoms",
            by=["Vallancien, G", "Emberton, M", "Harving, N", "van Moorselaar, RJ", "Alf-One Study Group"],
            container="J Urol",
            issued="2003",
            volume="169",
            issue="6",
            pages="2257-2261",
        ),
        "Vallancien G, Emberton M, Harving N, van Moorselaar RJ; Alf-One Study Group. Sexual dysfunction in 1,274 European "
        "men suffering from lower urinary tract symptoms. J Urol. 2003;169(6):2257-61.",
    ),
    (
        "ICMJE sample 4: no author given; one page",
        source(
            title="21st century heart solution may have a sting in the tail",
            container="BMJ",
            issued="2002",
            volume="325",
            issue="7357",
            pages="184",
        ),
        "21st century heart solution may have a sting in the tail. BMJ. 2002;325(7357):184.",
    ),
    (
        "ICMJE sample 6: volume with supplement; letter before the pages",
        source(
            title="Tolerability and safety of frovatriptan with short- and long-term use for treatment of migraine "
            "and in comparison with sumatriptan",
            by=["Geraud, G", "Spierings, EL", "Keywood, C"],
            container="Headache",
            issued="2002",
            volume="42",
            issue="suppl_2",
            pages="S93-S99",
        ),
        "Geraud G, Spierings EL, Keywood C. Tolerability and safety of frovatriptan with short- and long-term use for "
        "treatment of migraine and in comparison with sumatriptan. Headache. 2002;42 Suppl 2:S93-9.",
    ),
    (
        "ICMJE sample 7: issue with supplement",
        source(
            title="Integrating clinical trial data into clinical practice",
            by=["Glauser, Tracy A."],
            container="Neurology",
            issued="2002",
            volume="58",
            issue="12 Supplement 7",
            pages="S6-12",
        ),
        "Glauser TA. Integrating clinical trial data into clinical practice. Neurology. 2002;58(12 Suppl 7):S6-12.",
    ),
    (
        "ICMJE sample 8: volume with part",
        source(
            title="The psychoanalytic method from an epistemological viewpoint",
            by=["Abend, SM", "Kulish, N"],
            container="Int J Psychoanal",
            issued="2002",
            volume="83 Part 2",
            pages="491-5",
        ),
        "Abend SM, Kulish N. The psychoanalytic method from an epistemological viewpoint. "
        "Int J Psychoanal. 2002;83(Pt 2):491-5.",
    ),
    (
        "ICMJE sample 9: issue with part",
        source(
            title="Development of a large animal model for lung tumors",
            by=["Ahrar, K", "Madoff, DC", "Gupta, S", "Wallace, MJ", "Price, RE", "Wright, KC"],
            container="J Vasc Interv Radiol",
            issued="2002",
            volume="13",
            issue="9 Pt 1",
            pages="923-928",
        ),
        "Ahrar K, Madoff DC, Gupta S, Wallace MJ, Price RE, Wright KC. Development of a large animal model for lung tumors. "
        "J Vasc Interv Radiol. 2002;13(9 Pt 1):923-8.",
    ),
    (
        "ICMJE sample 10: issue with no volume",
        source(
            title="Intraoperative frozen section analysis in revision total joint arthroplasty",
            by=["Banit, DM", "Kaufer, H", "Hartford, JM"],
            container="Clin Orthop",
            issued="2002",
            issue="401",
            pages="230-238",
        ),
        "Banit DM, Kaufer H, Hartford JM. Intraoperative frozen section analysis in revision total joint arthroplasty. "
        "Clin Orthop. 2002;(401):230-8.",
    ),
    (
        "ICMJE sample 11: no volume or issue",
        source(
            title="Outreach: bringing HIV-positive individuals into care",
            container="HRSA Careaction",
            issued="2002-06",
            pages="1-6",
        ),
        "Outreach: bringing HIV-positive individuals into care. HRSA Careaction. 2002 Jun:1-6.",
    ),
    (
        "ICMJE sample 12: pagination in roman numerals",
        source(
            title="The politics of ethical consensus finding",
            by=["Chadwick, R", "Schuklenk, U"],
            container="Bioethics",
            issued="2002",
            volume="16",
            issue="2",
            pages="iii-v",
        ),
        "Chadwick R, Schuklenk U. The politics of ethical consensus finding. Bioethics. 2002;16(2):iii-v.",
    ),
    (
        "ICMJE sample of an article with a DOI, PMID and PMCID; article number in the place of pages",
        source(
            title="Comorbidity and repeat admission to hospital for adverse drug reactions in older adults: "
            "retrospective cohort study",
            by=["Zhang, M", "Holman, CD", "Price, SD", "Sanfilippo, FM", "Preen, DB", "Bulsara, MK"],
            container="BMJ",
            issued="2009-01-07",
            volume="338",
            article_number="a2752",
            doi="10.1136/bmj.a2752",
            pmid="19129307",
            pmcid="PMC2615549",
        ),
        "Zhang M, Holman CD, Price SD, Sanfilippo FM, Preen DB, Bulsara MK. Comorbidity and repeat admission to hospital "
        "for adverse drug reactions in older adults: retrospective cohort study. BMJ. 2009 Jan 7;338:a2752. "
        "doi: 10.1136/bmj.a2752. PubMed PMID: 19129307; PubMed Central PMCID: PMC2615549.",
    ),
    (
        "Citing Medicine 23A: published ahead of an issue, known by date and DOI",
        source(container="Blood", issued="2002-07-05", doi="10.1182/blood-x"),
        "A trial. Blood. 2002 Jul 5. doi: 10.1182/blood-x.",
    ),
    (
        "Citing Medicine 23A: article on the Internet without a DOI; no stop after an address",
        source(
            by=["Abood, Sheila"],
            container="Am J Nurs",
            issued="2002-06",
            accessed="2002-08-12",
            volume="102",
            issue="6",
            url="http://www.nursingworld.org/AJN/2002/june/Wawatch.htm",
        ),
        "Abood S. A trial. Am J Nurs [Internet]. 2002 Jun [cited 2002 Aug 12];102(6). "
        "Available from: http://www.nursingworld.org/AJN/2002/june/Wawatch.htm",
    ),
    (
        "Citing Medicine 23A: a DOI makes address and day of reading superfluous",
        source(container="Cancer", issued="2018", doi="10.1/x", url="https://doi.org/10.1/x", accessed="2018-04-03"),
        "A trial. Cancer. 2018. doi: 10.1/x.",
    ),
    (
        "Citing Medicine 1A, Article Title: a question mark stands for the stop",
        source(title="Who can have imatinib?", container="BMJ", issued="2018"),
        "Who can have imatinib? BMJ. 2018.",
    ),
    (
        "Citing Medicine 1A, Article Title: an exclamation mark within quotation marks too",
        source(title="A cry of “Help!”", container="BMJ", issued="2018"),
        "A cry of “Help!” BMJ. 2018.",
    ),
    (
        "Citing Medicine 1A: a title that came with its stop has one; so has an abbreviated journal",
        source(title="Sarcoma in the U.S.", container="J. Clin. Oncol.", issued="2018"),
        "Sarcoma in the U.S. J. Clin. Oncol. 2018.",
    ),
    (
        "Citing Medicine 1A, Date of Publication: none is known",
        source(container="BMJ", volume="3", pages="1"),
        "A trial. BMJ. [date unknown];3:1.",
    ),
    (
        "Citing Medicine 1A, Location: several runs of pages",
        source(container="Med Econ", issued="2010-11-19", volume="87", issue="22", pages="60-61, 68-70"),
        "A trial. Med Econ. 2010 Nov 19;87(22):60-1, 68-70.",
    ),
    (
        "Citing Medicine 1A, Location: numbers that a letter follows are said in full",
        source(container="Sarcoma", issued="2018", volume="1", pages="126A-127A"),
        "A trial. Sarcoma. 2018;1:126A-127A.",
    ),
    (
        "Citing Medicine 1A, Volume Number: supplement without a number",
        source(container="Sarcoma", issued="2018", volume="11", issue="Suppl.", pages="pp. 9–11"),
        "A trial. Sarcoma. 2018;11 Suppl:9-11.",
    ),
    (
        "Citing Medicine 1A, Issue Number: part alone stands where the issue does",
        source(container="Sarcoma", issued="2018", volume="11", issue="pt 2", pages="99-101"),
        "A trial. Sarcoma. 2018;11(Pt 2):99-101.",
    ),
    # Authors: Citing Medicine 1A, Author
    (
        "Citing Medicine 1A, Author: prefix kept in the surname",
        by("de Groot, J. F."),
        "de Groot JF. A trial. Sarcoma. 2018.",
    ),
    (
        "Citing Medicine 1A, Author: prefix that a catalogue put after the given names",
        by("Kamp, Jiddeke M. van de"),
        "van de Kamp JM. A trial. Sarcoma. 2018.",
    ),
    (
        "Citing Medicine 1A, Author: rank in Roman numerals",
        by("King, Martin L., III"),
        "King ML 3rd. A trial. Sarcoma. 2018.",
    ),
    (
        "Citing Medicine 1A, Author: junior, after the surname",
        by("Smith Jr., John"),
        "Smith J Jr. A trial. Sarcoma. 2018.",
    ),
    (
        "Citing Medicine 1A, Author: hyphen between given names",
        by("Lagrot, Jean-Louis"),
        "Lagrot JL. A trial. Sarcoma. 2018.",
    ),
    ("Citing Medicine 1A, Author: initials with stops", by("Doe, M.J."), "Doe MJ. A trial. Sarcoma. 2018."),
    ("Citing Medicine 1A, Author: initials run together", by("Doe, MJ"), "Doe MJ. A trial. Sarcoma. 2018."),
    (
        "Citing Medicine 1A, Author: two initials at most",
        by("Graaf, W.T.A. van der"),
        "van der Graaf WT. A trial. Sarcoma. 2018.",
    ),
    (
        "Citing Medicine 1A, Author: prefix within a given name",
        by("Brooks, Craig McC."),
        "Brooks CM. A trial. Sarcoma. 2018.",
    ),
    (
        "Citing Medicine 1A, Author: particle among given names",
        by("Fortier, De la Broquerie"),
        "Fortier DB. A trial. Sarcoma. 2018.",
    ),
    ("Citing Medicine 1A, Author: apostrophe in a given name", by("Hart, D'Arcy"), "Hart D. A trial. Sarcoma. 2018."),
    ("Citing Medicine 1A, Author: abbreviated given name", by("Smith, Geo."), "Smith G. A trial. Sarcoma. 2018."),
    (
        "Citing Medicine 1A, Author: romanised initial of two letters",
        by("Iakontov, Iu. A."),
        "Iakontov IuA. A trial. Sarcoma. 2018.",
    ),
    (
        "Citing Medicine 1A, Author: letters of another alphabet",
        by("Йорданов, Юрий"),
        "Йорданов Ю. A trial. Sarcoma. 2018.",
    ),
    ("Citing Medicine 1A, Author: accents stay in a name", by("Škoda, Élodie"), "Škoda É. A trial. Sarcoma. 2018."),
    ("Citing Medicine 1A, Author: one name", by("Sukarno, "), "Sukarno. A trial. Sarcoma. 2018."),
    (
        "Citing Medicine 1A, Author: bodies stand between semicolons, their own commas stay",
        source(container="Sarcoma", issued="2018").model_copy(
            update={"authors": (A_COMMITTEE, Author(corporate=NICE))}
        ),
        f"American Academy of Pediatrics, Committee on Drugs; {NICE}. A trial. Sarcoma. 2018.",
    ),
    (
        "ICMJE sample 1: a body counts among the six",
        by("Ay, A", "Bee, B", "Cee, C", "Dee, D", "Ee, E", NICE, "Eff, F"),
        f"Ay A, Bee B, Cee C, Dee D, Ee E; {NICE}, et al. A trial. Sarcoma. 2018.",
    ),
    (
        "Citing Medicine 1A, Author: only that there are others is known",
        by("Serrano, C").model_copy(update={"et_al": True}),
        "Serrano C, et al. A trial. Sarcoma. 2018.",
    ),
    # Books, chapters, conference papers
    (
        "ICMJE sample: book by personal authors; the edition is a part of the title here",
        source(
            BOOK,
            "Medical microbiology. 4th ed.",
            by=["Murray, PR", "Rosenthal, KS", "Kobayashi, GS", "Pfaller, MA"],
            publisher="St. Louis: Mosby",
            issued="2002",
        ),
        "Murray PR, Rosenthal KS, Kobayashi GS, Pfaller MA. Medical microbiology. 4th ed. St. Louis: Mosby; 2002.",
    ),
    (
        "Citing Medicine 2A: a volume of a book",
        source(BOOK, "Sarcoma", by=["Doe, M"], publisher="Wiley & Sons, Inc.", issued="2001", volume="2"),
        "Doe M. Sarcoma. Vol. 2. Wiley & Sons, Inc.; 2001.",
    ),
    (
        "Citing Medicine 2A, Series: in parentheses at the end",
        source(BOOK, "Sarcoma", publisher="Lyon: IARC", issued="2020", container="Tumours", issue="3"),
        "Sarcoma. Lyon: IARC; 2020. (Tumours; no. 3).",
    ),
    (
        "ICMJE sample: chapter in a book",
        source(
            CHAPTER,
            "Chromosome alterations in human solid tumors",
            by=["Meltzer, PS", "Kallioniemi, A", "Trent, JM"],
            container="The genetic basis of human cancer",
            publisher="New York: McGraw-Hill",
            issued="2002",
            pages="93-113",
        ),
        "Meltzer PS, Kallioniemi A, Trent JM. Chromosome alterations in human solid tumors. In: The genetic basis of human "
        "cancer. New York: McGraw-Hill; 2002. p. 93-113.",
    ),
    (
        "Citing Medicine 22: chapter of a book on the Internet",
        source(CHAPTER, container="Sarcoma", issued="2019", accessed="2020", url="https://example.org/book/"),
        "A trial. In: Sarcoma [Internet]. 2019 [cited 2020]. Available from: https://example.org/book/.",
    ),
    (
        "ICMJE sample: conference paper",
        source(
            PAPER,
            "An analysis of Koza's computational effort statistic for genetic programming",
            by=["Christensen, S", "Oppacher, F"],
            container="Genetic programming. EuroGP 2002: Proceedings of the 5th European Conference on Genetic Programming; "
            "2002 Apr 3-5; Kinsdale, Ireland",
            publisher="Berlin: Springer",
            issued="2002",
            pages="182-191",
        ),
        "Christensen S, Oppacher F. An analysis of Koza's computational effort statistic for genetic programming. "
        "In: Genetic programming. EuroGP 2002: Proceedings of the 5th European Conference on Genetic Programming; "
        "2002 Apr 3-5; Kinsdale, Ireland. Berlin: Springer; 2002. p. 182-91.",
    ),
    # Reports, theses, datasets
    (
        "Citing Medicine 22: guideline in a series, on the Internet; its body is author and publisher",
        source(
            REPORT,
            "Regorafenib for previously treated unresectable or metastatic gastrointestinal stromal tumours",
            by=[NICE],
            container="Technology appraisal guidance TA488",
            publisher=f"London: {NICE}",
            issued="2017-11",
            accessed="2018-04-03",
            url="https://www.nice.org.uk/guidance/ta488",
        ),
        "National Institute for Health and Care Excellence. Regorafenib for previously treated unresectable or metastatic "
        "gastrointestinal stromal tumours [Internet]. London: The Institute; 2017 Nov [cited 2018 Apr 3]. "
        "(Technology appraisal guidance TA488). Available from: https://www.nice.org.uk/guidance/ta488",
    ),
    (
        "Citing Medicine 4A, Report Number",
        source(REPORT, by=["Doe, M"], publisher="Geneva: WHO", issued="2001", article_number="42", pages="7"),
        "Doe M. A trial. Geneva: WHO; 2001. p. 7. Report No.: 42.",
    ),
    (
        "Citing Medicine 2A, Publisher: a body whose name does not say what it is, is written again",
        source(REPORT, by=["Cancer Research UK"], publisher="Cancer Research UK", issued="2001"),
        "Cancer Research UK. A trial. Cancer Research UK; 2001.",
    ),
    (
        "ICMJE sample: dissertation",
        source(
            THESIS,
            "Infant sleep and feeding: a telephone survey of Hispanic Americans",
            by=["Borkowski, MM"],
            publisher="Mount Pleasant (MI): Central Michigan University",
            issued="2002",
        ),
        "Borkowski MM. Infant sleep and feeding: a telephone survey of Hispanic Americans [dissertation]. "
        "Mount Pleasant (MI): Central Michigan University; 2002.",
    ),
    (
        "Citing Medicine 22, Type of Medium: dissertation on the Internet",
        source(THESIS, "Why?", by=["Doe, M"], issued="2004", accessed="2005-01", url="https://example.org/1.pdf"),
        "Doe M. Why? [dissertation on the Internet]. 2004 [cited 2005 Jan]. Available from: https://example.org/1.pdf",
    ),
    (
        "Citing Medicine 24: dataset in a repository",
        source(
            DATASET, "Counts.", by=["Doe, M"], container="Dryad", issued="2019", accessed="2020", doi="10.5061/dryad.x"
        ),
        "Doe M. Counts [dataset]. In: Dryad [Internet]. 2019 [cited 2020]. doi: 10.5061/dryad.x.",
    ),
    (
        "Citing Medicine 24: dataset of a publisher",
        source(DATASET, "Counts", publisher="Leeds: NHS Digital", issued="2019", url="https://example.org/counts"),
        "Counts [dataset on the Internet]. Leeds: NHS Digital; 2019. Available from: https://example.org/counts",
    ),
    # Web pages
    (
        "Citing Medicine 25, ICMJE sample: a stop follows an address that ends with a slash",
        source(
            WEBPAGE,
            "Cancer-Pain.org",
            publisher="New York: Association of Cancer Online Resources, Inc.",
            issued="2000",
            accessed="2002-07-09",
            url="http://www.cancer-pain.org/",
        ),
        "Cancer-Pain.org [Internet]. New York: Association of Cancer Online Resources, Inc.; 2000 [cited 2002 Jul 9]. "
        "Available from: http://www.cancer-pain.org/.",
    ),
    (
        "Citing Medicine 25: no date but the day it was read, no address",
        source(WEBPAGE, "Various guidelines", by=[NICE, "Scottish Medicines Consortium"], accessed="2018-04"),
        f"{NICE}; Scottish Medicines Consortium. Various guidelines [Internet]. [cited 2018 Apr].",
    ),
    (
        "Citing Medicine 25: a page of a site, no date at all",
        source(
            WEBPAGE, "Votrient", by=["European Medicines Agency"], container="Medicines", url="https://example.org/v"
        ),
        "European Medicines Agency. Votrient. In: Medicines [Internet]. [date unknown]. Available from: https://example.org/v",
    ),
    (
        "Citing Medicine 25, Publisher: the body itself, without a place",
        source(
            WEBPAGE, "What is a heart attack?", by=["European Medicines Agency"], publisher="European Medicines Agency"
        ),
        "European Medicines Agency. What is a heart attack? [Internet]. The Agency; [date unknown].",
    ),
]
