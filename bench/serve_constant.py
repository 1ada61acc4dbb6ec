"""The least that a WSGI server can be asked for: the same bytes and headers, from a callable of two lines."""

import json
import os
from pathlib import Path

_folder = Path(os.environ["BENCH_FOLDER"])
BODY = [(_folder / "page.html").read_bytes()]
HEADERS = [tuple(pair) for pair in json.loads((_folder / "headers.json").read_text())]


def application(environ, start_response):
    start_response("200 OK", HEADERS)
    return BODY
