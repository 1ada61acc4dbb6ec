"""The import picture: which part of the code may know which, and a few words that stand nowhere."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Each app may import itself and those named.
MAY_IMPORT = {
    "basics": set(),
    "staff": {"basics"},
    "references": {"basics", "staff"},
    "editions": {"basics", "staff"},
    "drugs": {"basics", "staff", "references", "editions"},
    "sarcoma_site": {"basics", "staff", "references", "editions", "drugs"},
}
PLAIN = re.compile(
    r"(^|/)(content|compare|readiness|identifiers|vocabulary|starter_files|formatting|citations|terms|seals|keys)\.py$"
    r"|(formats|fetching|pathway)/.*\.py$|^references/(lookup|visiting|robots|retractions|names|numbering)\.py$"
    r"|^drugs/structured\.py$"
    r"|^basics/(text|dates|days|richtext)\.py$|^drugs/leaflet/(?!views).*\.py$"
    r"|^editions/bundles/(schema|statements|checks|faults)\.py$|^drugs/bundles/schema\.py$"
    r"|^editions/search/(words|document|query|extracts|near)\.py$|^drugs/searchable\.py$"
)
PUBLIC = re.compile(
    r"^(drugs|editions|sarcoma_site)/(views|public|pages|urls|feeds|api|site|published|updates|public_record)\.py$"
    r"|/templatetags/|^drugs/(leaflet|api)/|^editions/search/|^drugs/(structured|sitemap|searchable)\.py$"
)
# Modules that can see a working copy.
WORKING = re.compile(
    r"^(drugs|references)\.(models|admin|freeze|restore|resources|changes|kinds|starter|bundles)\b"
    r"|^editions\.(actions|bundles)\b"
)


def modules() -> list[Path]:
    return [
        path.relative_to(ROOT)
        for app in MAY_IMPORT
        for path in sorted((ROOT / app).rglob("*.py"))
        if "migrations" not in path.parts
    ]


def imports(source: str) -> set[str]:
    """The dotted names that a module imports, wherever in it the import stands."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


def wrong_layers(app: str, names: set[str]) -> set[str]:
    return {name for name in names if (top := name.split(".")[0]) in MAY_IMPORT and top not in MAY_IMPORT[app] | {app}}


def test_imports_go_downwards():
    wrong = {
        str(path): names
        for path in modules()
        if (names := wrong_layers(path.parts[0], imports((ROOT / path).read_text())))
    }
    assert wrong == {}


def test_what_is_plain_python_imports_no_django():
    wrong = {
        str(path): names
        for path in modules()
        if PLAIN.search(str(path))
        and (names := {name for name in imports((ROOT / path).read_text()) if name.split(".")[0] == "django"})
    }
    assert wrong == {}


def test_public_views_see_no_working_copy():
    wrong = {
        str(path): names
        for path in modules()
        if PUBLIC.search(str(path))
        and (names := {name for name in imports((ROOT / path).read_text()) if WORKING.search(name)})
    }
    assert wrong == {}


def test_the_progress_of_an_edition_moves_in_its_actions_only():
    callers = [
        str(path)
        for path in modules()
        if re.search(r"\._move\(", (ROOT / path).read_text()) and path != Path("editions/models/record.py")
    ]
    assert callers == [
        "editions/actions/publication.py",
        "editions/actions/replay.py",
        "editions/actions/reviews.py",
        "editions/actions/submission.py",
    ]


def test_working_copies_are_never_written_in_bulk():
    bulk = re.compile(r"\.(bulk_create|bulk_update|aupdate)\(|objects[^\n]*\.update\(|save_without_historical_record\(")
    wrong = [
        str(path)
        for path in modules()
        if path.parts[0] in {"drugs", "references"} and bulk.search((ROOT / path).read_text())
    ]
    assert wrong == []


def test_rows_and_their_revisions_are_written_together_in_one_place_for_imports_only():
    past_the_refusal = re.compile(r"QuerySet\([^\n]*\)\.bulk_|bulk_history_create\(|_with_history\(|\._raw_delete\(")
    asked_for = re.compile(r"\bsave_together\(")
    writing, asking = (
        [str(path) for path in modules() if pattern.search((ROOT / path).read_text())]
        for pattern in (past_the_refusal, asked_for)
    )
    assert writing == ["basics/together.py"]
    assert asking == ["basics/exchange/one_pass.py", "basics/together.py"]


def test_text_is_marked_safe_only_where_it_was_cleaned_and_guards_are_off_in_one_place():
    # The form for readers' feedback, which says what stands in for the guard that needs a cookie.
    allowed = {"drugs/templatetags/evidence.py", "drugs/templatetags/machines.py", "editions/feedback.py"}
    wrong = [
        str(path)
        for path in modules()
        if re.search(r"\bmark_safe\(|csrf_exempt|\bcache_page\b", (ROOT / path).read_text())
        and str(path) not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_templates_hold_no_inline_style_or_script_and_trust_no_text(path):
    text = path.read_text()
    assert not re.search(r"\|\s*safe\b|\{%\s*autoescape off|\bstyle=|<style|\son[a-z]+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)  # data for search engines comes from a tag


def test_these_checks_can_fail():
    assert imports("def f():\n    from drugs.models import Drug") == {"drugs.models", "drugs.models.Drug"}
    assert wrong_layers("editions", {"drugs.models", "basics.text"}) == {"drugs.models"}
    assert wrong_layers("references", {"editions.actions"}) == {"editions.actions"}
    assert WORKING.search("drugs.models.Drug") and not WORKING.search("drugs.content")
    assert PLAIN.search("drugs/content.py") and PUBLIC.search("drugs/templatetags/evidence.py")
