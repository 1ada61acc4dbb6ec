"""Tags of every public page: addresses that stay on the day being read, and days in words."""

from datetime import date, datetime
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from basics.days import LONDON, day_in_words
from editions.public_forms import DayForm, kept

register = template.Library()


@register.simple_tag
def site_url(site, name: str, *args) -> str:
    """The address of a list or a page on this site, with the prefix of a past day where one is being read."""
    return f"{site.prefix if site else ''}{reverse(name, args=args)}"


@register.simple_tag(takes_context=True)
def address_of_any_day(context) -> str:
    """Where what is being read can be read as of another day: its page, its list, or the front page."""
    if address := getattr(context.get("page"), "present_url", ""):
        return address
    return kept(context["request"].path.removeprefix(context["site"].prefix))[0] if "request" in context else "/"


@register.simple_tag(takes_context=True)
def asked(context, **changed) -> str:
    """The query of this request with some of it changed (None: left out), in the order in which answers are kept."""
    query = {**context.request.GET.dict(), **changed}
    return f"?{urlencode(sorted((name, value) for name, value in query.items() if value is not None))}"


@register.simple_tag
def on_day(day: date, address: str) -> str:
    """The address of what stands at an address today, as it stood on a day."""
    return f"/as-of/{day.isoformat()}{address}"


@register.simple_tag
def day_form(site) -> DayForm:
    """The form that leads to another day, with the day being read in it."""
    return DayForm(initial={"day": site.day.isoformat()} if site.day else {}, site=site)


@register.filter
def day(value: date | None) -> str:
    """A day as a reader sees it: “3 April 2018”."""
    return day_in_words(value) if value else ""


@register.filter
def moment(value: datetime) -> str:
    """A moment as a reader in London sees it: “3 April 2018 at 09:05”."""
    local = value.astimezone(LONDON)
    return f"{day(local)} at {local:%H:%M}"
