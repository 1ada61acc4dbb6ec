"""What the front did since this process began. Threads may lose one another's count now and then; no lock is worth it."""

from dataclasses import asdict, dataclass


@dataclass
class Counts:
    hits: int = 0  # answered from memory, those below included
    unchanged: int = 0  # … with 304
    stale: int = 0  # … while the database did not answer
    misses: int = 0  # public addresses that were not in memory
    renders: int = 0  # how often Django was asked for them
    waited: int = 0  # those who waited for another's render
    passed: int = 0  # left to Django as they were
    refused: int = 0  # 503 while the database did not answer
    asked: int = 0  # questions to the database for the generation
    evicted: int = 0
    pages: int = 0  # kept now
    bytes: int = 0  # … and what they take

    def as_dict(self) -> dict[str, int]:
        return asdict(self)
