from django.conf import settings


def notice(request):
    """The sentence that stands on every public page, set by SITE_NOTICE."""
    return {"site_notice": settings.SITE_NOTICE}
