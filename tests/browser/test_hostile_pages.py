"""Pages full of the hostile corpus in a real Chromium: nothing runs, nothing is fetched from elsewhere, no policy is broken."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from basics.text import ForbiddenCharacter, tidy
from drugs.models import Drug, Glossary, GuideSection, Term
from editions import actions
from editions.models import Edition
from references.models import Reference
from staff.models import User
from tests.factories import a_reference
from tests.hostile import corpus

# What would show that words of the corpus ran: the name that they call, and the boxes that scripts open.
LISTEN = """
window.__ran = [];
for (const name of ['__pwned', 'alert', 'confirm', 'prompt', 'open', 'print']) {
    window[name] = () => { window.__ran.push(name); };
}
"""
# Elements as the browser's own parser made them: with a handler, or with an address that is a script.
HOSTILE_ELEMENTS = """
[...document.querySelectorAll('*')].filter(one =>
    [...one.attributes].some(attribute => attribute.name.startsWith('on'))
    || /^\\s*(javascript|data|vbscript):/i.test(one.href || one.action || '')
).map(one => one.outerHTML)
"""


def words(most: int) -> list[str]:
    """What of the corpus a field of so many letters takes."""
    found = []
    for payload in corpus():
        try:
            text = tidy(payload.text[:most]).strip()
        except ForbiddenCharacter:
            continue
        if text:
            found.append(text)
    return list(dict.fromkeys(found))


def site_full_of_hostile_words() -> None:
    """Every payload that can be stored, as plain words and as rich text, on pages that are published."""
    edith, ravi = User.objects.get(username="edith"), User.objects.get(username="ravi")
    glossary = Glossary.objects.get()
    a_reference("x")  # that some of the corpus cite
    given = words(1500)
    with transaction.atomic():
        for number, text in enumerate(given):
            name = f"{number} {text}"[:120].strip()
            key = slugify(f"hostile-{number}")
            Term(glossary=glossary, key=key, name=name, abbreviation=text[:30].strip(), definition=text).save()
        section = GuideSection.objects.order_by("pk")[0]
        guide = section.guide
        for number, payload in enumerate(corpus("markup", "mutated", "schemes", "templates")):
            rich = f"<p>Words.</p>{payload.sent[:2000]}"
            if payload.kind == "schemes":
                rich = f'<p><a href="{payload.sent}">here</a></p>'
            try:
                GuideSection(guide=guide, key=f"hostile-{number}", heading=f"{number} {payload}", text=rich).save()
            except ValidationError:
                continue  # an invisible character: tests/hostile/test_fields.py
        drug = Drug.objects.get(name="imatinib")
        drug.name, drug.about = '"><script>__pwned()</script>', "".join(one.sent for one in corpus("markup"))
        drug.summary = drug.form = "<img src=x onerror=__pwned()>"
        drug.save()
        source = Reference.objects.get(key="nakano-2018")
        source.title = "</script><svg onload=__pwned()>"
        source.save()
    for working in (glossary, guide, drug):
        edition = actions.submit(working, by=edith, change_note="</textarea><script>__pwned()</script>")
        actions.review(edition, by=ravi, outcome="approved", comment="<iframe srcdoc='<script>__pwned()</script>'>")
        actions.publish(edition, by=User.objects.get(username="paula"))


def test_nothing_of_the_corpus_runs_in_a_browser_on_any_page_that_shows_it(site, sign_in, open_page):
    paula, visitor = sign_in("paula"), open_page()
    site_full_of_hostile_words()
    asked: list[str] = []
    for page in (paula, visitor):
        page.context.add_init_script(LISTEN)
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: asked.append(f"a box: {dialog.message}"))
    guide = "/guides/targeted-cancer-drugs-for-soft-tissue-sarcoma/"
    newest = Edition.objects.latest("pk")
    public = ["/glossary/", guide, "/drugs/imatinib/", "/drugs/", "/references/nakano-2018/", "/updates/", "/record/"]
    public += ["/glossary/compare/1/2/", f"{guide}history/", "/drugs/imatinib/compare/1/2/", "/search/?q=%3Cscript%3E"]
    desk = [
        f"/admin/drugs/{kind}/{row.pk}/change/"
        for kind, row in (("glossary", Glossary.objects.get()), ("drug", Drug.objects.get(page=newest.page)))
    ]
    desk += [f"/admin/drugs/drug/{newest.page.kind_of_page.working_copy(newest.page).pk}/history/"]
    desk += [f"/admin/editions/edition/{newest.pk}/change/", f"/admin/editions/edition/{newest.pk}/preview/"]
    desk += ["/admin/drugs/guidesection/", "/admin/drugs/term/", "/admin/editions/review/", "/admin/"]
    for page, address in [(visitor, one) for one in public] + [(paula, one) for one in desk]:
        answer = page.goto(f"{site}{address}")
        assert answer.status == 200, address
        page.evaluate("for (const one of document.querySelectorAll('details')) { one.open = true; }")
        if page is visitor:
            page.evaluate(
                "for (const one of document.querySelectorAll('main a, main p')) { one.dispatchEvent(new Event('click')); }"
            )
        assert page.evaluate("window.__ran") == [], address
        assert page.evaluate(HOSTILE_ELEMENTS) == [], address
    assert not [url for url in asked if not url.startswith((f"{site}/", "data:image/", "about:"))]
