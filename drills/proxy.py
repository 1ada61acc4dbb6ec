"""nginx with the deployment's own configuration, and readers that come through it."""

import http.client
import re
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from drills.servers import ROOT, ended, free_port, wait_for

_UNVERIFIED = ssl.create_default_context()
_UNVERIFIED.check_hostname, _UNVERIFIED.verify_mode = False, ssl.CERT_NONE  # a certificate of a drill


class Nginx:
    """deploy/nginx.conf with other ports, paths and certificates, and nothing else changed."""

    def __init__(self, folder: Path):
        self.port, self._plain, self._folder = free_port(), free_port(), folder
        folder.mkdir()
        folder.chmod(0o755)
        self.certificate = folder / "site.pem"
        options = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        files = ["-keyout", folder / "site.key", "-out", self.certificate]
        subprocess.run(["openssl", *options, *files], check=True, stderr=subprocess.DEVNULL)

    @staticmethod
    def is_here() -> bool:
        return bool(shutil.which("nginx") and shutil.which("openssl"))

    def start(self, applications: Iterable[int]) -> None:
        self._process = subprocess.Popen(
            self._command(applications), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        wait_for(self.port)

    def is_valid(self, applications: Iterable[int]) -> bool:
        """Whether nginx understands the configuration."""
        return subprocess.run([*self._command(applications), "-t"], capture_output=True, check=False).returncode == 0

    def _command(self, applications: Iterable[int]) -> list[str | Path]:
        """Write the configuration; the command that serves it."""
        text = (ROOT / "deploy/nginx.conf").read_text()
        told = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr
        version = tuple(int(one) for one in re.findall(r"\d+", told)[:2])
        (example,) = re.findall(r"server app:8000(.*);", text)
        changes = {
            f"server app:8000{example};": "\n    ".join(f"server 127.0.0.1:{port}{example};" for port in applications),
            "include mime.types": "include /etc/nginx/mime.types",
            "listen 80;": f"listen 127.0.0.1:{self._plain};",
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
            "certificates/": f"{self._folder}/",
            "/dev/stdout": f"{self._folder}/access.log",
            "/dev/stderr": f"{self._folder}/error.log",
        }
        if version < (1, 25):  # which writes it in the line above
            changes["http2 on;"] = ""
        for old, new in changes.items():
            if old not in text:
                raise SystemExit(f"deploy/nginx.conf has no “{old}” any more.")
            text = text.replace(old, new)
        paths = "".join(f"  {name}_temp_path {self._folder}/{name};\n" for name in ("client_body", "proxy"))
        text = text.replace("http {\n", f"http {{\n{paths}", 1)
        (self._folder / "nginx.conf").write_text(f"pid {self._folder}/pid;\ndaemon off;\n{text}")
        return ["nginx", "-p", self._folder, "-c", self._folder / "nginx.conf", "-e", self._folder / "error.log"]

    def stop(self) -> None:
        ended(self._process)


def ask(port: int, address: str, *, tls: bool = True, method: str = "GET", body: str = "", **headers: str):
    """Status, headers (names in small letters) and words of an answer, over a connection of its own."""
    if tls:
        asked: http.client.HTTPConnection = http.client.HTTPSConnection(
            "localhost", port, timeout=30, context=_UNVERIFIED
        )
    else:
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        asked.request(method, address, body or None, {name.replace("_", "-"): word for name, word in headers.items()})
        answer = asked.getresponse()
        found: dict[str, str] = {}
        for name, value in answer.getheaders():
            found[name.lower()] = f"{found[name.lower()]}; {value}" if name.lower() in found else value
        return answer.status, found, answer.read().decode()
    finally:
        asked.close()


class Readers:
    """People who read without a pause, each over a connection that is kept, and one who sends a form now and then."""

    def __init__(self, port: int, addresses: tuple[str, ...], many: int = 8):
        self._port, self._addresses = port, addresses
        self._stop = threading.Event()
        self.answers, self.slowest = 0, 0.0
        self.faults: list[str] = []
        self.cut = 0  # answers that nginx could not ask another process for: forms, and what had begun
        self._crowd = [threading.Thread(target=self._read, args=(first,)) for first in range(many)]
        self._crowd.append(threading.Thread(target=self._send))

    def __enter__(self) -> "Readers":
        for thread in self._crowd:
            thread.start()
        return self

    def __exit__(self, *problem) -> None:
        self._stop.set()
        for thread in self._crowd:
            thread.join()

    def _read(self, turn: int) -> None:
        kept = None
        while not self._stop.is_set():
            address, turn = self._addresses[turn % len(self._addresses)], turn + 1
            kept = kept or http.client.HTTPSConnection("localhost", self._port, timeout=30, context=_UNVERIFIED)
            kept = self._asked(kept, "GET", address, None, 200)
        if kept:
            kept.close()

    def _send(self) -> None:
        """A form that does not hold: it is read and refused, which is an answer."""
        while not self._stop.wait(0.05):
            one = http.client.HTTPSConnection("localhost", self._port, timeout=30, context=_UNVERIFIED)
            if (kept := self._asked(one, "POST", "/feedback/", "said=", 422)) is not None:
                kept.close()

    def _asked(self, connection, method: str, address: str, body: str | None, right: int):
        """The connection, if it can be used again."""
        begun = time.monotonic()
        headers = {"Origin": f"https://localhost:{self._port}", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, address, body, headers if body else {})
            answer = connection.getresponse()
            answer.read()
        except http.client.IncompleteRead:
            self.cut += 1
            connection.close()
            return None
        except (OSError, http.client.HTTPException) as problem:
            self.faults.append(f"{method} {address}: {type(problem).__name__} {problem}")
            connection.close()
            return None
        self.answers += 1
        self.slowest = max(self.slowest, time.monotonic() - begun)
        if method == "POST" and answer.status == 502:
            self.cut += 1
        elif answer.status != right:
            self.faults.append(f"{method} {address} answers {answer.status}")
        return connection if not answer.will_close else None
