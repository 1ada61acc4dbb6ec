"""A member of staff at the desk: forms filled in as a browser would send them."""

from django.db.models import Model
from django.test import Client
from django.urls import reverse

from editions.models import Edition, Page


class Desk:
    """One person, signed in."""

    def __init__(self, person):
        self.client = Client()
        self.client.force_login(person)

    def address(self, row: Model, what: str = "change") -> str:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{what}", args=[row.pk])

    def get(self, row: Model, what: str = "change"):
        return self.client.get(self.address(row, what))

    def form(self, row: Model) -> dict[str, str]:
        """Every field of a row's form, inlines included, as it came."""
        return _fields(self.get(row))

    def empty_form(self, model: type[Model]) -> dict[str, str]:
        """The fields of the form for a new row."""
        return _fields(self.client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")))

    def save(self, row: Model, fields: dict[str, str]):
        return self.client.post(self.address(row), fields)

    def step(self, subject: Edition | Page, step: str, **fields):
        """Take a step, with the form's own hidden fields unless others are given."""
        what = "edition" if isinstance(subject, Edition) else "page"
        address = reverse(f"admin:editions_{what}_step", args=[subject.pk, step])
        form = self.client.get(address).context["form"]
        return self.client.post(address, {**_initial(form), **fields})


def _initial(form) -> dict[str, str]:
    return {
        bound.html_name: str(value) for bound in form if (value := bound.value()) is not None and value is not False
    }


def _fields(response) -> dict[str, str]:
    context = response.context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.initial_forms]
    return {name: value for form in forms for name, value in _initial(form).items()}
