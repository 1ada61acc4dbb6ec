"""What readers wrote of a page. Read by those who triage it, shown nowhere else, and deleted after a time."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from basics.fields import PlainTextField
from editions.models.flags import Flag
from editions.models.pages import Page
from editions.vocabulary import FeedbackSort, FeedbackState


class FeedbackQuerySet(models.QuerySet):
    def new(self):
        return self.filter(state=FeedbackState.NEW)


class Feedback(models.Model):
    """One message of a reader: what is wrong or unclear, on which page and in which edition. Of the reader it knows nothing."""

    MOST_LETTERS = 2000

    page = models.ForeignKey(Page, models.PROTECT, null=True, related_name="feedback")  # None: the site as a whole
    number = models.PositiveIntegerField("edition", null=True)  # the edition that the reader saw
    sort = models.CharField("what sort of thing", max_length=20, choices=FeedbackSort.choices())
    words = PlainTextField(blank=True)  # empty once they were removed
    day = models.DateField(default=timezone.localdate, db_index=True)  # not the moment: a day is enough
    token = models.CharField(max_length=64, unique=True, editable=False)  # the hash of the form's, which works once
    state = models.CharField(max_length=20, choices=FeedbackState.choices(), default=FeedbackState.NEW)
    reason = PlainTextField("why", blank=True)
    flag = models.OneToOneField(Flag, models.PROTECT, null=True, related_name="feedback")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    words_removed_at = models.DateTimeField(null=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "message of a reader"
        verbose_name_plural = "readers’ feedback"
        default_permissions = ()
        permissions = [("triage_feedback", "Can read and triage what readers wrote")]
        constraints = [
            models.CheckConstraint(
                condition=Q(words="", words_removed_at__isnull=False) | ~Q(words="") & Q(words_removed_at__isnull=True),
                name="feedback_has_words_or_had",
            ),
            models.CheckConstraint(
                condition=Q(state=FeedbackState.NEW, settled_at__isnull=True, flag__isnull=True)
                | Q(state=FeedbackState.PUT_AWAY, settled_at__isnull=False, flag__isnull=True) & ~Q(reason="")
                | Q(state=FeedbackState.FLAGGED, settled_at__isnull=False, flag__isnull=False),
                name="feedback_says_what_became_of_it",
            ),
        ]

    def __str__(self):
        of = f"{self.page}, edition {self.number}" if self.page else "The site as a whole"
        return f"{of}: {FeedbackSort(self.sort).label}"
