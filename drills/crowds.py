"""Many at once: publishers, savers, and a hundred readers while editions go live."""

import re
import threading
import time
from collections import Counter
from collections.abc import Callable

from drills import servers
from drills.killing import Row, Say, forked
from drills.scratch import Scratch, person, wrong

READERS = 100
HISTORY = "/drugs/imatinib/history/"
# Pages on which every word of imatinib has to be of one edition.
ONE_EDITION = ("/drugs/", "/drugs/imatinib/", "/guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/")
ADDRESSES = ("/", HISTORY, *ONE_EDITION, "/updates/")
# Seconds after which every process shows what another published: each asks once a second (sarcoma_site/front/pulse.py),
# and a hundred readers wait in line for what it draws then.
SEEN_WITHIN = 1.5


def _both(scratch: Scratch, work: Callable[[Say], None]) -> list[str]:
    """Do the same in two processes at the same moment; what each of them says in the end."""
    from django.db import connection

    connection.close()
    found: list[str] = []

    def one() -> None:
        found.append(forked_by_itself(work))

    pair = [threading.Thread(target=one) for _ in range(2)]
    for thread in pair:
        thread.start()
    for thread in pair:
        thread.join()
    scratch.quiet()
    return found


def forked_by_itself(work: Callable[[Say], None]) -> str:
    return forked(work).said[-1]


def savers(scratch: Scratch, rounds: int) -> Row:
    """Two save what both have read: one does, the other is told, and the words of the first stand."""
    from drugs.models import Drug

    scratch.fresh("started")
    row = Row("two who save the same")
    for number in range(rounds):
        at, seen = time.time() + 0.3, Drug.objects.get(name="imatinib").version

        def work(say: Say, at=at, number=number) -> None:
            import os

            from basics.models import SavedMeanwhile
            from basics.revisions import revising

            edith, drug = person("edith"), Drug.objects.get(name="imatinib")
            time.sleep(max(0, at - time.time()))
            try:
                with revising(by=edith, because="A drill"):
                    drug.summary = f"Round {number} of {os.getpid()}."
                    drug.save()
                say(drug.summary)
            except SavedMeanwhile:
                say("told")

        said = _both(scratch, work)
        drug = Drug.objects.get(name="imatinib")
        stands = drug.summary in said and "told" in said and drug.version == seen + 1
        row.count(was_killed=True, happened=True, lost="" if stands else f"{said}, “{drug.summary}” stands")
    return row


def publishers(scratch: Scratch, rounds: int) -> Row:
    """Two publish the same edition: one does, the other is told, and the numbers have no gap."""
    from drugs.models import Drug
    from editions import actions
    from editions.models import Edition

    scratch.fresh("started")
    row = Row("two who publish the same")
    for number in range(rounds):
        edition = actions.submit(Drug.objects.get(name="imatinib"), by=person("edith"), change_note=f"Round {number}.")
        actions.review(edition, by=person("ravi"), outcome="approved")
        at, key = time.time() + 0.3, edition.pk

        def work(say: Say, at=at, key=key) -> None:
            paula, mine = person("paula"), Edition.objects.get(pk=key)
            time.sleep(max(0, at - time.time()))
            try:
                say(f"edition {actions.publish(mine, by=paula).number}")
            except actions.WrongProgress:
                say("told")

        said = sorted(_both(scratch, work))
        number_now = Edition.objects.get(pk=key).number
        stands = said == [f"edition {number_now}", "told"]
        row.count(was_killed=True, happened=True, lost=wrong() if stands else f"{said}")
    return row


def readers(scratch: Scratch, address_of, publications: int) -> Row:
    """A hundred read while one publishes elsewhere: every answer is of one moment, and what was published is seen by
    whoever asks more than `SEEN_WITHIN` seconds afterwards."""
    scratch.fresh("started")
    row, stop, seen = Row("answers to a hundred readers"), threading.Event(), Counter()
    published = [(0, 0.0)]  # the words that their publisher was told are live, and when
    faults: list[str] = []

    def publish(say: Say) -> None:
        from basics.revisions import revising
        from drugs.models import Drug
        from editions import actions

        edith, ravi, paula = (person(name) for name in ("edith", "ravi", "paula"))
        for number in range(1, publications + 1):
            drug = Drug.objects.get(page__key="drug/imatinib")
            with revising(by=edith, because="A drill"):
                drug.name, drug.summary = f"imatinib word{number}x", f"Word{number}x in short."
                drug.about = f"<p>Word{number}x at length.</p>"
                drug.save()
            edition = actions.submit(drug, by=edith, change_note=f"Now word{number}x.")
            actions.review(edition, by=ravi, outcome="approved")
            actions.publish(edition, by=paula)
            say(f"{number}")
            time.sleep(0.2)  # so that some are read while they are the newest

    with servers.site(address_of()) as port:

        def read(first: int) -> None:
            turn = first
            while not stop.is_set():
                address, turn = ADDRESSES[turn % len(ADDRESSES)], turn + 1
                before = _seen_by(published, time.monotonic() - SEEN_WITHIN)
                status, _, text = servers.get(port, address)
                seen["answers"] += 1
                if fault := _fault(address, status, text, before):
                    faults.append(fault)

        crowd = [threading.Thread(target=read, args=(n,)) for n in range(READERS)]
        _publishing(publish, published, crowd)
        while seen["answers"] < 3 * READERS:  # a slow machine: some have not been answered yet
            time.sleep(0.2)
        time.sleep(SEEN_WITHIN + 1)  # and the last of them as well
        stop.set()
        for thread in crowd:
            thread.join()
    scratch.quiet()
    row.tried = row.all = seen["answers"]
    row.lost = [*faults[:20], *filter(None, [wrong()])]
    if published[-1][0] != publications:
        row.lost.append(f"{published[-1][0]} of {publications} were published")
    return row


def _seen_by(published: list[tuple[int, float]], moment: float) -> int:
    """The newest word that was confirmed up to a moment."""
    return max(number for number, at in published if at <= moment)


def _publishing(publish, published: list[tuple[int, float]], crowd: list[threading.Thread]) -> None:
    """Publish in a process of its own, and take note of each publication as soon as it is confirmed."""
    import os

    from django.db import connection

    connection.close()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        from drills.killing import _child

        _child(publish, reading, writing)
    os.close(writing)
    for thread in crowd:
        thread.start()
    with os.fdopen(reading) as pipe:
        for line in pipe:
            if line.strip().isdigit():
                published.append((int(line), time.monotonic()))
    os.waitpid(pid, 0)


def _fault(address: str, status: int, text: str, before: int) -> str:
    """What is wrong with an answer; nothing if it is of one moment, not before publication `before`."""
    if status != 200:
        return f"{address} answers {status}"
    words = _numbers(text)
    if max(words, default=0) < before:
        return f"{address} shows {max(words, default=0) or 'nothing new'} after {before} was published"
    head, _, rest = text.partition('id="changes-title"' if address == "/" else "</h1>")
    if address in {"/", HISTORY} and max(_numbers(head), default=0) != max(_numbers(rest), default=0):
        return f"{address} says {max(_numbers(head), default=0)} above and {max(_numbers(rest), default=0)} below"
    if address in ONE_EDITION and len(words) > 1:
        return f"{address} mixes {sorted(words)}"
    return ""


def _numbers(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"word(\d+)x", text, re.IGNORECASE)}
