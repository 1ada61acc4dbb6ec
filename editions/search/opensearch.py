"""The words of search entries in OpenSearch or Elasticsearch: what both have documented in the same way, and nothing else.

Beside it the database's own index is kept as ever. It answers whenever the engine does not, is slow, or does not hold
every entry: a search never finds less because of the engine (docs/decisions/0029-search-engine.md).
"""

import json
import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max
from urllib3 import PoolManager, Retry, Timeout, make_headers
from urllib3.exceptions import HTTPError

from editions.models import SearchEntry
from editions.search.engines import DatabaseEngine, EngineAway
from editions.search.query import Word

log = logging.getLogger(__name__)
# As bm25 of SQLite weighs them in engines.py.
FIELDS = {"names_words": 10, "subjects_words": 4, "headings_words": 3, "body_words": 1}
INDEX = {
    # Words are ready to be compared: nothing but gaps between them is the engine's business.
    "mappings": {
        "dynamic": "strict",
        "properties": {name: {"type": "text", "analyzer": "whitespace"} for name in FIELDS}
        | {"edition": {"type": "long"}, "entry": {"type": "long"}},
    },
}
AT_ONCE = 500  # entries in one request
MOST = 10_000  # hits of one answer: the engine gives no more unless it is set up otherwise
PATIENCE = 1.0  # seconds for an answer to a search …
PATIENCE_WRITING = 10.0  # … for taking entries up …
PATIENCE_FORGETTING = 120.0  # … and for forgetting all of them
LEFT_ALONE = 10.0  # seconds after a search that it did not answer

_ask_at = 0.0


class OpenSearchEngine:
    """The engine at SEARCH_URL, in front of the database's own index."""

    def __init__(self) -> None:
        self._database = DatabaseEngine()

    def write(self, entries: Iterable[SearchEntry]) -> None:
        """Take entries up in the database's index now, in the engine when the transaction has ended well.

        If the engine fails then, a line in the log says so, and it answers no search until `rebuild_derived`.
        """
        entries = list(entries)
        self._database.write(entries)
        transaction.on_commit(partial(_taken_up, entries))

    def remake(self) -> None:
        """Begin anew, in the engine when the transaction has ended well. It then raises EngineAway if that fails."""
        self._database.remake()
        transaction.on_commit(_remade)

    def matches(self, words: Sequence[Word], *, every: bool) -> dict[int, float]:
        """As `Engine.matches` says, from the engine; from the database if the engine cannot be relied on."""
        if words and time.monotonic() >= _ask_at:
            try:
                return _found(words, every=every)
            except EngineAway as problem:
                log.warning("The database searches in place of the search engine. %s", problem)
        return self._database.matches(words, every=every)


def missing() -> str:
    """What is wrong with the engine, in a sentence for whoever looks after the site; nothing if it is well."""
    try:
        _check(_ask("POST", "_search", {"size": 0, "aggs": _ALL}, PATIENCE))
    except EngineAway as problem:
        return f"The database searches in place of the search engine. {problem}"
    return ""


# Writing


def _taken_up(entries: list[SearchEntry]) -> None:
    try:
        _make_index()
        _send(entries)
    except EngineAway as problem:
        log.error("The search engine did not take entries up: run `manage.py rebuild_derived`. %s", problem)


def _remade() -> None:
    _make_index()
    _ask("POST", "_delete_by_query?conflicts=proceed&refresh=true", {"query": {"match_all": {}}}, PATIENCE_FORGETTING)
    _send(SearchEntry.objects.order_by("pk").iterator(chunk_size=AT_ONCE))


def _make_index() -> None:
    if _ask("HEAD", "", None, PATIENCE_WRITING, missing_is_well=True) is None:
        _ask("PUT", "", INDEX, PATIENCE_WRITING)


def _send(entries: Iterable[SearchEntry]) -> None:
    for part in _parts(entries):
        lines: list[dict[str, Any]] = []
        for entry in part:
            lines.append({"index": {"_id": str(entry.edition_id)}})
            lines.append(
                {"edition": entry.edition_id, "entry": entry.pk} | {name: getattr(entry, name) for name in FIELDS}
            )
        # Searches see them when this has been answered.
        said = _ask("POST", "_bulk?refresh=true", lines, PATIENCE_WRITING)
        if said is None or said.get("errors", True):
            reasons = [
                one["index"]["error"] for one in (said or {}).get("items", []) if "error" in one.get("index", {})
            ]
            raise EngineAway(f"It refused {len(reasons)} of {len(part)} entries: {str(reasons[:1])[:200]}")


