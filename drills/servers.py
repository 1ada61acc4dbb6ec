"""Servers for the length of a drill, on 127.0.0.1 and free ports, each ended by its process."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ended(process: subprocess.Popen, by: int = signal.SIGTERM) -> None:
    process.send_signal(by)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(port: int, seconds: float = 60) -> None:
    for _ in range(int(seconds * 20)):
        if answers(port):
            return
        time.sleep(0.05)
    raise SystemExit(f"Nothing answers on port {port}.")


class Application:
    """The site on its real server, as the deployment starts it."""

    def __init__(self, database_url: str, *, workers: int = 2, cache_url: str = "", **environment: str):
        self.port = free_port()
        usual = {"DATABASE_URL": database_url, "CACHE_URL": cache_url, "PORT": str(self.port), "DATABASE_POOL": ""}
        self._environment = {**os.environ, "SITE_URL": f"http://127.0.0.1:{self.port}", **usual, **environment}
        self._command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        self._command += ["--port", str(self.port), "--workers", str(workers), "--blocking-threads", "32"]
        self._command += ["--workers-kill-timeout", "3", "sarcoma_site.wsgi:application"]

    def collect_static(self) -> None:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        manage = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
        subprocess.run(manage, cwd=ROOT, env=self._environment, check=True, **quiet)

    def start(self) -> None:
        """Start it in a process group of its own, and wait until it answers."""
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, env=self._environment, **quiet, start_new_session=True
        )
        wait_for(self.port)
        # As systemd and the container do, which wait for it or look whether it is well.
        subprocess.run(
            [sys.executable, "deploy/answers.py", str(self.port), "45"], cwd=ROOT, env=self._environment, check=True
        )

    def stop(self) -> None:
        ended(self._process)

    def kill(self) -> None:
        """End it and its workers with no time for anything, as a machine does that dies."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def reload(self) -> None:
        """New workers for old ones."""
        self._process.send_signal(signal.SIGHUP)


@contextlib.contextmanager
def site(database_url: str, *, workers: int = 2, cache_url: str = "") -> Iterator[int]:
    """The site on its real server; gives the port."""
    application = Application(database_url, workers=workers, cache_url=cache_url)
    application.collect_static()
    application.start()
    try:
        yield application.port
    finally:
        application.stop()


def get(port: int, address: str) -> tuple[int, dict[str, str], str]:
    """Status, headers (names in small letters) and words of a page, over a connection of its own."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        asked.request("GET", address)
        answer = asked.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read().decode()
    finally:
        asked.close()


class Redis:
    def __init__(self, folder: Path):
        self.port, self._folder = free_port(), folder
        self.url = f"redis://127.0.0.1:{self.port}/0"

    @staticmethod
    def is_here() -> bool:
        return shutil.which("redis-server") is not None

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        wait_for(self.port)

    def stop(self) -> None:
        ended(self._process)


class Postgres:
    """A PostgreSQL that can be stopped and started again."""

    user = "drills"

    def __init__(self, home: Path, programs: Path):
        import pwd

        self._home, self._programs, self.port = home, programs, free_port()
        account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None  # it refuses to run as root
        self._who = {"user": account.pw_uid, "group": account.pw_gid} if account else {}
        home.mkdir(mode=0o700)
        if account:
            os.chown(home, account.pw_uid, account.pw_gid)
        self._make()

    def _make(self) -> None:
        self._program("initdb", "-A", "trust", "-U", self.user, "-E", "UTF8", "--no-sync")

    def _program(self, name: str, *options: str) -> None:
        command = [self._programs / name, "-D", self._home / "data", *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self._home, **self._who)

    def url(self, name: str = "postgres") -> str:
        return f"postgres://{self.user}@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        import psycopg

        options = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self._home,
            "fsync": "off",
            "port": self.port,
            "max_connections": 200,
        }
        command = [self._programs / "postgres", "-D", self._home / "data"]
        command += [f"--{name}={value}" for name, value in options.items()]
        with open(self._home / "log", "ab") as log:
            self._process = subprocess.Popen(command, cwd=self._home, stdout=log, stderr=log, **self._who)
        for _ in range(400):
            with contextlib.suppress(psycopg.OperationalError):
                psycopg.connect(self.url()).close()
                return
            time.sleep(0.05)
        raise SystemExit("PostgreSQL did not start.")

    def stop(self) -> None:
        ended(self._process, signal.SIGINT)  # “fast shutdown”

    def ask(self, question: str, name: str = "postgres") -> object:
        """The one value that a question in SQL gives; None if it gives none."""
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as server:
            found = server.execute(question)
            return (found.fetchone() or [None])[0] if found.description else None


class Follower(Postgres):
    """A replica of the PostgreSQL at `address`: it follows by streaming, and its replay can be paused."""

    def __init__(self, home: Path, programs: Path, address: str):
        self._followed = address
        self.user = urlsplit(address).username or ""
        super().__init__(home, programs)

    def _make(self) -> None:
        self._program("pg_basebackup", "-d", self._followed, "-R", "-X", "stream", "--checkpoint=fast", "--no-sync")

    def pause(self) -> None:
        self.ask("SELECT pg_wal_replay_pause()")
        while self.ask("SELECT pg_get_wal_replay_pause_state()") != "paused":
            time.sleep(0.02)

    def resume(self) -> None:
        self.ask("SELECT pg_wal_replay_resume()")

    def catch_up(self) -> None:
        """Wait until it knows all that the server knows which it follows."""
        import psycopg

        with psycopg.connect(self._followed) as followed:
            written = followed.execute("SELECT pg_current_wal_lsn()").fetchone()[0]
        for _ in range(600):
            if self.ask(f"SELECT pg_last_wal_replay_lsn() >= '{written}'"):
                return
            time.sleep(0.02)
        raise SystemExit("The replica does not catch up.")
