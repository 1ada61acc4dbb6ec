"""Logs: a line for each event, as JSON or in words, with the id of its request and without personal data."""

import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# E-mail addresses; links that open something for who holds them; what was asked after an address's question mark.
_PERSONAL = (
    (re.compile(r"[^\s@<>\"'(]+@[^\s@<>\"')]+\.\w+"), "[address]"),
    (re.compile(r"(/review/|/admin/welcome/)[^\s\"'?]+"), r"\1[token]"),
    (re.compile(r"(/[\w./-]*)\?[^\s\"']+"), r"\1?[query]"),
)


def without_personal_data(text: str) -> str:
    """The text with e-mail addresses, secret links and queries taken out."""
    for pattern, instead in _PERSONAL:
        text = pattern.sub(instead, text)
    return text


def _clean(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor of structlog: every text of an event, its traceback among them, without personal data."""
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = without_personal_data(value)
    return event


def logging_config(*, as_json: bool, level: str) -> dict:
    """Django's LOGGING: everything to the error stream, whoever logs it.

    Takes whether lines are JSON objects (`timestamp` in UTC, `level`, `logger`, `event`, `request` and what else is
    said) or words for a person, and the least level of what is told.
    """
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,  # as text, so that `_clean` reads it too
    ]
    in_words = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer = structlog.processors.JSONRenderer() if as_json else in_words
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": before,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _clean, renderer],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": formatter},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django hands these to a console of its own and to the managers by mail: they are said once, here.
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},  # what was not found is a line of ours already
            "django.server": {"handlers": [], "propagate": False},
        },
    }