def _parts(entries: Iterable[SearchEntry]) -> Iterator[list[SearchEntry]]:
    part: list[SearchEntry] = []
    for entry in entries:
        part.append(entry)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


# Searching

# What the engine holds in all, told with every answer.
_ALL = {
    "all": {
        "global": {},
        "aggs": {"entries": {"value_count": {"field": "entry"}}, "newest": {"max": {"field": "entry"}}},
    }
}


def _found(words: Sequence[Word], *, every: bool) -> dict[int, float]:
    asked = {
        "query": {"bool": {"must": [_one_of(word) for word in words]}}
        if every
        else {"bool": {"should": [_one_of(word) for word in words], "minimum_should_match": 1}},
        "size": MOST,
        "_source": False,
        "sort": [{"edition": "asc"}],  # so that one part goes on where the one before ended
        "track_scores": True,
    }
    found: dict[int, float] = {}
    end, more = time.monotonic() + PATIENCE, {"aggs": _ALL}
    while True:
        said = _ask("POST", "_search", asked | more, max(0.05, end - time.monotonic()))
        if not found:
            _check(said)
        hits = _hits(said)
        found.update((int(hit["_id"]), float(hit["_score"])) for hit in hits)
        if len(hits) < MOST:
            return found
        more = {"search_after": hits[-1]["sort"]}


def _one_of(word: Word) -> dict[str, Any]:
    """A document that holds one of the words that fit, weighed by where it stands."""
    fields = [f"{name}^{weight}" for name, weight in FIELDS.items()]
    either: list[dict[str, Any]] = [{"multi_match": {"query": one, "fields": fields}} for one in word.exact]
    either += [
        {"prefix": {name: {"value": start, "boost": weight}}}
        for start in word.starts
        for name, weight in FIELDS.items()
    ]
    return {"bool": {"should": either, "minimum_should_match": 1}}


def _hits(said: dict[str, Any] | None) -> list[dict[str, Any]]:
    if not said or said.get("timed_out") or said.get("_shards", {}).get("failed"):
        raise EngineAway("It answered from a part of what it holds.")
    return said["hits"]["hits"]


def _check(said: dict[str, Any] | None) -> None:
    """Raises EngineAway unless the engine holds the entries that the database holds."""
    _hits(said)
    stored = SearchEntry.objects.aggregate(entries=Count("pk"), newest=Max("pk"))
    told = said["aggregations"]["all"] if said else {}
    held = {name: int(told[name]["value"] or 0) for name in stored}
    if held != {name: number or 0 for name, number in stored.items()}:
        raise EngineAway(f"It holds {held['entries']} of {stored['entries']} entries: run `manage.py rebuild_derived`.")


# Asking


@lru_cache(maxsize=2)
def _engine(url: str) -> tuple[PoolManager, str]:
    """Connections to the engine, and the address of its index."""
    parts = urlsplit(url)
    headers = {"Accept": "application/json"}
    if parts.username:
        headers |= make_headers(basic_auth=f"{unquote(parts.username)}:{unquote(parts.password or '')}")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = f":{parts.port}" if parts.port else ""
    index = parts.path.strip("/") or "sarcoma-site"
    return PoolManager(headers=headers, retries=Retry(0, redirect=False)), f"{parts.scheme}://{host}{port}/{index}"


def _ask(method: str, what: str, body: Any, seconds: float, *, missing_is_well: bool = False) -> dict[str, Any] | None:
    """The engine's answer; None if there is no index and that is well. Raises EngineAway.

    A list is sent line by line, as `_bulk` wants it.
    """
    global _ask_at
    pool, address = _engine(settings.SEARCH_URL)
    lines = isinstance(body, list)
    text = "".join(f"{json.dumps(one)}\n" for one in body) if lines else json.dumps(body) if body else None
    headers = {**pool.headers, **({"Content-Type": f"application/{'x-nd' if lines else ''}json"} if text else {})}
    try:
        answer = pool.request(
            method, f"{address}/{what}".rstrip("/"), body=text, headers=headers, timeout=Timeout(total=seconds)
        )
        if answer.status == 404 and missing_is_well:
            return None
        if answer.status >= 300:
            raise EngineAway(f"{method} {what.partition('?')[0]} answers {answer.status}: {answer.data[:200]!r}")
        return {} if method == "HEAD" else json.loads(answer.data)
    except (HTTPError, OSError, ValueError) as problem:
        _ask_at = time.monotonic() + LEFT_ALONE
        raise EngineAway(f"It does not answer: {type(problem).__name__}.") from problem
