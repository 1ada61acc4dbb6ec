"""What a visitor's first look at a page costs: requests, bytes over the wire, cookies, and who else is asked."""

import shutil
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from audit.lighthouse import CHROMIUM
from audit.site import KINDS

MOST_REQUESTS, MOST_BYTES = 3, 40_000
WITH_SEARCH_BOX = ("home", "search")  # one request more: the names that it offers


@dataclass
class FirstLoad:
    """Bytes are those of bodies and headers as they come over the wire, compressed."""

    requests: int = 0
    bytes: int = 0
    cookies: int = 0
    others: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        """What is more than our promise to somebody on a phone and a slow line."""
        said = [f"{self.requests} requests, not {MOST_REQUESTS}"] if self.requests > MOST_REQUESTS else []
        said += [f"{self.bytes} bytes, not {MOST_BYTES}"] if self.bytes > MOST_BYTES else []
        said += [f"{self.cookies} cookies"] if self.cookies else []
        return said + [f"asks {host}" for host in self.others]


def first_load(browser: Browser, address: str) -> FirstLoad:
    """Open a page with an empty cache and no cookie, and count what it asks for until nothing more is asked."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    told = context.new_cdp_session(page)
    told.send("Network.enable")
    load, host = FirstLoad(), urlsplit(address).netloc

    def asked(event: dict) -> None:
        if event["request"]["url"].startswith("data:"):
            return  # a browser's own picture, as of a calendar beside a date: nothing is asked
        load.requests += 1
        if (other := urlsplit(event["request"]["url"]).netloc) != host:
            load.others.append(other)

    def came(event: dict) -> None:
        load.bytes += int(event["encodedDataLength"])

    told.on("Network.requestWillBeSent", asked)
    told.on("Network.loadingFinished", came)
    page.goto(address, wait_until="networkidle")
    load.cookies = len(context.cookies())
    context.close()
    return load


def first_loads(site: str) -> dict[str, FirstLoad]:
    """The first load of every kind of page of a running site, in Chromium without a screen."""
    flags = CHROMIUM.replace("--headless=new ", "").split()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        loads = {name: first_load(browser, site + address) for name, address in KINDS.items()}
        browser.close()
    return loads
