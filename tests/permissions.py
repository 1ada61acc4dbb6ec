"""Who may open and post to which address: the table that every registered address stands in, by groups.

`tests/sarcoma_site/test_permission_matrix.py` holds the site to it. The single steps of pages and editions have their
own table in tests/editions/test_desk.py.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

AUTHOR, REVIEWER, PUBLISHER, ADMINISTRATOR = ROLES = ("Author", "Clinical reviewer", "Publisher", "Administrator")
VISITOR, DEACTIVATED, NOT_STAFF = OUTSIDE = ("a visitor", "staff who left", "an account that is not of the staff")
NO_FACTOR = "an administrator without the second factor that is required"
NO_ROLE = "staff without a role"
PEOPLE = (*OUTSIDE, NO_FACTOR, NO_ROLE, *ROLES)

NOBODY: frozenset[str] = frozenset()
STAFF = frozenset({NO_ROLE, *ROLES})
READERS = frozenset(ROLES)  # of what is not public yet
TRIAGE = frozenset({REVIEWER, PUBLISHER})

# What an answer comes to.
IN = "gets in"
SIGN_IN, FIRST_STEP = "is asked to sign in", "is asked to set up a second factor"
REFUSED, NOWHERE, NOT_THIS_WAY = "403", "404", "405"


@dataclass(frozen=True)
class Access:
    """What everybody gets by GET and by POST, and by which of their posts something may change."""

    get: dict[str, str]
    post: dict[str, str]
    writes: frozenset[str] = NOBODY


def public(*, get: str = IN, post: str = NOT_THIS_WAY, writes: Iterable[str] = ()) -> Access:
    """The same for everybody: whoever is signed in is not asked who they are."""
    return Access(dict.fromkeys(PEOPLE, get), dict.fromkeys(PEOPLE, post), frozenset(writes))


def desk(
    opens: Iterable[str],
    posts: Iterable[str] = (),
    *,
    writes: Iterable[str] | None = None,
    others: str = REFUSED,
    post: str = "",
) -> Access:
    """For these roles; the `others` of the staff are refused, and whoever is not signed in safely is asked to be.

    `post` is what every member of the staff gets by POST, where that is one and the same.
    """
    posts = frozenset(posts)
    gets = {role: IN if role in frozenset(opens) else others for role in STAFF}
    posted = {role: post or (IN if role in posts else others) for role in STAFF}
    outside = dict.fromkeys(OUTSIDE, SIGN_IN) | {NO_FACTOR: FIRST_STEP}
    return Access(gets | outside, posted | outside, posts if writes is None else frozenset(writes))


def _before_the_first_step(access: Access) -> Access:
    """As `access`, and open to somebody who has to set up a second factor first."""
    return Access(access.get | {NO_FACTOR: IN}, access.post | {NO_FACTOR: IN}, access.writes | {NO_FACTOR})


_DAILY = ("guide-detail", "drug-list", "drug-detail", "condition-list", "condition-detail", "reference-list")
_DAILY += ("reference-detail", "glossary-detail")
_OF_A_PAGE = ("leaflet", "edition-leaflet", "references", "feed", "history", "edition", "compare-any", "compare")
_KINDS = ("guide", "drug", "condition", "glossary")
WORKING_PAGES = ("drugs_drug", "drugs_condition", "drugs_guide", "drugs_glossary")
PARTS = ("drugs_mechanism", "drugs_alert", "drugs_decision", "drugs_drugname", "drugs_term", "drugs_guidesection")
PARTS += ("drugs_indication", "drugs_eligibilitycriterion", "references_reference")
WORKING = WORKING_PAGES + PARTS
TABLES = tuple(set(WORKING) - {"drugs_alert", "drugs_glossary", "drugs_guidesection"})
RECORD = ("editions_edition", "editions_page", "editions_review", "editions_entry", "editions_emptysearch")
RECORD_ROWS = (*RECORD, "editions_feedback")
PEOPLES = ("staff_user", "auth_group")


def _of(models: Iterable[str], *views: str) -> Iterator[str]:
    return (f"admin:{model}_{view}" for model in models for view in views)


def _in(space: str, *names: str) -> Iterator[str]:
    return (f"{space}:{name}" for name in names)


GROUPS: list[tuple[Iterable[str], Access]] = [
    # What visitors read: nobody is asked who they are, and nobody posts.
    (["home", *_in("drugs", *_DAILY, "sitemap")], public()),
    (_in("drugs", *(f"{kind}-{what}" for kind in _KINDS for what in _OF_A_PAGE)), public()),
    (_in("as-of", "home", *_DAILY, "updates", "search", "search-names"), public()),
    (_in("editions", "updates", "search", "search-names", "another-day", "updates-feed"), public()),
    (_in("editions", "record", "record-json", "feedback-thanks"), public()),
    (["robots", "security", "healthz", "readyz"], public()),
    # Programs read, and nothing else.
    (["api-docs", "api-openapi", *_in("api", "root", "api-root", "pages", "page", "editions", "edition")], public()),
    (_in("api", "eligibility", "pathway", "references", "reference", "changes"), public()),
    (["api-nowhere"], public(get=NOWHERE)),
    # Readers write to the staff. Whoever has a link reviews one edition, or chooses a first password.
    (_in("editions", "feedback", "review-by-invitation"), public(post=IN, writes=PEOPLE)),
    (_in("editions", "invited-page"), public()),
    (["welcome"], public(post=IN, writes=PEOPLE)),
    (["metrics"], public(get="401")),  # for who sends the token
    # Signing in and out: open, because it is where one is asked who one is.
    (_in("admin", "login"), public(post=IN)),
    (_in("admin", "second_step"), public(get=SIGN_IN, post=SIGN_IN)),  # nobody gave a password yet
    (
        _in("admin", "logout"),
        Access(
            dict.fromkeys(OUTSIDE, IN) | dict.fromkeys({NO_FACTOR, *STAFF}, NOT_THIS_WAY), dict.fromkeys(PEOPLE, IN)
        ),
    ),
    # One's own account: everybody of the staff, and nobody else's.
    (_in("admin", "set_up_second_factor", "password_change"), _before_the_first_step(desk(STAFF, STAFF))),
    (
        _in("admin", "jsi18n"),
        Access(desk(STAFF).get | {NO_FACTOR: IN}, desk(STAFF, post=NOT_THIS_WAY).post | {NO_FACTOR: NOT_THIS_WAY}),
    ),
    (_in("admin", "profile", "end_sessions", "take_second_factor_off"), desk(STAFF, STAFF)),
    # They have none yet, and are led to setting it up.
    (
        _in("admin", "change_recovery_codes"),
        Access(
            dict.fromkeys({NO_FACTOR, *STAFF}, FIRST_STEP) | dict.fromkeys(OUTSIDE, SIGN_IN),
            dict.fromkeys({NO_FACTOR, *STAFF}, FIRST_STEP) | dict.fromkeys(OUTSIDE, SIGN_IN),
        ),
    ),
    (_in("admin", "password_change_done", "kept"), desk(STAFF, post=NOT_THIS_WAY)),
    (_in("admin", "index"), desk(STAFF, STAFF, writes=NOBODY)),
    (_in("admin", "app_list"), desk(READERS, READERS, writes=NOBODY, others=NOWHERE)),
    (["admin/(?P<url>.*)$"], desk(NOBODY, others=NOWHERE)),
    # From a row's short address to its form, which asks who may.
    (
        (f"admin/{model.replace('_', '/')}/<path:object_id>/" for model in (*WORKING, *RECORD_ROWS, *PEOPLES)),
        desk(STAFF, STAFF, writes=NOBODY),
    ),
    # Working copies: every role reads them, and authors write.
    (_of(WORKING, "changelist", "history"), desk(READERS, READERS, writes={AUTHOR})),
    (_of(WORKING, "simple_history"), desk(READERS, post=REFUSED)),  # a revision is read, and never brought back
    (_of(WORKING, "change"), desk(READERS, {AUTHOR})),
    (_of(set(WORKING) - {"drugs_glossary"}, "add"), desk({AUTHOR}, {AUTHOR})),
    (_of(PARTS, "delete"), desk({AUTHOR}, {AUTHOR})),
    (_of(TABLES, "import", "process_import"), desk({AUTHOR}, {AUTHOR})),
    (_of(TABLES, "export"), desk(READERS - {ADMINISTRATOR}, READERS - {ADMINISTRATOR}, writes=NOBODY)),
    (
        _of(("drugs_drug", "drugs_condition", "drugs_term", "references_reference"), "where_used"),
        desk(READERS, READERS, writes=NOBODY),
    ),
    (_of(["references_reference"], "cite"), desk(READERS, post=NOT_THIS_WAY)),
    (_of(["references_reference"], "merge", "take_in", "confirm", "cite_new"), desk({AUTHOR}, {AUTHOR})),
    (_of(["references_reference"], "mark"), desk({PUBLISHER}, {PUBLISHER})),
    (_in("admin", "autocomplete"), desk(READERS, post=NOT_THIS_WAY)),
    (_in("admin", "components"), desk(READERS, post=NOT_THIS_WAY)),
    # A page with editions stays; there is one glossary.
    (_of(WORKING_PAGES, "delete"), desk(NOBODY)),
    (_of(["drugs_glossary"], "add"), desk(NOBODY)),
    # The record: every role reads it; nothing of it is added, changed or deleted by hand.
    (_of(RECORD, "changelist"), desk(READERS, READERS, writes=NOBODY)),
    (_of(["editions_review", "editions_entry", "editions_emptysearch"], "change"), desk(READERS)),
    (_of(["editions_edition", "editions_page"], "change", "preview"), desk(READERS, READERS, writes=NOBODY)),
    (_of(["editions_page"], "calendar", "compare", "history"), desk(READERS, READERS, writes=NOBODY)),
    (_of(RECORD_ROWS, "add", "delete"), desk(NOBODY)),
    (_of(set(RECORD_ROWS) - {"editions_page"}, "history"), desk(NOBODY, others=NOWHERE)),  # it is its own history
    (_of(["editions_page"], "step"), desk(READERS, {AUTHOR})),  # submit
    (_of(["editions_edition"], "step"), desk(READERS, {REVIEWER})),  # review
    (_of(["editions_review", "editions_entry"], "step"), desk(READERS, {ADMINISTRATOR})),  # remove a name
    (_of(["editions_edition"], "revoke"), desk(READERS, TRIAGE)),
    # What readers wrote is read by those who triage it.
    (_of(["editions_feedback"], "changelist"), desk(TRIAGE, TRIAGE, writes=NOBODY)),
    (_of(["editions_feedback"], "change"), desk(TRIAGE)),
    (_of(["editions_feedback"], "step"), desk(TRIAGE, TRIAGE)),
    # People: administrators. No account is deleted or given a password, and roles are as staff/roles.py has them.
    (_of(["staff_user"], "changelist", "add", "change", "history"), desk({ADMINISTRATOR}, {ADMINISTRATOR})),
    (
        _of(["staff_user"], "take_second_factor_off", "send_password_link", "erase"),
        desk({ADMINISTRATOR}, {ADMINISTRATOR}),
    ),
    (_of(["auth_group"], "changelist", "history"), desk({ADMINISTRATOR}, {ADMINISTRATOR}, writes=NOBODY)),
    (_of(["auth_group"], "change"), desk({ADMINISTRATOR})),
    (["admin:auth_user_password_change", *_of(["staff_user"], "delete")], desk(NOBODY)),
    (_of(["auth_group"], "add", "delete"), desk(NOBODY)),
]
ACCESS: dict[str, Access] = {name: access for names, access in GROUPS for name in names}
