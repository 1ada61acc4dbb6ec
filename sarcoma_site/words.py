"""Giving people back what they typed, when it could not be saved."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

_OURS = {"csrfmiddlewaretoken", "form_token", "next"}


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form, to be sent once more. A password is typed again."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if "password" not in name and name != "csrfmiddlewaretoken"
    ]


def words(request: HttpRequest) -> list[tuple[str, str]]:
    """What a person typed into a form: (name of the field, words)."""
    return [
        (name.replace("_", " "), value)
        for name, value in typed(request)
        if name not in _OURS and value.strip() and not value.isdigit() and not name.endswith("_FORMS")
    ]


def is_our_form(request: HttpRequest) -> bool:
    """Whether words were typed into a form that we had shown: it carries a token of ours."""
    return "csrfmiddlewaretoken" in request.POST and bool(words(request))


def words_back(request: HttpRequest, why: str, *, status: int) -> HttpResponse:
    """A page with what was typed, to copy. It sends nothing: nobody knows whose form it was."""
    context = {"why": why, "words": words(request), "address": request.get_full_path()}
    answer = HttpResponse(render_to_string("words_back.html", context), status=status)
    answer["Cache-Control"] = "no-store"
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a fitting token, as after signing in anew in another tab."""
    return words_back(
        request,
        "This form is from before you last signed in, or came from another site. Nothing was saved.",
        status=403,
    )
