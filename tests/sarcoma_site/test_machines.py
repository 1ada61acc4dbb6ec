"""robots.txt and security.txt."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone


def test_robots_are_kept_from_the_desk_only_and_told_of_the_sitemap(client, settings):
    settings.SITE_URL = "https://www.example.org"
    lines = client.get("/robots.txt").text.splitlines()
    assert [one for one in lines if one.startswith("Disallow")] == ["Disallow: /admin/"]
    assert "Sitemap: https://www.example.org/sitemap.xml" in lines


@pytest.mark.django_db
def test_security_txt_says_whom_to_tell_and_never_expires_while_the_site_is_up(client, settings):
    settings.SITE_URL, settings.SECURITY_CONTACT = "https://www.example.org", "mailto:security@example.org"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert list(said) == ["Contact", "Expires", "Preferred-Languages", "Canonical"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", said["Expires"])
    left = datetime.fromisoformat(said["Expires"]) - timezone.now()
    assert timedelta(days=30) < left < timedelta(days=365)
    assert said["Canonical"] == "https://www.example.org/.well-known/security.txt"
    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404
