"""What the site rests on goes away: the database, the cache, the disk, the clock."""

import os
import resource
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from drills import servers
from drills.commands import command
from drills.killing import Row, Say, forked
from drills.scratch import Scratch, person, wrong

PAGES = ("/", "/drugs/imatinib/", "/drugs/", "/updates/")


def database_stopped(scratch: Scratch, postgres: servers.Postgres, rounds: int) -> list[Row]:
    """PostgreSQL stops while people read: pages that are kept say so, the rest is a 503 that says when to come back, and no
    restart of ours is needed afterwards."""
    scratch.fresh("started")
    stopped, back = Row("pages while PostgreSQL is stopped"), Row("pages after it started again")
    with servers.site(postgres.url(scratch.name), workers=1) as port:
        for _ in range(rounds):
            for address in PAGES:
                servers.get(port, address)  # connections are open
            postgres.stop()
            time.sleep(1.2)  # what was asked within the last second is still known
            for address in (*PAGES, "/search/?q=imatinib", "/healthz", "/readyz"):
                status, headers, text = servers.get(port, address)
                lost = ""
                if address in PAGES:
                    is_marked = "database unreachable since" in headers.get("cache-status", "")
                    lost = "" if status == 200 and is_marked else f"{address} answers {status}, unmarked"
                elif address == "/healthz":
                    lost = "" if status == 200 else f"{address} answers {status}"
                elif status != 503 or (address != "/readyz" and "retry-after" not in headers) or "Traceback" in text:
                    lost = f"{address} answers {status} without the database"
                stopped.count(was_killed=True, happened=True, lost=lost)
            postgres.start()
            time.sleep(1.2)  # it is asked again after a second
            for address in PAGES:
                status, headers, _ = servers.get(port, address)
                is_well = status == 200 and "unreachable" not in headers.get("cache-status", "")
                back.count(was_killed=True, happened=True, lost="" if is_well else f"{address} answers {status}")
    scratch.quiet()
    return [stopped, back]


def redis_stopped(scratch: Scratch, address_of: Callable[[], str], rounds: int) -> Row:
    """Redis stops while people read: every page is served all the same, and within a few seconds."""
    scratch.fresh("started")
    row, redis = Row("pages while Redis is stopped"), servers.Redis(scratch.folder)
    redis.start()
    with servers.site(address_of(), workers=1, cache_url=redis.url) as port:
        for address in PAGES:
            servers.get(port, address)
        redis.stop()
        for turn in range(rounds):
            address = PAGES[turn % len(PAGES)]
            status, _, _ = servers.get(port, address)
            row.count(was_killed=True, happened=True, lost="" if status == 200 else f"{address} answers {status}")
    scratch.quiet()
    return row


def _no_larger(size: int, work: Callable[[Say], None]) -> Callable[[Say], None]:
    """Do `work` where no file may grow beyond so many bytes, as on a full disk."""

    def limited(say: Say) -> None:
        from editions import record

        record.head()  # the database is open: it is not its own files that are meant
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        work(say)

    return limited


def _refused(*args: str) -> Callable[[Say], None]:
    """A command that has to end with a sentence."""

    def work(say: Say) -> None:
        from django.core.management import CommandError, call_command

        try:
            call_command(*args)
            say("done")
        except CommandError as problem:
            say(f"refused {str(problem).splitlines()[0]}")

    return work


def files(scratch: Scratch, rounds: int) -> list[Row]:
    """The disk fills up while a file is written: a sentence, and nothing of the file is left."""
    folder = scratch.folder / "full"
    folder.mkdir(exist_ok=True)
    scratch.fresh("started")
    tasks = {
        "backup": ("backup", str(folder / "site.zip")),
        "export_bundle": ("export_bundle", str(folder / "site.json")),
        "export_table": ("export_table", "references.reference", str(folder / "references.csv"), "--by", "edith"),
    }
    return [_filled(name, args, scratch, folder, rounds) for name, args in tasks.items()]


