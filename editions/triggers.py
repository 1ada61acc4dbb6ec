"""What the database itself refuses, whoever asks: changing or removing anything of the record.

Off while migrations run, because a column that a trigger speaks of cannot be dropped, and installed anew after every
migrate, because SQLite drops a table's triggers when a migration rebuilds the table. The rules:

- an edition is born in review, without a number; its frozen columns never change; it is never deleted;
- it becomes approved only beside an approving review, published only beside an entry that publishes it, and leaves
  that state only beside an entry that takes it off the schedule;
- a review and an entry never change, but for a name that is erased on request;
- an entry follows the newest one and carries its seal;
- nothing of it is replaced: SQLite's REPLACE deletes without asking the DELETE triggers, so the INSERT is refused;
- a page keeps its key, its count of changes never falls, and its address moves only beside an entry that moves it;
- who contributed to a page, and what an edition mentions, is only added to;
- a revision never changes and is never deleted.
"""

from django.db import connections

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
    "contributors",
    "reviews_needed",
    "submitted_by_id",
    "submitted_at",
    "digest",
]
_FROZEN_REVIEW = [
    "id",
    "uid",
    "edition_id",
    "kinds",
    "scope",
    "outcome",
    "comment",
    "remarks",
    "checked",
    "made_at",
    "reviewer_id",
    "invited_by_id",
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
# table → the columns that tell one of its rows from all others
_KEYS = (
    ("edition", "id", "uid"),
    ("review", "id", "uid"),
    ("entry", "id", "position", "seal", "review_id"),
    ("page", "id", "key"),
    ("contribution", "id"),
)
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
    name_removed = "EXISTS (SELECT 1 FROM editions_entry WHERE act = 'name_removed')"
    erased_review = "(NEW.reviewer_name = '' AND NEW.name_salt = '')"
    erased_entry = "(NEW.by_name = '' AND NEW.by_salt = '')"
    new_address = (
        f"NEW.slug {unlike} OLD.slug AND NOT EXISTS (SELECT 1 FROM editions_entry WHERE page_id = NEW.id AND act = 'moved' "
        """AND statement LIKE '%"to":"' || NEW.slug || '"%' AND position = (SELECT MAX(position) FROM editions_entry """
        "WHERE page_id = NEW.id AND act = 'moved'))"
    )
    rules = [
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
            f"{_differs(_FROZEN_REVIEW, unlike)} OR NOT {erased_review} OR NOT {name_removed}",
            "a review never changes",
        ),
        ("review_kept", "editions_review", "DELETE", "1 = 1", "a review is never deleted"),
        (
            "entry_frozen",
            "editions_entry",
            "UPDATE",
            f"{_differs(_FROZEN_ENTRY, unlike)} OR NOT {erased_entry} OR NOT {name_removed}",
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
        ("page_moves_by_entry", "editions_page", "UPDATE", new_address, "a page moves by an entry of the record"),
        ("page_kept", "editions_page", "DELETE", "1 = 1", "a page is never deleted"),
        (
            "edition_frozen_now",
            "editions_edition",
            "INSERT",
            "NEW.changes_at_freeze <> (SELECT changes FROM editions_page WHERE id = NEW.page_id)",
            "an edition is frozen as its page stands",
        ),
        (
            "review_by_somebody_else",
            "editions_review",
            "INSERT",
            "COALESCE(NEW.reviewer_id, NEW.invited_by_id) = "
            "(SELECT submitted_by_id FROM editions_edition WHERE id = NEW.edition_id)",
            "nobody reviews what they submitted, nor has it reviewed by whom they invite",
        ),
        (
            "contribution_grows",
            "editions_contribution",
            "UPDATE",
            f"{_differs(['id', 'page_id', 'user_id'], unlike)} OR NEW.last_change < OLD.last_change",
            "who contributed is only added to",
        ),
        ("contribution_kept", "editions_contribution", "DELETE", "1 = 1", "who contributed is only added to"),
        ("mention_frozen", "editions_mention", "UPDATE", "1 = 1", "what an edition mentions never changes"),
        ("mention_kept", "editions_mention", "DELETE", "1 = 1", "what an edition mentions never changes"),
        ("record_kept", "editions_record", "DELETE", "1 = 1", "the record is never emptied"),
    ]
    for table, *columns in _KEYS:
        taken = " OR ".join(f"EXISTS (SELECT 1 FROM editions_{table} WHERE {name} = NEW.{name})" for name in columns)
        rules.append(
            (f"{table}_not_replaced", f"editions_{table}", "INSERT", taken, "nothing of the record is replaced")
        )
    for table in _revision_tables():
        rules.append((f"{table}_kept", table, "DELETE", "1 = 1", "a revision is never deleted"))
        rules.append((f"{table}_frozen", table, "UPDATE", "1 = 1", "a revision never changes"))
    return rules


def _revision_tables() -> list[str]:
    """The tables of django-simple-history, one for each versioned row."""
    from django.apps import apps
    from simple_history.models import HistoricalChanges

    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, HistoricalChanges))


