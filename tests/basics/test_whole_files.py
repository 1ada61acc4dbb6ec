"""Files that are there wholly or not at all."""

import pytest

from basics.whole_files import written_whole

LEFT = ["", "-wal", "-shm", "-journal", "-snapshot", "-snapshot-wal", "-snapshot-shm", "-snapshot-journal"]


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_a_killed_process_left_behind_is_cleared_away_and_nothing_else(tmp_path):
    path, others = tmp_path / "site [1].zip", [".site [1].zip.part", "site [1].zip-wal", ".site [2].zip.ab.part-wal"]
    for name in [*(f".site [1].zip.ab1.part{ending}" for ending in LEFT), *others]:
        (tmp_path / name).touch()
    with written_whole(path) as part:
        part.write_text("All of it.")
        part.with_name(f"{part.name}-snapshot-wal").touch()
    assert names(tmp_path) == sorted([path.name, *others]) and path.read_text() == "All of it."


def test_nothing_is_left_of_a_file_that_went_wrong(tmp_path):
    path = tmp_path / "site.zip"
    path.write_text("What was there.")
    with pytest.raises(OSError, match="full"), written_whole(path, over=True) as part:
        for ending in LEFT[1:]:
            part.with_name(part.name + ending).touch()
        raise OSError("The disk is full.")
    assert names(tmp_path) == [path.name] and path.read_text() == "What was there."