def _filled(name: str, args: tuple[str, ...], scratch: Scratch, folder: Path, rounds: int) -> Row:
    file = next(Path(one) for one in args if "/" in one)
    forked(command(*args))
    size, row = file.stat().st_size, Row(f"{name} on a full disk")
    file.unlink()
    for number in range(rounds):
        (said,) = forked(_no_larger(size * number // rounds, _refused(*args))).said
        scratch.quiet()
        left = sorted(path.name for path in folder.iterdir())
        clear = said.startswith("refused") and ("large" in said or "full" in said or "failed" in said or "I/O" in said)
        row.count(was_killed=True, happened=False, lost="" if clear and not left else f"{said}; left: {left}")
        for path in folder.iterdir():
            path.unlink()
    return row


def full_database(scratch: Scratch, rounds: int) -> Row:
    """The disk fills up under SQLite while people save: an error, and what was confirmed stands."""
    from drugs.models import Drug

    scratch.fresh("started")
    row = Row("saves on a full disk")

    def work(say: Say) -> None:
        from django.db import DatabaseError

        from basics.revisions import revising

        edith = person("edith")
        for number in range(500):
            drug = Drug.objects.get(name="imatinib")
            try:
                with revising(by=edith, because="A drill"):
                    drug.summary = f"Save {number} of {os.getpid()}. " + "Words. " * 200
                    drug.save()
            except DatabaseError as problem:
                say(f"refused {problem}")
                return
            say(drug.summary)

    for number in range(rounds):
        before = Drug.objects.get(name="imatinib").summary
        said = forked(_no_larger(200_000 + 100_000 * number, work)).said
        *saved, last = [before, *said]
        stands = Drug.objects.get(name="imatinib").summary == saved[-1] and last.startswith("refused")
        row.count(was_killed=True, happened=False, lost=wrong() if stands else f"{last[:80]}; a confirmed save is lost")
    return row


def clock(scratch: Scratch) -> Row:
    """The machine's clock jumps ahead and back between public acts, and over the moment of a scheduled edition."""
    import time_machine
    from django.utils import timezone

    scratch.fresh("started")
    row, now = Row("jumps of the clock"), timezone.now()

    def at(moment, act: Callable[[], str], expected: str) -> None:
        def work(say: Say) -> None:
            with time_machine.travel(moment, tick=True):
                say(act() + wrong())

        (said,) = forked(work).said
        scratch.quiet()
        row.count(was_killed=True, happened=True, lost="" if said == expected else f"{said}, not {expected}")

    hour, day = timedelta(hours=1), timedelta(days=1)
    at(now, lambda: _published("Now.", None), "1 edition more")
    at(now - day, lambda: _published("The clock went back by a day.", None), "1 edition more")
    at(now - 400 * day, lambda: _published("The clock went back by a year.", None), "1 edition more")
    at(now, lambda: _published("For tomorrow.", now + day), "0 editions more")
    at(now + day + hour, _read, "For tomorrow.")
    at(now, _read, "The clock went back by a year.")  # nothing was done meanwhile, so it is today again
    at(now + 2 * day, lambda: _published("The clock went ahead.", None), "1 edition more")
    at(now, lambda: _published("It was put right.", None), "1 edition more")
    at(now, _read, "It was put right.")
    at(now - 365 * day, _read, "It was put right.")  # what was done is never hidden
    at(now, _codes, "right, refused, right")
    return row


def _live() -> int:
    from editions.site import PublishedSite

    page = PublishedSite().page("drug", "imatinib")
    return page.number if page else 0


def _published(words: str, moment) -> str:
    from basics.revisions import revising
    from drugs.models import Drug
    from editions import actions

    before = _live()
    drug = Drug.objects.get(name="imatinib")
    with revising(by=person("edith"), because="A drill"):
        drug.summary = words
        drug.save()
    edition = actions.submit(drug, by=person("edith"), change_note=words)
    actions.review(edition, by=person("ravi"), outcome="approved")
    actions.publish(edition, by=person("paula"), live_from=moment)
    more = _live() - before
    return f"{more} edition{'' if more == 1 else 's'} more"


def _read() -> str:
    from editions.site import PublishedSite

    page = PublishedSite().page("drug", "imatinib")
    return page.content.summary if page else ""


def _codes() -> str:
    """A code of the second factor: on time, by a clock that is an hour ahead, and when it was put right."""
    import time_machine
    from django_otp.oath import TOTP

    from staff import second_factor

    paula, key, phone = person("paula"), second_factor.new_key(), time.time()

    def code(moment: float) -> str:
        shown = TOTP(bytes.fromhex(key))
        shown.time = moment
        return f"{shown.token():06d}"

    with time_machine.travel(phone - 120):
        second_factor.set_up(paula, key=key, code=code(phone - 120), recovery_codes=second_factor.new_recovery_codes())
    said = []
    for machine, hand in ((phone, phone), (phone + 3600, phone + 60), (phone + 120, phone + 120)):
        with time_machine.travel(machine):
            try:
                second_factor.check(person("paula"), code(hand))
                said.append("right")
            except second_factor.WrongCode:
                said.append("refused")
    return ", ".join(said)
