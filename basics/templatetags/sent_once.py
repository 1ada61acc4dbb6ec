"""The hidden field by which a form is known when it is sent twice."""

from django import template
from django.utils.html import format_html

from basics.once import new_token

register = template.Library()


@register.simple_tag
def once():
    return format_html('<input type="hidden" name="form_token" value="{}">', new_token())
