"""What the database itself refuses, whoever asks: changing or removing anything of the record.

Installed after every migrate, because SQLite drops a table's triggers when a migration rebuilds the table. The rules:

- an edition is born in review, without a number; its frozen columns never change; it is never deleted;
- it becomes approved only beside an approving review, published only beside an entry that publishes it, and leaves
  that state only beside an entry that takes it off the schedule;
- a review and an entry never change, but for a name that is erased on request;
- an entry follows the newest one and carries its seal;
- a page keeps its key, and its count of changes never falls.
"""

from editions.vocabulary import PUBLISHING, Act, Progress

_FROZEN_EDITION = [
    "id",
    "uid",
    "page_id",
    "content_json",
    "change_kind",
    "change_note",
    "changes_eligibility",
    "review_interval_months",
    "changes_at_freeze",
    "submitted_by_id",
    "submitted_at",
    "digest",
]
_FROZEN_REVIEW = [
    "id",
    "uid",
    "edition_id",
    "kind",
    "scope",
    "outcome",
    "comment",
    "made_at",
    "reviewer_id",
    "name_hash",
    "reviewer_role",
    "reviewer_interests",
]
_FROZEN_ENTRY = [
    "id",
    "position",
    "act",
    "page_id",
    "edition_id",
    "review_id",
    "subject",
    "at",
    "holds_from",
    "statement",
    "by_id",
    "previous_seal",
    "seal",
]
_STEPS = {
    Progress.IN_REVIEW: (Progress.CHANGES_REQUESTED, Progress.APPROVED, Progress.PUBLISHED, Progress.TAKEN_BACK),
    Progress.CHANGES_REQUESTED: (Progress.PUBLISHED, Progress.TAKEN_BACK, Progress.REPLACED),
    Progress.APPROVED: (Progress.PUBLISHED, Progress.CHANGES_REQUESTED, Progress.TAKEN_BACK),
    Progress.PUBLISHED: (Progress.APPROVED, Progress.REPLACED),
}


def _differs(columns: list[str], unlike: str) -> str:
    return " OR ".join(f'NEW."{name}" {unlike} OLD."{name}"' for name in columns)


def _named(values) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _rules(unlike: str) -> list[tuple[str, str, str, str, str]]:
    """(name, table, event, condition under which it is refused, sentence)."""
    steps = " OR ".join(
        f"(OLD.progress = '{before}' AND NEW.progress IN ({_named(after)}))" for before, after in _STEPS.items()
    )
    last_word = (
        "(SELECT act FROM editions_entry WHERE edition_id = NEW.id AND act IN "
        f"({_named([*PUBLISHING, Act.UNSCHEDULED])}) ORDER BY position DESC LIMIT 1)"
    )
    approving = "(SELECT 1 FROM editions_review WHERE edition_id = NEW.id AND outcome = 'approved')"
    moved = f"NEW.progress {unlike} OLD.progress"
    placed = _differs(["number", "published_at", "published_by_id", "live_from"], unlike)
    newest_seal = "COALESCE((SELECT seal FROM editions_entry ORDER BY position DESC LIMIT 1), '" + "0" * 64 + "')"
    next_position = "COALESCE((SELECT MAX(position) FROM editions_entry), 0) + 1"
    erased_review = "(NEW.reviewer_name = '' AND NEW.name_salt = '')"
    erased_entry = "(NEW.by_name = '' AND NEW.by_salt = '')"
    return [
        (
            "edition_born_in_review",
            "editions_edition",
            "INSERT",
            "NEW.progress <> 'in_review' OR NEW.number IS NOT NULL OR NEW.live_from IS NOT NULL",
            "an edition begins in review",
        ),
        ("edition_frozen", "editions_edition", "UPDATE", _differs(_FROZEN_EDITION, unlike), "an edition never changes"),
        ("edition_steps", "editions_edition", "UPDATE", f"({moved}) AND NOT ({steps})", "no such step for an edition"),
        (
            "edition_placed_once",
            "editions_edition",
            "UPDATE",
            f"NOT ({moved}) AND ({placed})",
            "an edition is placed only by its publication",
        ),
        (
            "edition_approved_by_review",
            "editions_edition",
            "UPDATE",
            f"({moved}) AND NEW.progress = 'approved' AND NOT EXISTS {approving}",
            "an edition is approved by a review",
        ),
        (
            "edition_published_by_entry",
            "editions_edition",
            "UPDATE",
            f"({moved}) AND NEW.progress = 'published' AND COALESCE({last_word}, '') NOT IN ({_named(PUBLISHING)})",
            "an edition is published by an entry of the record",
        ),
        (
            "edition_unscheduled_by_entry",
            "editions_edition",
            "UPDATE",
            f"({moved}) AND OLD.progress = 'published' AND COALESCE({last_word}, '') <> '{Act.UNSCHEDULED}'",
            "a published edition leaves only the schedule, by an entry of the record",
        ),
        ("edition_kept", "editions_edition", "DELETE", "1 = 1", "an edition is never deleted"),
        (
            "review_frozen",
            "editions_review",
            "UPDATE",
            f"{_differs(_FROZEN_REVIEW, unlike)} OR NOT {erased_review}",
            "a review never changes",
        ),
        ("review_kept", "editions_review", "DELETE", "1 = 1", "a review is never deleted"),
        (
            "entry_frozen",
            "editions_entry",
            "UPDATE",
            f"{_differs(_FROZEN_ENTRY, unlike)} OR NOT {erased_entry}",
            "an entry never changes",
        ),
        ("entry_kept", "editions_entry", "DELETE", "1 = 1", "an entry is never deleted"),
        (
            "entry_follows",
            "editions_entry",
            "INSERT",
            f"NEW.position <> {next_position} OR NEW.previous_seal <> {newest_seal}",
            "an entry follows the newest one",
        ),
        (
            "page_keeps_key",
            "editions_page",
            "UPDATE",
            f"{_differs(['id', 'kind', 'key'], unlike)} OR NEW.changes < OLD.changes",
            "a page keeps its key, and its count of changes never falls",
        ),
    ]


def install(connection) -> None:
    """Put the triggers in place, whatever was there before. Does nothing where the tables are not there yet."""
    tables = set(connection.introspection.table_names())
    if not {"editions_edition", "editions_review", "editions_entry", "editions_page"} <= tables:
        return
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def remove(connection) -> None:
    """Take the triggers off. Only tests and a restore into an empty database have a reason to."""
    with connection.cursor() as cursor:
        for name, table, *_ in _rules("IS NOT"):
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        if connection.vendor == "postgresql":
            for table in ("edition", "review", "entry"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_not_emptied ON editions_{table}")


def missing(connection) -> list[str]:
    """The names of the triggers that are not in place."""
    catalogue = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name, *_ in _rules("IS NOT") if name not in present]


def _statements(vendor: str):
    if vendor == "sqlite":
        for name, table, event, condition, sentence in _rules("IS NOT"):
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, 'sealed: {sentence}'); END"
            )
    elif vendor == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION editions_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'sealed: %', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        for name, table, event, condition, sentence in _rules("IS DISTINCT FROM"):
            # A WHEN clause may not hold a subquery in PostgreSQL, so the condition moves into the function.
            row = "OLD" if event == "DELETE" else "NEW"
            yield (
                f"CREATE OR REPLACE FUNCTION editions_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION 'sealed: {sentence}' "
                f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$"
            )
            yield (f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION editions_{name}()")
        for table in ("edition", "review", "entry"):
            yield (
                f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON editions_{table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION editions_refuse('the record is never emptied')"
            )
