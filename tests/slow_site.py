"""The site as it is served, with one address that takes a second to answer, so that a stop can meet it in flight."""

import time

from sarcoma_site.wsgi import application as site


def application(environ, start_response):
    if environ["PATH_INFO"] != "/slow":
        return site(environ, start_response)
    time.sleep(1)
    start_response("200 OK", [("Content-Length", "8")])
    return [b"finished"]
