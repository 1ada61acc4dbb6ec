"""The environment's settings, read before Django starts."""

import secrets
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


def make_env_file(path: Path = BASE_DIR / ".env") -> bool:
    """Write `.env` from `.env.example` with a secret key of its own. Returns False and changes nothing if it is there."""
    if path.exists():
        return False
    example = (BASE_DIR / ".env.example").read_text()
    text = example.replace("SECRET_KEY=\n", f"SECRET_KEY={secrets.token_urlsafe(50)}\n")
    path.touch(mode=0o600)
    path.write_text(text)
    return True
