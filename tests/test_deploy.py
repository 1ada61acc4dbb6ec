"""What the files in deploy/ say is so, as far as it can be tried without containers and without systemd."""

import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from drills.proxy import Nginx

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"


class Site(BaseHTTPRequestHandler):
    """Answers to the name of the site only."""

    def do_GET(self):
        self.send_response(200 if self.headers["Host"] == "www.example.org" else 400)
        self.end_headers()

    def log_message(self, *said):
        pass


def answers(*arguments: str) -> int:
    environment = {**os.environ, "SITE_URL": "https://www.example.org"}
    return subprocess.run([sys.executable, DEPLOY / "answers.py", *arguments], env=environment, check=False).returncode


def test_the_site_is_asked_whether_it_is_well_by_its_own_name():
    server = HTTPServer(("127.0.0.1", 0), Site)
    port = str(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert answers(port) == 0
    finally:
        server.shutdown()
        server.server_close()
    assert answers(port) == answers(port, "0.3") == 1


@pytest.mark.skipif(not Nginx.is_here(), reason="nginx is not installed on this machine")
def test_nginx_understands_its_configuration(tmp_path):
    assert Nginx(tmp_path / "nginx").is_valid([8001, 8002])


def test_whatever_starts_the_site_bounds_its_threads_and_can_be_stopped_while_it_starts():
    starting = [
        line
        for path in sorted(DEPLOY.iterdir())
        for line in path.read_text().splitlines()
        if re.search(r"granian --interface", line)
    ]
    assert len(starting) == 2
    assert all("--workers-kill-timeout 10" in line and "--blocking-threads 32" in line for line in starting)
