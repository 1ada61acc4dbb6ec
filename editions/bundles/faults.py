"""What is wrong with a bundle: every problem at once, each with its place in the file. Plain Python."""

from collections.abc import Iterable

from pydantic import ValidationError

SHOWN = 20  # problems that are told one by one

Place = Iterable[str | int]


class BadBundle(Exception):
    """A bundle that cannot be taken in. Holds one sentence for each problem."""

    def __init__(self, problems: Iterable[str]):
        self.problems = tuple(problems)
        told = list(self.problems[:SHOWN])
        if len(self.problems) > SHOWN:
            told.append(f"… and {len(self.problems) - SHOWN} more.")
        super().__init__("\n".join(told))


def place_of(place: Place) -> str:
    """Where something stands in the file, as jq would write it: `record.entries[3].seal`."""
    words = ""
    for part in place:
        words += f"[{part}]" if isinstance(part, int) else f".{part}" if words else str(part)
    return words


def faults_of(problem: ValidationError, within: Place = ()) -> list[str]:
    """What a type refuses, in one sentence for each fault. `within` is the place of the value in the file."""
    return [_fault([*within, *error["loc"]], error["msg"]) for error in problem.errors(include_url=False)]


def _fault(place: list[str | int], said: str) -> str:
    where = place_of(place)
    said = said.removeprefix("Value error, ")
    return f"{where}: {said}" if where else said
