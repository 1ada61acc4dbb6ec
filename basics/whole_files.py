"""Files that are there wholly or not at all, whatever happens while they are written."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import escape
from pathlib import Path


def refuse_over(path: Path, *, over: bool) -> None:
    """Raises FileExistsError if a file is there and may not be replaced."""
    if path.exists() and not over:
        raise FileExistsError(f"{path} is there already. Choose another name, or give --force to replace it.")


@contextmanager
def written_whole(path: Path, *, over: bool = False) -> Iterator[Path]:
    """The name of an empty file beside `path` to write to, which only its owner reads. At the end it becomes `path`, on the
    disk for good; if anything went wrong, nothing is left of it.

    A process that was killed leaves such a file behind; whoever writes the same path next clears it away. Raises
    FileExistsError unless `over`, OSError.
    """
    refuse_over(path, over=over)
    _clear_away(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    part = Path(name)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # says that somebody still writes it; ends with the process
        yield part
        os.fsync(handle)
        _put_in_place(part, path, over=over)
        _sync_folder(path.parent)
    finally:
        _remove(part)
        os.close(handle)


def _put_in_place(part: Path, path: Path, *, over: bool) -> None:
    if over:
        os.replace(part, path)
        return
    try:
        os.link(part, path)  # unlike a renaming, it fails if somebody else was quicker
    except FileExistsError:
        refuse_over(path, over=False)
        raise
    except OSError:  # a file system without links
        refuse_over(path, over=False)
        os.replace(part, path)


def _sync_folder(folder: Path) -> None:
    """Until then, a power cut may take the name away again."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear_away(path: Path) -> None:
    """Remove what processes left behind that were killed while they wrote this path."""
    for part in path.parent.glob(f".{escape(path.name)}.*.part"):
        try:
            handle = os.open(part, os.O_RDWR | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(part)
        except BlockingIOError:
            pass  # somebody writes it at this moment
        finally:
            os.close(handle)


def _remove(part: Path) -> None:
    """Remove a file with all that stands beside it: SQLite puts `-wal` there, a backup its `-snapshot`, and that its own."""
    for beside in part.parent.glob(f"{escape(part.name)}-*"):
        beside.unlink(missing_ok=True)
    part.unlink(missing_ok=True)
