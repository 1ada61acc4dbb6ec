"""The folder of a copy: its files, and a note of what was put there, so that the next copy changes what changed only."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

NOTE = "copy.json"
_LOCK = ".copy.lock"
FORMAT = 1


class NotOurs(ValueError):
    """The folder holds something else than a copy."""


@dataclass
class Note:
    """What a copy holds. It is public like the rest."""

    generation: str = ""  # of the record (editions.generation)
    made_at: str = ""  # ISO 8601
    seal: str = ""  # the newest one that the copy knows
    made_with: str = ""  # a mark of the settings and templates that drew it
    leaflets: bool = True
    files: dict[str, str] = field(default_factory=dict)  # file → the mark that its view gave it, or empty
    served: dict[str, list] = field(default_factory=dict)  # see server_files
    format: int = FORMAT


class Folder:
    """A folder that is a copy, or becomes one."""

    def __init__(self, root: Path):
        self.root = root
        self.changed = 0
        self.removed = 0

    def note(self) -> Note:
        """The note of the last copy that was finished. Raises NotOurs if the folder holds other things."""
        try:
            said = json.loads((self.root / NOTE).read_text())
            return Note(**said) if said["format"] == FORMAT else Note(files=dict.fromkeys(said["files"], ""))
        except FileNotFoundError:
            foreign = [one.name for one in self.root.iterdir() if one.name not in (_LOCK, NOTE)]
            if foreign and not (self.root / _LOCK).exists():
                raise NotOurs(
                    f"{self.root} holds {foreign[0]} and is no copy of the site. Name an empty folder, or a new one."
                ) from None
            return Note()
        except (KeyError, TypeError, ValueError):
            raise NotOurs(f"{self.root / NOTE} cannot be read. Remove it, and the copy is made anew.") from None

    def write(self, file: str, body: bytes) -> None:
        """Put a file there if it is not there word for word. Readers see the old one or the new one."""
        path = self.root / file
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            if path.read_bytes() == body:
                return
        self._make_room(path)
        part = path.with_name(f".{path.name}.part")
        try:
            part.write_bytes(body)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
        self.changed += 1

    def _make_room(self, path: Path) -> None:
        """A file of an earlier copy may stand where a folder has to be, and a folder where a file has to be."""
        for above in path.relative_to(self.root).parents:
            if (self.root / above).is_file():
                (self.root / above).unlink()
        if path.is_dir():
            (path / "index.html").unlink(missing_ok=True)
            path.rmdir()
        path.parent.mkdir(parents=True, exist_ok=True)

    def has(self, file: str) -> bool:
        return (self.root / file).is_file()

    def finish(self, note: Note, earlier: Note) -> None:
        """Take away what the last copy had and this one has not, and note what is there now."""
        for file in earlier.files.keys() - note.files.keys():
            path = self.root / file
            if path.is_file():
                path.unlink()
                self.removed += 1
            for above in path.parents:
                if above == self.root or not _is_removed(above):
                    break
        os.sync()  # before the note vouches for the files
        self.write(NOTE, json.dumps(asdict(note), indent=1, sort_keys=True).encode())


@contextmanager
def opened(root: Path) -> Iterator[Folder]:
    """The folder for one who writes it. Raises BlockingIOError if another does, NotOurs if it holds other things, OSError."""
    root.mkdir(parents=True, exist_ok=True)
    folder = Folder(root)
    folder.note()
    with open(root / _LOCK, "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for part in root.rglob(".*.part"):  # of one who was killed
            part.unlink()
        yield folder


def _is_removed(folder: Path) -> bool:
    """Remove a folder unless it holds something."""
    try:
        folder.rmdir()
    except OSError:
        return False
    return True