def install(connection) -> None:
    """Put the triggers in place, whatever was there before. Does nothing where the tables are not there yet."""
    tables = set(connection.introspection.table_names())
    if not {table for _, table, *_ in _rules("IS NOT")} <= tables:
        return
    remove(connection)
    with connection.cursor() as cursor:
        for _, statement in _statements(connection.vendor):
            cursor.execute(statement)


def remove(connection) -> None:
    """Take every trigger of ours off, those of an older version too. Only a migration, tests and a restore into an empty
    database have a reason to."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND p.prosrc LIKE '%sealed: %'"
            )
            for name, table in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}" ON "{table}"')
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%sealed: %'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')


def step_aside(sender, using, plan=(), **kwargs) -> None:
    """Before a migration changes tables that triggers speak of, they go; `install` puts them back after it.

    A migration that fails in between leaves the site without them, and `/readyz` says so.
    """
    if plan:
        remove(connections[using])


def missing(connection) -> list[str]:
    """The names of the triggers that are not in place as they should be: dropped, switched off, or with other words."""
    with connection.cursor() as cursor:
        return _missing_postgresql(cursor) if connection.vendor == "postgresql" else _missing_sqlite(cursor)


def _missing_sqlite(cursor) -> list[str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    present = dict(cursor.fetchall())
    return [name for name, statement in _statements("sqlite") if present.get(name) != statement]


def _missing_postgresql(cursor) -> list[str]:
    cursor.execute(
        "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE t.tgenabled IN ('O', 'A') AND NOT t.tgisinternal"
    )
    present = {name: body.strip() for name, body in cursor.fetchall()}
    wanted = {name: _body(name, event, condition, sentence) for name, _, event, condition, sentence in _rules(_UNLIKE)}
    wanted |= {f"{table}_not_emptied": _REFUSE for table in _NEVER_EMPTIED}
    return [name for name, body in wanted.items() if present.get(name) != body]


_NEVER_EMPTIED = ("edition", "review", "entry", "page")
_UNLIKE = "IS DISTINCT FROM"  # PostgreSQL's “IS NOT” between two values
_REFUSE = "BEGIN RAISE EXCEPTION 'sealed: %', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END"


def _body(name: str, event: str, condition: str, sentence: str) -> str:
    """The body of a trigger's function. A WHEN clause may not hold a subquery in PostgreSQL, so it stands here."""
    row = "OLD" if event == "DELETE" else "NEW"
    return (
        f"BEGIN IF {condition} THEN RAISE EXCEPTION 'sealed: {sentence}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END"
    )


def _statements(vendor: str):
    """(name of the trigger, SQL), in the order in which they are run."""
    if vendor == "sqlite":
        for name, table, event, condition, sentence in _rules("IS NOT"):
            yield (
                name,
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, 'sealed: {sentence}'); END",
            )
    elif vendor == "postgresql":
        yield "", f"CREATE OR REPLACE FUNCTION editions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {_REFUSE} $$"
        for name, table, event, condition, sentence in _rules(_UNLIKE):
            body = _body(name, event, condition, sentence)
            yield (
                name,
                f"CREATE OR REPLACE FUNCTION editions_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
            )
            yield (
                name,
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION editions_{name}()",
            )
        for table in _NEVER_EMPTIED:
            yield (
                f"{table}_not_emptied",
                f"CREATE TRIGGER {table}_not_emptied BEFORE TRUNCATE ON editions_{table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION editions_refuse('the record is never emptied')",
            )
