"""Faults told to a Sentry, if SENTRY_DSN names one: what broke and where, not for whom."""

from typing import Any

import sentry_sdk
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.utils import BadDsn

from sarcoma_site.seen.logs import without_personal_data

_OFF: Any = {"mode": "off"}
_NOTHING_OF_PEOPLE: Any = {
    "user_info": False,
    "cookies": _OFF,
    "http_headers": {"request": _OFF},
    "http_bodies": [],
    "url_query_params": _OFF,
    "database_query_data": False,
    "stack_frame_variables": False,
}


def without_people(event: dict[str, Any], _hint: dict[str, Any] | None = None) -> dict[str, Any]:
    """A fault without the request's headers, cookies, words and query, and without its user."""
    event.pop("user", None)
    event.pop("breadcrumbs", None)  # they hold log lines and questions to the database
    if asked := event.get("request"):
        event["request"] = {"method": asked.get("method"), "url": without_personal_data(asked.get("url") or "")}
    for one in event.get("exception", {}).get("values", []):
        one["value"] = without_personal_data(one.get("value") or "")
    return event


def tell_faults(dsn: str, *, release: str = "") -> None:
    """Start telling faults to the Sentry at `dsn`. Raises ValueError if that is no such address."""
    try:
        sentry_sdk.init(
            dsn=dsn,
            release=release or None,
            integrations=[DjangoIntegration()],
            data_collection=_NOTHING_OF_PEOPLE,
            before_send=without_people,  # type: ignore[arg-type]
            traces_sample_rate=0,
        )
    except BadDsn:
        raise ValueError("That is not the address of a Sentry project.") from None
