"""A small search engine on this machine that takes and answers what is documented of OpenSearch and Elasticsearch alike.

Only what the site uses: an index with its mappings, `_bulk`, `_search` (bool, multi_match, prefix, match_all, sort with
search_after, the aggregations of everything) and `_delete_by_query`. What it does not know it refuses with 400, as they do.
"""

import base64
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KNOWN = {"query", "size", "_source", "sort", "track_scores", "aggs", "search_after"}


class Engine(ThreadingHTTPServer):
    """Its `documents` by their ids; `asked` are the requests. `mood` is how it answers: well, slow, broken, or in part."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mappings: dict | None = None
        self.documents: dict[str, dict] = {}
        self.asked: list[tuple[str, str]] = []
        self.refused: set[str] = set()  # ids of documents that it takes up with an error
        self.mood = "well"
        self.user = "site:pass word"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://site:pass%20word@127.0.0.1:{self.server_address[1]}/pages"

    def put(self, body):
        if self.mappings is not None:
            return 400, {"error": {"type": "resource_already_exists_exception"}}
        self.mappings = body["mappings"]
        return 200, {"acknowledged": True, "shards_acknowledged": True, "index": "pages"}

    def bulk(self, lines):
        items = []
        for action, document in zip(lines[::2], lines[1::2], strict=True):
            (meta,) = action.values()
            assert list(action) == ["index"] and set(meta) == {"_id"}
            wrong = meta["_id"] in self.refused or not set(document) <= set(self.mappings["properties"])
            if wrong:
                error = {"type": "strict_dynamic_mapping_exception", "reason": "not known"}
                items.append({"index": {"_index": "pages", "_id": meta["_id"], "status": 400, "error": error}})
            else:
                self.documents[meta["_id"]] = document
                items.append({"index": {"_index": "pages", "_id": meta["_id"], "status": 201, "result": "created"}})
        return 200, {"took": 1, "errors": any("error" in item["index"] for item in items), "items": items}

    def delete_by_query(self, body):
        gone = [key for key, one in self.documents.items() if self.score(body["query"], one) is not None]
        for key in gone:
            del self.documents[key]
        return 200, {"took": 1, "timed_out": False, "deleted": len(gone), "failures": []}

    def search(self, body):
        if not set(body) <= KNOWN:
            return 400, {"error": {"type": "parsing_exception", "reason": f"{set(body) - KNOWN}"}}
        hits = []
        for key, one in self.documents.items():
            score = self.score(body.get("query", {"match_all": {}}), one)
            if score is not None:
                sort = [one[name] for clause in body.get("sort", []) for name in clause]
                hits.append({"_index": "pages", "_id": key, "_score": score, "sort": sort})
        hits.sort(key=lambda hit: hit["sort"])
        if after := body.get("search_after"):
            hits = [hit for hit in hits if hit["sort"] > after]
        told = {"took": 1, "timed_out": self.mood == "late", "_shards": {"total": 1, "successful": 1, "failed": 0}}
        if self.mood == "in part":
            told["_shards"] = {"total": 2, "successful": 1, "failed": 1}
        told["hits"] = {"total": {"value": len(hits), "relation": "eq"}, "hits": hits[: body.get("size", 10)]}
        if "aggs" in body:
            entries = [one["entry"] for one in self.documents.values()]
            newest = {"value": float(max(entries)) if entries else None}
            told["aggregations"] = {
                "all": {"doc_count": len(entries), "entries": {"value": len(entries)}, "newest": newest}
            }
        return 200, told

    def score(self, query, document) -> float | None:
        """How well a document fits; None if it does not."""
        ((kind, clause),) = query.items()
        if kind == "match_all":
            return 1.0
        if kind == "bool":
            must = [self.score(one, document) for one in clause.get("must", [])]
            should = [self.score(one, document) for one in clause.get("should", [])]
            fitting = [one for one in should if one is not None]
            if None in must or len(fitting) < clause.get("minimum_should_match", 0 if must else 1):
                return None
            return sum(must) + sum(fitting)
        if kind == "multi_match":
            weights = dict(name.split("^") for name in clause["fields"])
            found = [int(weights[name]) for name in weights if clause["query"] in self.terms(name, document)]
            return float(max(found)) if found else None
        if kind == "prefix":
            ((name, asked),) = clause.items()
            fits = any(term.startswith(asked["value"]) for term in self.terms(name, document))
            return float(asked["boost"]) if fits else None
        raise ValueError(kind)

    def terms(self, name: str, document: dict) -> list[str]:
        field = self.mappings["properties"][name]
        assert field == {"type": "text", "analyzer": "whitespace"}
        return document[name].split()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Engine

    def log_message(self, *said):
        pass

    def _answer(self):
        engine = self.server
        size = int(self.headers.get("Content-Length", 0))
        text = self.rfile.read(size).decode()
        index, _, verb = re.match(r"/([^/?]+)(/?)([^?]*)", self.path).groups()
        engine.asked.append((self.command, verb))
        right = f"Basic {base64.b64encode(engine.user.encode()).decode()}"
        kind = "application/x-ndjson" if verb == "_bulk" else "application/json"
        if self.headers.get("Authorization") != right:
            return self._send(401, {"error": "security_exception"})
        if text and self.headers.get("Content-Type") != kind:
            return self._send(406, {"error": "Content-Type header is not supported"})
        if engine.mood == "slow" and verb == "_search":
            time.sleep(3)
        if engine.mood == "broken":
            return self._send(503, {"error": {"type": "cluster_block_exception"}})
        if self.command != "PUT" and engine.mappings is None:
            return self._send(404, {"error": {"type": "index_not_found_exception"}})
        body = [json.loads(line) for line in text.splitlines()] if verb == "_bulk" else json.loads(text or "null")
        assert index == "pages" and (verb != "_bulk" or text.endswith("\n"))
        if self.command == "HEAD":
            return self._send(200, None)
        verbs = {
            "": engine.put,
            "_bulk": engine.bulk,
            "_search": engine.search,
            "_delete_by_query": engine.delete_by_query,
        }
        return self._send(*verbs[verb](body))

    do_GET = do_HEAD = do_POST = do_PUT = _answer

    def _send(self, status, body):
        data = b"" if self.command == "HEAD" else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
