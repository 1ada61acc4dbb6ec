"""A backup is the whole site, a restored one is the same site, and everything else is refused with a sentence."""

import json
import os
import stat
import zipfile
from datetime import timedelta
from hashlib import sha256
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from drills import commands, crowds, killing, outages, scratch
from editions import record, triggers
from editions.models import CommandRun, Entry
from editions.site import PublishedSite
from sarcoma_site.backups import archive
from staff.models import Session, User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(transactional_db, tmp_path):
    """A scratch site with the starter content, on databases of its own that processes can be killed on."""
    usual = connection.settings_dict["NAME"]
    made = scratch.Scratch(tmp_path, migrated=str(usual))
    yield made
    made.close()
    connection.settings_dict["NAME"] = usual


def run(*args) -> str:
    out = StringIO()
    call_command(*map(str, args), stdout=out, stderr=out)
    return out.getvalue()


def refused(*args) -> str:
    with pytest.raises(CommandError) as refusal:
        run(*args)
    return str(refusal.value)


def picture() -> list[str]:
    """What visitors read, and the staff's accounts."""
    pages = [Client().get(address).text for address in ("/", "/drugs/imatinib/", "/drugs/olaratumab/history/")]
    return [
        *pages,
        *map(str, User.objects.values_list("username", "password")),
        *Entry.objects.values_list("statement", flat=True),
    ]


def rewritten(path, to, **changed: bytes):
    """The archive with other bytes in some of its files, or without them."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(to, "w") as copy:
        for name in source.namelist():
            data = changed.get(name.partition(".")[0], source.read(name))
            if data is not None:
                copy.writestr(name, data)
    return to


def test_a_backup_is_restored_as_it_was_and_everything_else_is_refused(site, tmp_path):
    vendor = connection.vendor
    file = tmp_path / "site.zip"
    Session(session_key="a-live-token", expire_date=timezone.now() + timedelta(days=1)).save()
    before, seal, guards = picture(), record.head()[1], triggers.missing(connection)
    said = run("backup", file)
    assert seal in said and archive.sha256(file) in said
    assert CommandRun.objects.get(name="backup").said in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"a-live-token" not in zipfile.ZipFile(file).read(archive.DATABASES[vendor])
    assert "is there already" in refused("backup", file)
    assert "No such file or directory" in refused("backup", tmp_path / "nowhere" / "site.zip")
    run("backup", file, "--force")

    manifest = json.loads(zipfile.ZipFile(file).read("manifest.json"))
    foreign = {"sqlite": "postgresql", "postgresql": "sqlite"}[vendor]

    def claiming(**claims) -> bytes:
        return json.dumps({**manifest, **claims}).encode()

    def resealed(name: str, **claims):
        """A backup that says something else of itself, its sums made anew."""
        data = zipfile.ZipFile(file).read(archive.DATABASES[vendor])
        members = {archive.DATABASES[claims.get("vendor", vendor)]: data, "manifest.json": claiming(**claims)}
        with zipfile.ZipFile(tmp_path / name, "w") as made:
            for one, content in members.items():
                made.writestr(one, content)
            made.writestr(
                "SHA256SUMS", "".join(f"{sha256(content).hexdigest()}  {one}\n" for one, content in members.items())
            )
        return tmp_path / name

    assert "has tables already" in refused("restore", file)
    site.fresh("")
    cut = tmp_path / "cut.zip"
    cut.write_bytes(file.read_bytes()[:-100])
    for damaged, sentence in [
        (tmp_path / "missing.zip", "No such file"),
        (cut, "damaged, or it is no backup"),
        (
            rewritten(file, tmp_path / "a.zip", database=b"other"),
            f"{archive.DATABASES[vendor]} is not what was backed up",
        ),
        (rewritten(file, tmp_path / "b.zip", manifest=claiming(entries=1)), "manifest.json is not what was backed up"),
        (rewritten(file, tmp_path / "c.zip", SHA256SUMS=None), "damaged, or it is no backup"),
        (resealed("f.zip", vendor=foreign), "use export_bundle and import_bundle"),
        (resealed("d.zip", format=2), "of another format"),
        (resealed("e.zip", migrations=["drugs.9999_to_come"]), "by a later version of this software"),
    ]:
        assert sentence in refused("restore", damaged), damaged
    assert "64 letters" in refused("restore", file, "--expect", seal[:-1])
    assert "Dry run" in run("restore", file, "--dry-run")
    assert connection.introspection.table_names() == []

    assert seal in run("restore", file, "--expect", seal.upper())
    assert picture() == before and record.head()[1] == seal
    assert triggers.missing(connection) == guards == [] and not Session.objects.exists()
    assert PublishedSite().page("drug", "olaratumab").number == 2
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".part")]
    assert CommandRun.objects.filter(name="restore").exists() and "has tables already" in refused("restore", file)


@pytest.mark.skipif("postgres" in os.environ.get("DATABASE_URL", ""), reason="quick drills; `make drill` runs on both")
def test_whoever_is_killed_or_starved_leaves_all_or_nothing(site):
    chance = killing.random.Random(20180403)
    rows = [
        *killing.steps(site, 1, chance),
        commands.import_bundle(site, 1, chance),
        commands.backup(site, 2, chance),
        commands.restore(site, 2, chance),
        crowds.savers(site, 1),
        crowds.publishers(site, 1),
        outages.full_database(site, 1),
        *outages.files(site, 1),
    ]
    assert [row.lost for row in rows if row.lost] == []
    assert sum(row.tried for row in rows) >= 15
    with connection.cursor() as cursor:
        found = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "busy_timeout")
        ]
    assert (found, connection.transaction_mode) == (["wal", 2, 15000], "IMMEDIATE")
