"""kill -9 at random moments, and what is killed most: the steps of a working day. Afterwards all or nothing."""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from io import StringIO

from drills.scratch import Scratch, person, wrong

Say = Callable[[str], None]


@dataclass
class Row:
    """One line of the table."""

    name: str
    tried: int = 0
    ended: int = 0  # before they could be killed
    nothing: int = 0  # killed, and nothing of it had happened
    all: int = 0  # killed, and all of it had happened
    lost: list[str] = field(default_factory=list)

    def count(self, *, was_killed: bool, happened: bool, lost: str) -> None:
        self.tried += 1
        if lost:
            self.lost.append(lost)
        elif not was_killed:
            self.ended += 1
        elif happened:
            self.all += 1
        else:
            self.nothing += 1


@dataclass
class Ended:
    """How a process ended: the lines that it said, and whether it was killed."""

    said: list[str]
    was_killed: bool
    seconds: float


def forked(work: Callable[[Say], None], after: float | None = None, upon: str = "begun") -> Ended:
    """Do `work` in a process of its own, and kill it so many seconds after it began, or after it said `upon`."""
    from django.db import connection

    connection.close()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _child(work, reading, writing)
    os.close(writing)
    said: list[str] = []
    start = time.monotonic()
    with os.fdopen(reading) as pipe:
        for line in pipe:
            said.append(line.rstrip("\n"))
            if said == ["begun"]:
                start = time.monotonic()
            if after is not None and said[-1] == upon:
                time.sleep(after)
                os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
    seconds = time.monotonic() - start
    was_killed = os.WIFSIGNALED(status)
    if not was_killed and (status or not said):
        raise SystemExit("A process of a drill failed by itself:\n" + "\n".join(said))
    return Ended(said[1:], was_killed, seconds)


def _child(work, reading: int, writing: int) -> None:
    status = 1
    try:
        os.close(reading)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        sys.stdout, sys.stderr = StringIO(), StringIO()

        def say(line: str) -> None:
            os.write(writing, f"{line}\n".encode())

        say("begun")
        work(say)
        status = 0
    except BaseException:
        os.write(writing, traceback.format_exc().encode())
    finally:
        os._exit(status)


def moments(row: Row, rounds: int, chance: random.Random, usual: float, once: Callable[[float], None]) -> Row:
    """Call `once` with moments that lie anywhere in what takes `usual` seconds."""
    while row.tried < rounds:
        once(chance.uniform(0, usual * 1.05))
    return row


# Save, submit, review, publish


def _a_working_day(first: int, days: int = 1000) -> Callable[[Say], None]:
    def work(say: Say) -> None:
        from basics.revisions import revising
        from drugs.models import Drug
        from editions import actions

        edith, ravi, paula = (person(name) for name in ("edith", "ravi", "paula"))
        for number in range(first, first + days):
            drug = Drug.objects.get(name="imatinib")
            say(f"save {number}")
            with revising(by=edith, because="A drill"):
                drug.summary = f"Words {number}."
                drug.save()
            say(f"submit {number}")
            edition = actions.submit(drug, by=edith, change_note=f"Words {number}.")
            say(f"review {number}")
            actions.review(edition, by=ravi, outcome="approved")
            say(f"publish {number}")
            actions.publish(edition, by=paula)

    return work


STEPS = ("save", "submit", "review", "publish")


def steps(scratch: Scratch, rounds: int, chance: random.Random) -> list[Row]:
    """Kill whoever saves, submits, reviews and publishes, one after the other without a pause: each step so often."""
    scratch.fresh("started")
    rows, usual = {name: Row(name) for name in STEPS}, _usual_steps()
    for number in range(rounds):
        for step, row in rows.items():
            first = 10 * (STEPS.index(step) + 4 * number + 10)
            # Of the second day: by then the process has read in all that it needs.
            after, upon = chance.uniform(0, usual[step]), f"{step} {first + 1}"
            ended = forked(_a_working_day(first), after, upon)
            scratch.quiet()
            last, day = ended.said[-1].split()
            happened, lost = _what_stands(last, int(day), ended.said)
            if last != step:  # it was quicker than usual
                row = rows[last]
            row.count(was_killed=True, happened=happened, lost=lost or wrong())
    return list(rows.values())


def _usual_steps() -> dict[str, float]:
    """How long each step takes, in seconds."""

    def timed(say: Say) -> None:
        marks: list[float] = []
        _a_working_day(1, days=2)(lambda line: marks.append(time.monotonic()))
        for one, other in zip(marks[4:], [*marks[5:], time.monotonic()], strict=True):
            say(str(other - one))

    return dict(zip(STEPS, map(float, forked(timed).said), strict=True))


def _tidy() -> None:
    """Take back what a killed process left in review, as an editor would."""
    from editions import actions
    from editions.models import Edition

    for edition in Edition.objects.open().filter(page__key="drug/imatinib"):
        actions.take_back(edition, by=person("paula"))


def _what_stands(step: str, number: int, said: list[str]) -> tuple[bool, str]:
    """Whether the step that was interrupted has happened, and what that was confirmed before is lost."""
    from drugs.models import Drug
    from editions.models import Edition
    from editions.vocabulary import Progress

    summary = Drug.objects.get(name="imatinib").summary
    edition = Edition.objects.filter(change_note=f"Words {number}.").first()
    happened = {
        "save": summary == f"Words {number}.",
        "submit": edition is not None,
        "review": edition is not None and edition.progress == Progress.APPROVED,
        "publish": edition is not None and edition.progress == Progress.PUBLISHED,
    }[step]
    lost = ""
    for line in said[:-1]:  # each was done: the next line says so
        done, which = line.split()
        note = f"Words {which}."
        if done == "publish" and not Edition.objects.filter(change_note=note, number__isnull=False).exists():
            lost = f"edition “{note}” was published and is not"
        if done == "submit" and not Edition.objects.filter(change_note=note).exists():
            lost = f"edition “{note}” was submitted and is not there"
    saved = [line.split()[1] for line in said[:-1] if line.startswith("save")]
    if saved and summary not in {f"Words {saved[-1]}.", f"Words {number}."}:
        lost = f"“Words {saved[-1]}.” was saved, and “{summary}” stands there"
    _tidy()
    return happened, lost
