"""What is not public, drawn exactly as the public page, for staff and invited reviewers: never indexed, never cached."""

from csp.decorators import csp_replace
from django.conf import settings
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin

from editions.models import Edition, Page
from editions.site import PublishedSite


def draw(request, page: Page, content_json: str, *, edition: Edition | None, note: str, draft_for: str = "staff"):
    """The public page of a content, marked as a draft for those who may see it."""
    site = PublishedSite()
    kind = page.kind_of_page
    context = kind.present(site, site.as_if_live(page, content_json, edition=edition)) | {
        "draft": note,
        "draft_for": draft_for,
    }

    @never_cache
    @xframe_options_sameorigin
    @csp_replace({**settings.CONTENT_SECURITY_POLICY["DIRECTIVES"], "frame-ancestors": ["'self'"]})
    def drawn(request):
        response = render(request, kind.template, context)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return drawn(request)
