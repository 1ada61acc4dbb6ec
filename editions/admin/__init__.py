"""The desk of editions: what waits, what is live, and the buttons that call the actions."""

from editions.admin import editions, feedback, pages, people, record, searches  # noqa: F401 (each registers its desks)
