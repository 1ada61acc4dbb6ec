"""The page of somebody who was invited to review one edition: a link, no account, one verdict."""

from typing import Any

from csp.decorators import csp_replace
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from basics.forms import tidied
from basics.limits import limited_misses
from editions import actions, preview
from editions.compare import side_by_side
from editions.models import Invitation
from editions.site import PublishedSite
from editions.step_forms import VerdictForm

_FRAMES = {**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "frame-src": ["'self'"]}


class InvitedForm(VerdictForm):
    """A verdict, and who gives it."""

    name = forms.CharField(label="Your name", max_length=120, validators=[tidied], help_text="As readers will see it.")
    role = forms.CharField(
        label="What you are",
        max_length=160,
        validators=[tidied],
        help_text="For readers: “sarcoma nurse, Leeds”, “patient with GIST”.",
    )
    interests = forms.CharField(
        label="Your ties to makers of drugs",
        validators=[tidied],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One or two sentences for readers. “None” is an answer.",
    )
    field_order = ["name", "role", "interests", "outcome", "kinds", "scope", "checked", "comment"]


def _invitation(token: str) -> Invitation:
    invitation = Invitation.objects.with_token(token)
    if invitation is None:
        # One sentence for all that is wrong with a link: it tells nobody which links there are.
        raise Http404("This link opens nothing, or nothing any more. Ask whoever sent it to you for a new one.")
    return invitation


def _privately(request, response: HttpResponse) -> HttpResponseBase:
    """The address is the key: it is not indexed, and no other site is told of it."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "same-origin"
    if hasattr(response, "_csp_replace"):
        return response  # the page in the frame, which has its own policy
    return csp_replace(_FRAMES)(lambda _: response)(request)


@limited_misses("review")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request, token: str) -> HttpResponseBase:
    """The edition, what it changes, and the form for a verdict. The link is used up by the verdict."""
    invitation = _invitation(token)
    edition = invitation.edition
    form = InvitedForm(
        request.POST if request.method == "POST" else None, subject=edition, initial={"name": invitation.name}
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                given = actions.review_by_invitation(token, **form.said())
            except actions.Refused as refusal:
                status = 409
                form.add_error(None, str(refusal))
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                return _privately(
                    request, render(request, "editions/invited_thanks.html", _context(invitation, given=given))
                )
    live = PublishedSite().by_keys([edition.page.key]).get(edition.page.key)
    compared = live if live and live.edition_id != edition.pk and not live.withdrawal else None
    context = _context(
        invitation,
        form=form,
        token=token,
        compared=compared,
        comparison=side_by_side(compared.content, edition.content) if compared else None,
    )
    return _privately(request, render(request, "editions/invited.html", context, status=status))


@limited_misses("review")
@require_safe
def page(request, token: str) -> HttpResponseBase:
    """The page that the edition would be, for the frame on the reviewer's page."""
    edition = _invitation(token).edition
    drawn = preview.draw(
        request,
        edition.page,
        edition.content_json,
        edition=edition,
        note="You are asked to review it.",
        draft_for="reviewers",
    )
    return _privately(request, drawn)


def _context(invitation: Invitation, **more) -> dict[str, Any]:
    edition = invitation.edition
    return {
        "site": PublishedSite(),
        "invitation": invitation,
        "edition": edition,
        "name_of_page": edition.page.kind_of_page.title(edition.content),
        **more,
    }
