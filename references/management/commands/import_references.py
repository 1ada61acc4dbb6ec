from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from references import taking_in
from references.formats import MOST_BYTES, NotReferences
from references.taking_in import CHOICES, LEAVE, NotTakenIn
from staff.models import User


class Command(BaseCommand):
    help = (
        "Bring references in from a file: RIS, PubMed NBIB or XML, BibTeX or CSL-JSON. All of them, or none. "
        "What is here already stays as it is, unless you say otherwise. Safe to run again."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="The file, e.g. zotero.ris.")
        parser.add_argument("--by", required=True, help="Who brings them in: the name by which they sign in.")
        parser.add_argument(
            "--different",
            choices=sorted(CHOICES),
            default=LEAVE,
            help="; ".join(f"{name}: {label}" for name, label in CHOICES.items()),
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and change nothing.")

    def handle(self, *args, file: Path, by: str, different: str, dry_run: bool, **options):
        person = User.objects.filter(username=by, is_active=True).first()
        if person is None:
            raise CommandError(f"Nobody signs in as “{by}”. Give the name of an author with --by.")
        if not (person.has_perm("references.import_reference") and person.has_perm("references.add_reference")):
            raise CommandError(f"{person} may not bring references in. Give the name of an author with --by.")
        try:
            if file.stat().st_size > MOST_BYTES:
                raise CommandError(f"{file} has more than 10 MB. Export it in smaller files.")
            with transaction.atomic():
                done = taking_in.take_in(
                    file.read_bytes(), by=person, because=f"Taken in from {file.name}", name=file.name, usual=different
                )
                transaction.set_rollback(dry_run)
        except (NotReferences, OSError) as problem:
            raise CommandError(f"{file}: {problem}") from problem
        except NotTakenIn as problem:
            raise CommandError("\n".join([f"{file}: nothing was kept.", *problem.sentences])) from problem
        said = "would be " if dry_run else ""
        self.stdout.write(
            f"{done['new']} {said}new, {done['changed']} {said}changed, {done['left']} {said}left as they were."
        )
