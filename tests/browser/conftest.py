"""A real Chromium before the whole site: starter content, a team, and a console that has to stay silent."""

import pytest

from tests.factories import a_person

PASSWORD = "a long pass phrase for tests"


@pytest.fixture
def site(live_server, starter_content, settings):
    """The address of the site with its starter content."""
    return live_server.url


@pytest.fixture
def team(site):
    a_person("edith", "Author", public_name="Edith Ames")
    a_person("ravi", "Clinical reviewer", public_name="Dr Ravi Shah", professional_role="consultant oncologist")
    a_person("paula", "Publisher", public_name="Paula Quinn")


@pytest.fixture
def complaints():
    """What browsers complained of: errors, and whatever a Content-Security-Policy blocked. Empty at the end."""
    said: list[str] = []
    yield said
    assert said == []


@pytest.fixture
def open_page(browser, complaints):
    """Open a page of one's own: `open_page(width=360, scheme="dark")`. Each has its own cookies."""
    contexts = []

    def opened(width: int = 1280, scheme: str = "light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(site, team, open_page):
    """A page on which a member of the team is signed in."""

    def signed_in(username: str, **screen):
        page = open_page(**screen)
        page.goto(f"{site}/admin/login/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{site}/admin/")
        return page

    return signed_in
