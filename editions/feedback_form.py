"""The form for readers' feedback, and what stands in for a cookie: a signed token that carries its time, and an origin.

A token names the page and the edition that the reader saw, works from a few seconds after it was made until a day later,
and once. It tells nothing of the reader, and is stored nowhere until the form is sent.
"""

import re
import secrets
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from basics.text import without_forbidden
from editions.models import Feedback
from editions.vocabulary import FeedbackSort

SALT = "editions.feedback"
SECONDS_TO_WRITE = 4  # nobody reads the form and writes in less
SECONDS_KEPT = 24 * 60 * 60
MOST_LINKS = 2
_LINK = re.compile(r"https?://|\bwww\.|\[url|<a\s", re.IGNORECASE)


def new_token(page_key: str, number: int | None) -> str:
    return signing.dumps([page_key, number, secrets.token_urlsafe(12)], salt=SALT)


def read_token(token: str, page_key: str) -> int | None:
    """The number of the edition that the reader saw. Raises ValidationError with a remedy for any other token."""
    try:
        of_page, number, _ = signing.loads(token, salt=SALT, max_age=SECONDS_KEPT)
    except signing.SignatureExpired:
        raise forms.ValidationError(
            "This form was open for more than a day. Read the page again, then send it."
        ) from None
    except signing.BadSignature:
        raise forms.ValidationError("This form was not whole when it came. Send it once more.") from None
    if of_page != page_key:
        raise forms.ValidationError("This form was made for another page. Look which page stands above, then send it.")
    try:
        signing.loads(token, salt=SALT, max_age=SECONDS_TO_WRITE)
    except signing.SignatureExpired:
        return number
    raise forms.ValidationError(
        f"That was faster than people write. Wait for {SECONDS_TO_WRITE} seconds, then send it once more."
    )


def comes_from_here(request: HttpRequest) -> bool:
    """Whether a form was sent from a page of this site, as far as the browser says; if it says nothing, it was not."""
    ours = {settings.SITE_URL.casefold(), f"{request.scheme}://{request.get_host()}".casefold()}
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    if origin := request.headers.get("Origin"):
        return origin.casefold() in ours
    if referer := request.headers.get("Referer"):
        try:
            parts = urlsplit(referer)
        except ValueError:
            return False
        return f"{parts.scheme}://{parts.netloc}".casefold() in ours
    return "Sec-Fetch-Site" in request.headers


class FeedbackForm(forms.Form):
    """Two questions. What is refused comes back with every word that was typed, and what to do."""

    said = forms.CharField(
        label="What is wrong or unclear?",
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": Feedback.MOST_LETTERS}),
        help_text="Tell us which words you mean.",
        error_messages={"required": "Write what is wrong or unclear. A few words are enough."},
    )
    sort = forms.ChoiceField(
        label="What sort of thing is it?",
        choices=FeedbackSort.choices(),
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one. If you are not sure, the nearest will do."},
    )
    # People do not see this field. Programmes that fill in every form do.
    website = forms.CharField(required=False)
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, page_key: str, number: int | None):
        super().__init__(data)
        self._page_key = page_key
        self.number: int | None = None  # the edition that the reader saw, once the form holds
        self.fresh_token = new_token(page_key, number)  # for the form as it is shown now

    def clean_said(self) -> str:
        said = without_forbidden(self.cleaned_data["said"])
        if not said:
            raise forms.ValidationError(self.fields["said"].error_messages["required"])
        if len(said) > Feedback.MOST_LETTERS:
            raise forms.ValidationError(
                f"These are {len(said)} letters, and there is room for {Feedback.MOST_LETTERS}. Shorten it, or send it in "
                "two parts."
            )
        if len(_LINK.findall(said)) > MOST_LINKS:
            raise forms.ValidationError(
                f"There are more than {MOST_LINKS} web addresses in it, as in advertising. Take some out, then send it."
            )
        return said

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("website"):
            raise forms.ValidationError(
                "A field that people do not see was filled in, perhaps by a programme that fills in forms for you. It is "
                "empty again: send the form once more."
            )
        self.number = read_token(data.get("token", ""), self._page_key)
        return data
