"""What visitors choose in forms that need no script and leave nothing behind: a day, two editions of a page."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve

from basics.days import day_in_words, london_day
from editions.published import HistoryLine
from editions.site import PublishedSite

_NO = "Choose an edition from the list."
# What a date field of a browser sends, and what people write where there is none.
_WRITTEN = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y"]


class DayForm(forms.Form):
    """A day on which there was something to read, and the address to read on it."""

    day = forms.CharField(
        label="Day",
        error_messages={"required": "Choose a day."},
        widget=forms.TextInput(attrs={"type": "date"}),
    )

    def __init__(self, *args, site: PublishedSite, **kwargs):
        super().__init__(*args, **kwargs)
        self.first, self.last = site.first_day, london_day(site.now)
        widget: Any = self.fields["day"].widget
        widget.attrs |= {"min": self.first.isoformat(), "max": self.last.isoformat()} if self.first else {}
        if self.is_bound and _read(self.data.get("day", "")) is None:
            widget.input_type = "text"  # a date field would not show what it cannot read

    def clean_day(self) -> date:
        written = self.cleaned_data["day"]
        day = _read(written)
        if day is None:
            raise ValidationError(
                f"“{written[:40]}” is no day that we can read. Write it like {self.last.isoformat()}."
            )
        if day > self.last:
            raise ValidationError("That day has not come yet. Choose today or an earlier day.")
        if self.first is None:
            raise ValidationError("Nothing has been published here yet.")
        if day < self.first:
            raise ValidationError(
                f"There was nothing to read here yet. The first pages are of {day_in_words(self.first)}."
            )
        return day


class TwoEditionsForm(forms.Form):
    """Two editions of a page to compare, from its history."""

    def __init__(self, data=None, *, lines: Iterable[HistoryLine], initial: dict[str, int] | None = None):
        choices = [(one.number, f"{one.number} ({day_in_words(one.on)})") for one in lines if one.url]
        self.is_needed = len(choices) > 1
        super().__init__(data, initial=initial or {"from": choices[-1][0], "to": choices[0][0]})
        for name, label in (("from", "From edition"), ("to", "to edition")):
            self.fields[name] = forms.TypedChoiceField(
                label=label,
                choices=choices,
                coerce=int,
                error_messages=dict.fromkeys(("required", "invalid_choice"), _NO),
            )

    def clean(self):
        super().clean()
        if not self.errors and self.cleaned_data["from"] == self.cleaned_data["to"]:
            raise ValidationError("That is one edition twice. Choose another to compare it with.")

    @property
    def pair(self) -> tuple[int, int]:
        """The older and the newer one, in whatever order they were chosen."""
        old, new = sorted((self.cleaned_data["from"], self.cleaned_data["to"]))
        return old, new


def _read(written: str) -> date | None:
    try:
        return forms.DateField(input_formats=_WRITTEN).clean(written)
    except ValidationError:
        return None


def kept(address: str) -> tuple[str, str, dict]:
    """The nearest address that can be read as of a day, with the name of its view and what it was asked for.

    A page's history or one of its editions leads to the page, and what is nowhere to the front page.
    """
    parts = [part for part in address[:300].partition("?")[0].split("/") if part]
    for length in range(len(parts), 0, -1):
        nearest = "/" + "/".join(parts[:length]) + "/"
        try:
            found = resolve(f"/as-of/2000-01-01{nearest}")
        except Resolver404:
            continue
        return nearest, found.url_name or "", found.kwargs
    return "/", "home", {}
