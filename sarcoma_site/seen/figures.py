"""Figures for Prometheus: what was asked of this site, and what waits for its people. None of them is about a person.

With several processes, PROMETHEUS_MULTIPROC_DIR names an empty folder that they share before they start; without it
each process tells of itself alone.
"""

import os
from collections.abc import Iterator

from django.db.models import Count, Max
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

from editions.models import CommandRun, Edition, Entry, Flag
from editions.vocabulary import Progress

METHODS = {"GET", "HEAD", "POST", "OPTIONS"}

_ANSWERED = Counter("sarcoma_requests", "Requests that reached Django.", ["method", "view", "status"])
_SECONDS = Histogram("sarcoma_request_seconds", "How long Django took to answer.", ["view"])


def count(method: str, view: str, status: int, seconds: float) -> None:
    """Count one answer. `view` is the name of a view, so there are no more series than views."""
    _ANSWERED.labels(method, view, f"{status // 100}xx").inc()
    _SECONDS.labels(view).observe(seconds)


class Waiting(Collector):
    """What the database says at the moment at which it is asked: five small questions."""

    def collect(self) -> Iterator[Metric]:
        now = timezone.now()
        yield GaugeMetricFamily("sarcoma_pages_live", "Pages that visitors read.", Edition.objects.live(now).count())
        in_review = Edition.objects.filter(progress=Progress.IN_REVIEW).count()
        yield GaugeMetricFamily("sarcoma_editions_in_review", "Editions that wait for a review.", in_review)
        flags = GaugeMetricFamily("sarcoma_flags_open", "Reasons to look at a page again.", labels=["reason"])
        for reason, number in Flag.objects.open().values_list("reason").annotate(Count("pk")).order_by("reason"):
            flags.add_metric([reason], number)
        yield flags
        entries = Entry.objects.aggregate(newest=Max("position"))["newest"] or 0
        yield GaugeMetricFamily("sarcoma_record_entry", "The number of the record's newest entry.", entries)
        since = GaugeMetricFamily(
            "sarcoma_command_age_seconds", "Since a regular command last ran to its end.", labels=["command"]
        )
        for name, at in CommandRun.objects.order_by("name").values_list("name", "at"):
            since.add_metric([name], (now - at).total_seconds())
        yield since


def figures() -> bytes:
    """All figures in Prometheus's text format."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    registry.register(Waiting())
    return generate_latest(registry)
