"""A PostgreSQL of one's own for the length of a command: `python -m tests.postgres COMMAND …`.

Uses the server programs that are installed. Without them it says so and runs nothing; in CI that is a failure.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path


def programs() -> Path | None:
    """The folder that holds PostgreSQL's server programs, newest version first, or None."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3], reverse=True)
    return versions[0].parent if versions else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start a cluster on 127.0.0.1 and a free port, give its DATABASE_URL, and stop it by its process id."""
    # PostgreSQL refuses to run as root.
    account = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    who = {"user": account.pw_uid, "group": account.pw_gid} if account else {}
    with tempfile.TemporaryDirectory(prefix="sarcoma-pg-") as home:
        if account:
            os.chown(home, account.pw_uid, account.pw_gid)
        data, port = f"{home}/data", _free_port()
        subprocess.run(
            [folder / "initdb", "-D", data, "-A", "trust", "-U", "tests", "-E", "UTF8", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=home,
            **who,
        )
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": home, "port": port}
        # Nothing here has to outlive a crash, and tables are too small to be worth a vacuum or a compiled query.
        options |= dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes", "autovacuum", "jit"), "off")
        command = [folder / "postgres", "-D", data, *(f"--{name}={value}" for name, value in options.items())]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home, **who)
        try:
            _wait(port, process)
            yield f"postgres://tests@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)  # “fast shutdown”
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(port: int, process: subprocess.Popen) -> None:
    import psycopg

    for _ in range(100):
        if process.poll() is not None:
            raise SystemExit("PostgreSQL did not start.")
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="tests", dbname="postgres").close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise SystemExit("PostgreSQL did not answer within 10 seconds.")


def main(command: list[str]) -> int:
    folder = programs()
    if folder is None:
        print("PostgreSQL is not installed, so the tests ran on SQLite only.", file=sys.stderr)
        return 1 if os.environ.get("CI") else 0
    with server(folder) as url:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main(sys.argv[1:]))
