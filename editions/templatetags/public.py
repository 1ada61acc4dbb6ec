"""Tags of every public page: addresses that stay on the day being read, and days in words."""

from datetime import date, datetime

from django import template
from django.urls import reverse

from editions.site import LONDON

register = template.Library()


@register.simple_tag
def site_url(site, name: str, *args) -> str:
    """The address of a list or a page on this site, with the prefix of a past day where one is being read."""
    return f"{site.prefix if site else ''}{reverse(name, args=args)}"


@register.filter
def day(value: date | None) -> str:
    """A day as a reader sees it: “3 April 2018”."""
    return f"{value.day} {value:%B %Y}" if value else ""


@register.filter
def moment(value: datetime) -> str:
    """A moment as a reader in London sees it: “3 April 2018 at 09:05”."""
    local = value.astimezone(LONDON)
    return f"{day(local)} at {local:%H:%M}"
