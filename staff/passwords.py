"""What a password of ours has to be, beside what Django's own validators ask."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError

# Words that somebody who knows this site tries first (NIST SP 800-63B, 5.1.1.2: context-specific words).
_OURS = [
    "targeted",
    "cancer",
    "drugs",
    "drug",
    "patient",
    "patients",
    "information",
    "editors",
    "editor",
    "desk",
    "sarcoma",
    "tumour",
    "review",
    "reviewer",
    "publisher",
    "author",
    "administrator",
    "imatinib",
    "sunitinib",
    "regorafenib",
    "olaratumab",
    "pazopanib",
    "axitinib",
    "cediranib",
    "ridaforolimus",
    "password",
]
_LEAST = 8  # letters and digits that a password has to have besides


class MoreThanSiteWords:
    """Refuses a password that is little more than words of this site put together."""

    def validate(self, password: str, user=None) -> None:
        """Raises ValidationError if less than eight letters and digits are left without the words of this site."""
        host = re.findall(r"[a-z]{4,}", settings.SITE_URL.lower())
        rest = password.lower()
        for word in sorted({*_OURS, *host}, key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(re.sub(r"[\W_]", "", rest)) < _LEAST:
            raise ValidationError(
                "This password is little more than words of this site. Add words of your own.",
                code="password_site_words",
            )

    def get_help_text(self) -> str:
        return "It cannot be made of this site’s own words alone."


class AnotherThanNow:
    """Refuses the password that a person has already: whoever read a one-time password would know the next one too."""

    def validate(self, password: str, user=None) -> None:
        """Raises ValidationError if `password` is what the person signs in with now."""
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError("This is the password that you have now. Choose another.", code="password_not_new")

    def get_help_text(self) -> str:
        return "It cannot be the one that you have now."
