"""What the public search is derived from, and what it did not find."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from editions.models.record import Edition


class SearchEntry(models.Model):
    """What is searchable of one edition. Derived from its content, and made anew by `rebuild_derived`.

    The columns of words hold them as they are compared (editions/search/words.py). The database's own index stands on
    these columns (editions/search/engines.py).
    """

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="search_entry")
    form = models.PositiveSmallIntegerField()  # of these rows: an older one is made anew after a migrate
    is_lower = models.BooleanField()
    title = models.TextField()
    names = models.JSONField()
    names_words = models.TextField()
    subjects_words = models.TextField()
    headings_words = models.TextField()
    body_words = models.TextField()
    passages = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"What is searchable of {self.edition}"


class EmptySearchQuerySet(models.QuerySet):
    def waiting(self):
        """Those that nobody has put away."""
        return self.filter(put_away_at__isnull=True)


class EmptySearch(models.Model):
    """Words that visitors looked for and did not find, counted by the day. Nothing is kept of who looked for them."""

    text = models.CharField("searched for", max_length=60, unique=True)
    times = models.PositiveIntegerField(default=1)
    first_on = models.DateField("first")
    last_on = models.DateField("last")
    put_away_at = models.DateTimeField(null=True)
    put_away_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = EmptySearchQuerySet.as_manager()

    class Meta:
        ordering = ["-times", "text"]
        verbose_name = "search that found nothing"
        verbose_name_plural = "searches that found nothing"
        default_permissions = ("view",)
        permissions = [("put_away_search", "Can put away a search that found nothing")]
        indexes = [models.Index(fields=["first_on"], name="emptysearch_first")]
        constraints = [
            models.CheckConstraint(
                condition=Q(put_away_at__isnull=True, put_away_by__isnull=True)
                | Q(put_away_at__isnull=False, put_away_by__isnull=False),
                name="emptysearch_put_away_by_somebody",
            )
        ]

    def __str__(self):
        return f"“{self.text}”, {self.times} times"
