"""Recompute the public record of the site, from outside: python check_record.py https://www.example.org [SEAL]

Needs Python 3.11 and nothing else. SEAL is a newest seal that you kept: it must still stand in the record, and what came
after it is checked. docs/checking-the-record.md says what this proves, and what it cannot.
"""

import json
import sys
import urllib.error
import urllib.request
from hashlib import sha256

GENESIS = "0" * 64  # the seal before the first entry
PUBLISHING = ("carried_over", "published", "published_urgently")


def digest(text):
    return sha256(text.encode()).hexdigest()


def canonical(value):
    """JSON as RFC 8785 wants it, for values without fractions: sorted keys, no white space, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def chain(record, kept):
    """Does every entry rest on the one before it, and does its seal fit what it says? (One that is held back says nothing.)"""
    seal, position = kept, None if kept != GENESIS else 0
    for entry in record["entries"]:
        here = entry["position"]
        if position is not None and here != position + 1:
            yield f"Entry {position + 1} is missing: entry {here} stands where it stood."
        if entry["previous_seal"] != seal:
            yield f"Entry {here} does not rest on the seal before it: an entry was altered or removed."
        seal, position, statement = entry["seal"], here, entry.get("statement")
        if statement is not None and digest(f"{entry['previous_seal']}\n{statement}") != seal:
            yield f"Entry {here} was altered: its seal does not fit what it says."
        elif statement is not None and json.loads(statement)["position"] != here:
            yield f"Entry {here} says that it is another one."
    if seal != record["newest_seal"]:
        yield f"The end is missing: the newest entry is said to be {record['newest_position']}."


def names(told):
    """Is each name the one that was sealed? One that is gone must have been removed on request, in the record."""
    removed = {one for _, said in told if said["act"] == "name_removed" for one in said["details"]["entries"]}
    for entry, said in told:
        if entry["name"] is None and entry["position"] not in removed:
            yield f"The name of entry {entry['position']} was taken away without a request."
        if entry["name"] is not None and digest(f"{entry['salt']}\n{entry['name']}") != said["by"]:
            yield f"The name beside entry {entry['position']} is not the one that was sealed."


def editions(told, kept):
    """Is each edition what was sealed, its content first, and have the numbers of each page no gaps?"""
    last = {}
    for entry, said in told:
        page, number = said["page"], said["details"].get("number")
        name = f"Edition {number} of {page} (entry {entry['position']})"
        if said["act"] == "unscheduled":
            last[page] = number - 1
        if said["act"] not in PUBLISHING:
            continue
        if not (edition := entry["edition"]):
            yield f"{name} is missing."
        elif digest(edition["content_json"]) != edition["frozen"]["content"]:
            yield f"{name} was altered: its content is not what was sealed."
        elif digest(canonical(edition["frozen"])) != said["edition"]["digest"]:
            yield f"{name} was altered: its change note or what else was frozen is not what was sealed."
        if number != last.get(page, 0 if kept == GENESIS else number - 1) + 1:
            yield f"{name} does not follow on the edition before it."
        last[page] = number


def shown(told, record):
    """Does the site show of each page the edition that is live by the record, and nothing of those that were withdrawn?"""
    live = {}
    for _, said in told:
        page, number = said["page"], said["details"].get("number")
        if said["act"] == "unscheduled" and page in live:
            live[page] = number - 1
        elif said["act"] in PUBLISHING and said["holds_from"] <= record["at"]:
            live[page] = number
        elif said["act"] == "withdrawn":
            live.pop(page, None)
    for page in sorted(live.keys() | record["live"].keys()):
        if live.get(page) != record["live"].get(page):
            says, shows = (f"edition {one[page]}" if page in one else "nothing" for one in (live, record["live"]))
            yield f"Of {page} the site shows {shows}, and by the record it is {says}."


def misfits(record, kept):
    """All that does not fit, the chain first: what an altered statement says need not even be readable."""
    yield from chain(record, kept)
    told = [(entry, json.loads(entry["statement"])) for entry in record["entries"] if "statement" in entry]
    yield from names(told)
    yield from editions(told, kept)
    if kept == GENESIS:
        yield from shown(told, record)


def main(site, kept=GENESIS):
    address = f"{site.rstrip('/')}/record.json" + ("" if kept == GENESIS else f"?since={kept}")
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 – who runs this gives the address
            record = json.load(answer)
    except urllib.error.HTTPError as problem:
        sys.exit(f"{address} answered {problem.code}. 404 means that the seal is not in the record any more.")
    for misfit in misfits(record, kept):
        sys.exit(f"The record does not hold. {misfit}")
    told = sum("statement" in entry for entry in record["entries"])
    print(f"The record holds: {told} entries recomputed, {len(record['entries']) - told} held back.")
    print(f"Keep the newest seal: {record['newest_seal']}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
