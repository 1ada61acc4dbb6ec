"""The table that imports are measured against: the columns of a reference, with history, and nothing else of ours."""

from django.db import models
from simple_history.models import HistoricalRecords


class PlainReference(models.Model):
    key = models.SlugField(max_length=100, unique=True)
    type = models.CharField(max_length=30)
    title = models.CharField(max_length=600)
    et_al = models.BooleanField(default=False)
    container = models.CharField(max_length=300, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    issued = models.CharField(max_length=10, blank=True)
    volume = models.CharField(max_length=30, blank=True)
    issue = models.CharField(max_length=30, blank=True)
    pages = models.CharField(max_length=40, blank=True)
    article_number = models.CharField(max_length=40, blank=True)
    doi = models.CharField(max_length=250, blank=True, db_index=True)
    pmid = models.CharField(max_length=8, blank=True, db_index=True)
    pmcid = models.CharField(max_length=12, blank=True, db_index=True)
    url = models.CharField(max_length=600, blank=True)
    accessed = models.CharField(max_length=10, blank=True)
    history = HistoricalRecords()

    def __str__(self):
        return self.key
