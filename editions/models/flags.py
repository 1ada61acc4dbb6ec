"""Why a page has to be looked at again, who looks after it, and what they were reminded of."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from basics.fields import PlainTextField
from editions.models.pages import Page
from editions.models.record import Entry
from editions.vocabulary import FlagReason


class FlagQuerySet(models.QuerySet):
    def open(self):
        return self.filter(resolved_at__isnull=True)


class Flag(models.Model):
    """A reason to look at a page again. Resolved with a note once the page was reviewed, or a new edition is live."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="flags")
    reason = models.CharField(max_length=30, choices=FlagReason.choices())
    subject = models.CharField(max_length=140, blank=True)  # what it is about: `reference/nakano-2018`, `drug/imatinib`
    sentence = PlainTextField()
    raised_at = models.DateTimeField(default=timezone.now)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    told = models.OneToOneField(Entry, models.PROTECT, null=True, related_name="flag")  # said aloud to visitors
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = PlainTextField(blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "pk"]
        default_permissions = ("view",)
        permissions = [("resolve_flag", "Can resolve a flag")]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "reason", "subject"],
                condition=Q(resolved_at__isnull=True),
                name="flag_once_while_open",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True) | ~Q(note=""), name="flag_is_resolved_with_a_note"
            ),
        ]

    def __str__(self):
        return f"{FlagReason(self.reason).label}: {self.sentence}"

    @property
    def reason_line(self) -> str:
        return FlagReason(self.reason).label


class Reminder(models.Model):
    """That the people who look after a page were reminded of its review. Each step of a due date comes once."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="reminders")
    due = models.DateField()
    step = models.SmallIntegerField()  # −1: a month before; 0: on the day; n: n weeks late
    sent_at = models.DateTimeField(default=timezone.now)
    sent_to = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "due", "step"], name="reminder_once")]

    def __str__(self):
        return f"{self.page}, due {self.due}, step {self.step}"


class CommandRun(models.Model):
    """When a command last ran to its end, and what it said: the desk shows whether the regular ones still run."""

    name = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField(default=timezone.now)
    said = models.TextField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M}"

    @classmethod
    def note(cls, name: str, said: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": timezone.now(), "said": said})
