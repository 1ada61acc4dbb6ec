"""Long lists in parts: `?page=2`."""

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.http import Http404

_LAST = 1_000_000  # a part beyond this is asked for by no list


class _OpenPart(Page):
    """A part that knows whether another follows, and not how many there are."""

    is_followed = False

    def has_next(self):
        return self.is_followed

    def next_page_number(self):
        return self.number + 1

    def previous_page_number(self):
        return self.number - 1


class _Uncounted(Paginator):
    """For lists that take longer to count than to read a part of."""

    num_pages = 0  # not known

    def page(self, number):
        number = int(number) if str(number).isascii() and str(number).isdecimal() and len(str(number)) < 8 else 0
        if not 1 <= number <= _LAST:
            raise EmptyPage("There is no such part.")
        start = (number - 1) * self.per_page
        rows = list(self.object_list[start : start + self.per_page + 1])
        if not rows and number > 1:
            raise EmptyPage("The list has fewer parts.")
        part = _OpenPart(rows[: self.per_page], number, self)
        part.is_followed = len(rows) > self.per_page
        return part


def part_of(rows, number: str, size: int, *, counted: bool = True) -> Page:
    """Part `number` of a long list, as Django's Page. Raises Http404 if the list has no such part.

    A list that is not `counted` says of each part only whether another follows.
    """
    try:
        return (Paginator if counted else _Uncounted)(rows, size).page(number)
    except (EmptyPage, PageNotAnInteger):
        raise Http404("The list has no such part.") from None


def part_asked_for(request, rows, size: int, *, counted: bool = True) -> Page:
    """The part of a long list in `?page=`, the first without it. Raises Http404 if the list has no such part."""
    return part_of(rows, request.GET.get("page", "1"), size, counted=counted)
