"""The page of one step: its form, and the action that it calls."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.text import Truncator

from basics.once import once
from editions.actions import FourEyes, NotReady, Refused
from editions.steps import Step

STEP = "admin/editions/step.html"


def step_page(
    request, subject: models.Model, step: Step, *, back: str, initial: dict, extra: dict, template: str = STEP
) -> HttpResponse:
    """Show a step's form, or take the step, once, and go back. A `template` of one's own extends the usual one.

    403 if the person may not, 409 if a rule or the state stands against it, 422 if the form does not hold; what was
    typed stays in the form.
    """
    return once(request, lambda: _answer(request, subject, step, back, initial, extra, template))


def _answer(request, subject, step: Step, back: str, initial: dict, extra: dict, template: str) -> HttpResponse:
    form = step.form(request.POST if request.method == "POST" else None, initial=initial, subject=subject)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                result = step.run(subject, by=request.user, **form.said())
            except FourEyes as refusal:
                status, problems = 403, [str(refusal)]
            except PermissionDenied:
                raise
            except NotReady as refusal:
                status, problems = 409, [problem.sentence for problem in refusal.problems]
            except Refused as refusal:
                status, problems = 409, [str(refusal)]
            except ValidationError as refusal:
                problems = refusal.messages
            else:
                messages.success(request, step.done if isinstance(step.done, str) else step.done(result))
                return HttpResponseRedirect(back)
            for problem in problems:
                form.add_error(None, problem)
    context = {
        **admin.site.each_context(request),
        "title": f"{step.label}: {Truncator(subject).chars(80)}",
        "step": step,
        "form": form,
        "subject": subject,
        "back": back,
        "why_not": "" if request.method == "POST" else step.why_not(subject, request.user),
        **extra,
    }
    return render(request, template, context, status=status)
