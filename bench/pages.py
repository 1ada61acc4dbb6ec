"""Measure kept pages as they are served, beside a constant WSGI callable, a constant view, and nginx with the file.

All stand on this machine and are asked by wrk, in turn within each round, so that what else the machine does meets all.
Beside requests per second stands the processor's time that the server took for one: it says more where others work too.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

DRUG = "/drugs/imatinib/"
WORKERS, THREADS = 2, 32
# What we hold ourselves to at 8 and 64 connections: our requests per second as a multiple of theirs.
GOALS = {"a WSGI callable": 0.9, "nginx": 0.55, "a Django view": 3.5, "304": 1.0}
NGINX = """
worker_processes {workers}; pid {folder}/nginx.pid; error_log {folder}/nginx.log; daemon off; {user}
events {{ worker_connections 256; }}
http {{
  default_type text/html; access_log off; sendfile on; keepalive_requests 1000000;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; location / {{ root {folder}; try_files /page.html =404; }} }}
}}
"""


def measure_served(folder: Path, *, rounds: int, seconds: int, connections: tuple[int, ...]) -> dict:
    """Requests per second of each, and the ratios with their spread. Says why, if what it needs is not installed."""
    if not (wrk := shutil.which("wrk")):
        return {"skipped": "wrk is not installed."}
    with contextlib.ExitStack() as servers:
        site = servers.enter_context(_granian("serve_site", folder))
        body, headers = _fetched(site[0])
        (folder / "page.html").write_bytes(body)
        kept = [(name, value) for name, value in headers if name.lower() not in {"date", "server", "connection"}]
        (folder / "headers.json").write_text(json.dumps(kept))
        etag = {name.lower(): value for name, value in kept}["etag"]
        asked = {"page": (*site, []), "304": (*site, ["-H", f"If-None-Match: {etag}"])}
        asked["a WSGI callable"] = (*servers.enter_context(_granian("serve_constant", folder)), [])
        asked["a Django view"] = (*servers.enter_context(_granian("serve_view", folder)), [])
        if nginx := shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin"):
            asked["nginx"] = (*servers.enter_context(_nginx(nginx, folder)), [])
        for name, (address, _, _) in asked.items():
            if _fetched(address)[0] != body:
                raise SystemExit(f"{name} answers with other bytes, so nothing was measured.")
        figures: dict[int, dict[str, list[tuple[float, float]]]] = {
            n: {name: [] for name in asked} for n in connections
        }
        for turn in range(rounds):
            for number, one in figures.items():
                order = [*asked.items()]
                first = turn % len(order)  # nobody is always the one that comes after the slowest
                for name, (address, process, more) in order[first:] + order[:first]:
                    one[name].append(_asked(wrk, address, process, number, seconds, more))
    return {
        "bytes": len(body),
        "rounds": rounds,
        "seconds": seconds,
        "workers": WORKERS,
        "without": [] if nginx else ["nginx is not installed."],
        "at": {number: _beside(one) for number, one in figures.items()},
    }


def _beside(figures: dict[str, list[tuple[float, float]]]) -> dict[str, dict[str, float]]:
    """Medians; of the rounds' ratios the median, the least and the greatest; and the ratio by the processor's time alone."""
    table = {}
    for name, rounds in figures.items():
        row = {"per_second": round(statistics.median(rate for rate, _ in rounds))}
        row["cpu_us"] = round(statistics.median(cpu for _, cpu in rounds), 1)
        if name != "page":
            pairs = list(zip(figures["page"], rounds, strict=True))
            ratios = [theirs / ours if name == "304" else ours / theirs for (ours, _), (theirs, _) in pairs]
            row |= {"ratio": statistics.median(ratios), "least": min(ratios), "most": max(ratios)}
            costs = [
                (ours / theirs if name == "304" else theirs / ours)
                for (_, ours), (_, theirs) in pairs
                if ours and theirs
            ]
            row["cpu_ratio"] = statistics.median(costs) if costs else 0
        table[name] = {key: round(value, 2) for key, value in row.items()}
    return table


def _asked(
    wrk: str, address: str, process: int, connections: int, seconds: int, more: list[str]
) -> tuple[float, float]:
    """Requests per second, and microseconds of the processor that the server's processes took for each."""
    command = [wrk, f"-t{min(connections, 2)}", f"-c{connections}", f"-d{seconds}s", *more, address + DRUG]
    before = _processor_time(process)
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    spent = _processor_time(process) - before
    if "Non-2xx" in said or "Socket errors" in said:
        raise SystemExit(f"Requests to {address} failed, so nothing was measured:\n{said}")
    requests = int(re.search(r"(\d+) requests in", said)[1])
    return float(re.search(r"Requests/sec:\s*([\d.]+)", said)[1]), spent * 1_000_000 / requests


def _processor_time(process: int) -> float:
    """Seconds that a process and its children have worked so far; 0 where the system has no /proc."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            number, _, rest = stat.read_text().partition(" ")
            fields = rest.rpartition(") ")[2].split()  # from the third on: state, parent …
            if process in (int(number), int(fields[1])):
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def _granian(module: str, folder: Path) -> Iterator[tuple[str, int]]:
    """One of our modules on granian, as `make run` starts it: its address and its process."""
    port = _free_port()
    options = (
        f"--host 127.0.0.1 --port {port} --workers {WORKERS} --blocking-threads {THREADS} --workers-kill-timeout 3"
    )
    command = [Path(sys.executable).parent / "granian", "--interface", "wsgi", *options.split()]
    command.append(f"bench.{module}:application")
    with _running(command, port, {**os.environ, "BENCH_FOLDER": str(folder)}) as served:
        yield served


@contextlib.contextmanager
def _nginx(program: str, folder: Path) -> Iterator[tuple[str, int]]:
    port = _free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(workers=WORKERS, folder=folder, port=port, user=user))
    with _running([program, "-c", folder / "nginx.conf", "-e", folder / "nginx.log"], port, dict(os.environ)) as served:
        yield served


@contextlib.contextmanager
def _running(command: list, port: int, environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    """A server that answers on a port, ended by its process. Ends the run if it does not start."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                _fetched(address)
                break
            if process.poll() is not None:
                break
            time.sleep(0.1)
        else:
            raise SystemExit(f"{command[0]} does not answer, so nothing was measured.")
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _fetched(address: str) -> tuple[bytes, list[tuple[str, str]]]:
    with urllib.request.urlopen(address + DRUG, timeout=30) as answer:
        return answer.read(), answer.getheaders()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def show_served(figures: dict) -> None:
    """Print the figures as a table, beside their goals."""
    if "skipped" in figures:
        print(f"\nserved pages: not measured. {figures['skipped']}")
        return
    heading = f"a page of {figures['bytes']} bytes"
    print(
        f"\n{heading:<26}{'requests/s':>12}{'CPU µs each':>13}{'multiple':>10}{'least–most':>14}{'by CPU':>8}{'goal':>7}"
    )
    for number, table in figures["at"].items():
        print(f"at {number} connection{'s' * (number > 1)}")
        for name, row in table.items():
            ratio, cpu = row.get("ratio", ""), row.get("cpu_ratio", "")
            spread = f"{row['least']}–{row['most']}" if ratio else ""
            goal = GOALS.get(name, "") if number > 1 else ""
            print(f"  {name:<24}{row['per_second']:>12}{row['cpu_us']:>13}{ratio:>10}{spread:>14}{cpu:>8}{goal:>7}")
    for sentence in figures["without"]:
        print(sentence)
