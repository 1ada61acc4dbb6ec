"""A server of one's own for the length of an audit: starter content, a database in a temporary folder, 127.0.0.1."""

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# One address of every kind of public page. The 404 stands for all errors.
KINDS = {
    "home": "/",
    "search": "/search/?q=imatinab",
    "feedback": "/feedback/?page=drug/imatinib",
    "another day": "/as-of/?page=/drugs/imatinib/",
    "about the site": "/guides/how-we-write-and-review/",
    "the API": "/api/docs",
    "guide": "/guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/",
    "drugs": "/drugs/",
    "drug": "/drugs/imatinib/",
    "drug with an alert": "/drugs/olaratumab/",
    "drug being studied": "/drugs/cediranib/",
    "history": "/drugs/olaratumab/history/",
    "edition": "/drugs/olaratumab/editions/1/",
    "comparison": "/drugs/olaratumab/compare/1/2/",
    "as of a day": "/as-of/2018-12-31/drugs/olaratumab/",
    "conditions": "/conditions/",
    "condition": "/conditions/gist/",
    "glossary": "/glossary/",
    "references": "/references/",
    "reference": "/references/moroncini-2018/",
    "updates": "/updates/",
    "record": "/record/",
    "nothing there": "/drugs/nothing-here/",
}


@contextlib.contextmanager
def served() -> Iterator[str]:
    """Start the production server on the starter content and a free port; give its address; end it by its process id.

    Raises SystemExit with the server's last words if it does not answer within 30 seconds.
    """
    with tempfile.TemporaryDirectory(prefix="sarcoma-audit-") as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
        probe.close()
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{folder}/audit.sqlite3",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DEBUG": "off",
            "PORT": port,
            "SITE_URL": f"http://127.0.0.1:{port}",
            "SITE_NOTICE": "This is demonstration content from 2018. It must not guide anyone’s treatment.",
            "EMAIL_URL": "dummy://",
            "CACHE_URL": "",
        }
        for command in (["migrate"], ["load_starter_content"], ["collectstatic", "--no-input"]):
            manage = [sys.executable, "manage.py", *command, "--verbosity", "0"]
            subprocess.run(manage, cwd=ROOT, env=environment, check=True)
        with open(f"{folder}/server.log", "w+") as log:
            command = [Path(sys.executable).parent / "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
            command += [
                "--port",
                port,
                "--workers",
                "1",
                "--workers-kill-timeout",
                "3",
                "sarcoma_site.wsgi:application",
            ]
            server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
            try:
                _wait(environment["SITE_URL"], server, log.name)
                yield environment["SITE_URL"]
            finally:
                server.terminate()
                try:
                    server.wait(timeout=10)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()


def _wait(address: str, server: subprocess.Popen, log: str) -> None:
    for _ in range(300):
        if server.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"{address}/healthz", timeout=5)
                return
        time.sleep(0.1)
    raise SystemExit(f"The server did not start:\n{Path(log).read_text()[-2000:]}")


def fetched(address: str) -> bytes:
    """The bytes of a page, also of an error page."""
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            return response.read()
    except urllib.error.HTTPError as answer:
        return answer.read()
