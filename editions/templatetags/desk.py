"""Filters of the staff's pages."""

from django import template

register = template.Library()


@register.filter
def desk_view(row) -> str:
    """The name of the address of a row's form: `admin:drugs_drug_change`."""
    return f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
