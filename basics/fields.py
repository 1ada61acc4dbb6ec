"""Model fields that keep their promise on every way into the database: forms, imports, fixtures, the shell."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django_prose_editor.fields import ProseEditorField

from basics import richtext
from basics.dates import PartialDate
from basics.text import tidy


class TidyingField(models.Field):
    """Passes every value through `tidied` before it is validated and before it is stored.

    `Field.clean` alone is not enough: `loaddata`, `update()` and bulk writes never call it.
    """

    tidied: Callable[[str], str] = staticmethod(tidy)

    def _tidied(self, value):
        if not isinstance(value, str):
            return value
        try:
            return type(self).tidied(value)
        except ValueError as problem:
            raise ValidationError(str(problem), code="not_publishable") from problem

    def clean(self, value, model_instance):
        return super().clean(self._tidied(value), model_instance)

    def pre_save(self, model_instance, add):
        value = self._tidied(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value, connection):
        return super().get_db_prep_save(self._tidied(value), connection)


validate_key = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Use small letters, digits and single hyphens, as in “advanced-gist”."
)


class KeyField(models.SlugField):
    """What deep links, natural keys and addresses are made of."""

    default_validators = [validate_key]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 100)
        super().__init__(*args, **kwargs)


class PlainCharField(TidyingField, models.CharField):
    """One line of plain words."""


class PlainTextField(TidyingField, models.TextField):
    """Several lines of plain words."""


class PartialDateField(TidyingField, models.CharField):
    """`2018`, `2018-04` or `2018-04-03`, as text: the precision that is known, never an invented day."""

    tidied = staticmethod(lambda text: str(PartialDate.parse(text)) if text.strip() else "")

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 10)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("help_text", "As precise as it is known: 2018-04-03, 2018-04 or 2018.")
        super().__init__(*args, **kwargs)


EDITOR = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "HardBreak": True,
    "Heading": {"levels": [3]},
    "Link": {"enableTarget": False, "protocols": sorted(richtext.SCHEMES)},
    "Citation": True,
}


class RichTextField(TidyingField, ProseEditorField):
    """Rich text with citations, cleaned by basics.richtext whichever way it comes."""

    tidied = staticmethod(richtext.clean)

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        kwargs.setdefault("config", {"extensions": EDITOR})
        kwargs.setdefault("sanitize", richtext.clean)
        super().__init__(*args, **kwargs)
