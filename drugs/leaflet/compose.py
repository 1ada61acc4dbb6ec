"""A whole leaflet: what is printed on it, as one value. Plain Python."""

import io
import json
from dataclasses import asdict, dataclass
from typing import Any

import segno

from drugs.leaflet import standing
from drugs.leaflet.blocks import Blocks, Notice, says, upper_first
from drugs.leaflet.bodies import BODIES, Context, alerts_of, beside
from drugs.leaflet.parts import Hand

MOST_AT_FOOT = 60  # characters


@dataclass(frozen=True)
class Leaflet:
    """All that the template draws."""

    title: str
    heading: str  # the title as it stands at the top
    above: Blocks  # what has to be read before anything else
    beside: Blocks  # under the title, beside the QR code
    blocks: Blocks
    footer: tuple[str, ...]  # on every page, beside its number
    warning: str  # on every page of what is not current; empty otherwise
    qr: str  # an SVG
    qr_says: str  # for who cannot see it
    is_large: bool
    made: int  # seconds since 1970: what the file says of its making, the same whenever it is made

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def leaflet(
    context: Context, *, site_address: str, today: Any = None, notice: str = "", is_large: bool = False
) -> Leaflet:
    """The leaflet of a page, from what its template is drawn with.

    Takes the address of the site, without a slash at its end; the page as it is now, if the edition is not the current
    one; the notice that stands on every page of the site.
    """
    page = context["page"]
    address = f"{site_address}{page.edition_url}"
    current = f"{site_address}{page.present_url}"
    hand = Hand(context["citations"], context["linked"])
    title = upper_first(page.title)
    return Leaflet(
        title=title,
        heading=_heading(title, context["content"]),
        above=(
            *((Notice((says(notice),), "calm"),) if notice else ()),
            *(standing.not_current(page, today, current) if today else ()),
        ),
        beside=beside(context["content"]),
        blocks=(
            *_told(hand, context),
            *standing.sources(context["citations"]),
            *standing.who_stands_behind(page, address),
        ),
        footer=(_short(title), f"Edition {page.number}. {_reviewed(page)}", address),
        warning=_warning(today, current),
        qr=_qr(address),
        qr_says=f"QR code: the address of this edition, {address}",
        is_large=is_large,
        made=int(page.went_live_at.timestamp()),
    )


def _heading(title: str, value: Any) -> str:
    """A condition's short name stands behind its name."""
    short = getattr(value, "abbreviation", "")
    return f"{title} ({short})" if short else title


def _short(title: str) -> str:
    """A title that leaves room for the rest of a page's foot."""
    return title if len(title) <= MOST_AT_FOOT else f"{title[: MOST_AT_FOOT - 1]}…"


def _told(hand: Hand, context: Context) -> Blocks:
    """The page's own words, with the standing text where the page has it: a guide is long, so there it comes first."""
    page = context["page"]
    alerts = alerts_of(hand, context["content"])  # first, because sources are numbered from the top of the page
    head = (*alerts, *standing.review_line(page))
    body = BODIES[page.kind](hand, context)
    before = () if context.get("is_about_site") else standing.before_you_change_anything()
    return (*head, *before, *body) if page.kind == "guide" else (*head, *body, *before)


def _reviewed(page: Any) -> str:
    return f"{standing.last_reviewed(page)}{' (its review is late)' if page.is_late else ''}."


def _warning(today: Any, current: str) -> str:
    if not today:
        return ""
    if today.withdrawal:
        return f"Not the current edition: this page was withdrawn on {standing.day(today.withdrawal.on)}. {current}"
    return f"Not the current edition. The current one: {current}"


def _qr(address: str) -> str:
    """A QR code as SVG, without the white around it, which the paper gives."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=0, light="#ffffff", xmldecl=False)
    return drawn.getvalue().decode()
