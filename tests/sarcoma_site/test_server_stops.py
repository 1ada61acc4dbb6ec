"""A stop at any moment ends the server and its workers; requests in flight are finished, nothing is left on the port."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# As `make run` starts it.
OPTIONS = re.search(r"granian (--interface .*) sarcoma_site", (ROOT / "Makefile").read_text())[1]
DURING_THE_START = (0.05, 0.3, 0.7, 1.2)  # seconds after it


class Server:
    """The server in a process group of its own."""

    def __init__(self, folder: Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        options = OPTIONS.replace("$(PORT)", str(self.port)).split()
        self.process = subprocess.Popen(
            [Path(sys.executable).parent / "granian", *options, "tests.slow_site:application"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'empty.sqlite3'}"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def get(self, address: str) -> tuple[int, bytes, dict]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", address)
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()

    def wait_until_up(self):
        for _ in range(300):
            try:
                return self.get("/healthz")
            except OSError:
                time.sleep(0.1)
        raise AssertionError("The server did not start.")

    def stop(self) -> bool:
        """Send one SIGTERM. Whether the server, its workers and its port were gone within ten seconds."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:  # nothing of its group is left
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) != 0
        except subprocess.TimeoutExpired:
            pass
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return False


def while_it_starts(folder: Path, after: float) -> bool:
    server = Server(folder)
    time.sleep(after)
    return server.stop()


def while_it_idles(folder: Path) -> bool:
    server = Server(folder)
    try:
        status, _, headers = server.wait_until_up()
        assert status == 200 and headers["date"]  # the server dates each answer itself
    finally:
        is_gone = server.stop()
    return is_gone


def while_it_answers(folder: Path) -> bool:
    server, answers = Server(folder), []
    try:
        server.wait_until_up()
        threads = [threading.Thread(target=lambda: answers.append(server.get("/slow"))) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
    finally:
        is_gone = server.stop()
    for thread in threads:
        thread.join()
    return is_gone and [(status, body) for status, body, _ in answers] == [(200, b"finished")] * 4


def test_a_stop_at_any_moment_ends_the_server_and_what_is_in_flight_is_finished(tmp_path):
    tries = {f"{after} s after its start": partial(while_it_starts, tmp_path, after) for after in DURING_THE_START}
    tries |= {"idle": partial(while_it_idles, tmp_path), "answering": partial(while_it_answers, tmp_path)}
    with ThreadPoolExecutor(len(tries)) as pool:
        came_of_it = dict(zip(tries, pool.map(lambda call: call(), tries.values()), strict=True))
    assert came_of_it == dict.fromkeys(tries, True)


def test_wherever_we_say_how_to_serve_we_name_the_option_without_which_a_stop_can_be_missed():
    places = [ROOT / "Makefile", ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    lines = [line for place in places for line in place.read_text().splitlines() if "granian --interface" in line]
    assert len(lines) >= 2 and all("--workers-kill-timeout 3" in line for line in lines)
