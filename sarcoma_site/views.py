"""The home page."""

from django.shortcuts import render

from drugs.about_site import ABOUT_THE_SITE
from drugs.drug_list import MOST
from editions.public import public
from editions.search.views import with_search_box
from editions.site import PublishedSite


@with_search_box
@public
def home(request, *, site: PublishedSite):
    drugs, conditions = site.listed("drug"), site.listed("condition")
    is_long = len(drugs) > MOST
    context = {
        "site": site,
        "guides": [page for page in site.listed("guide")[:MOST] if page.key not in ABOUT_THE_SITE],
        "drugs": [] if is_long else drugs[:],
        "letters": site.letters("drug") if is_long else [],
        "drugs_count": len(drugs),
        "conditions": conditions[:MOST],
        "conditions_count": len(conditions),
        "changes": site.changes(6),
    }
    return render(request, "home.html", context)
