"""Rows in an order that is dragged, or moved with the keyboard (static/desk/order.js)."""

from adminsortable2.admin import CustomInlineFormSetMixin

from basics.forms import LockedFormSet


class SortedLockedFormSet(CustomInlineFormSetMixin, LockedFormSet):
    """Rows that nobody saves over, in their order."""
