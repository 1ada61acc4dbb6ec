"""What a page holds that none of our templates writes: read as a browser reads it, by an HTML5 parser (Lexbor)."""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser


def named(text: str) -> set[str]:
    return set(text.split())


# Everything that our pages and the desk's draw. Whatever else stands on a page came with somebody's words.
ELEMENTS = named("""
    a article aside b blockquote body br button caption cite code datalist dd defs del desc details div dl dt em
    fieldset footer form g h1 h2 h3 h4 h5 head header hr html i iframe img input ins label legend li link main
    mark marker meta nav ol option p path pre rect script section select small span strong summary sup svg
    symbol table tbody td text textarea th thead time title tr tspan ul use
""")
ATTRIBUTES = named("""
    accept action alt async autocapitalize autocomplete autofocus charset checked class cols colspan content cx
    cy d datetime defer dir disabled enctype enterkeyhint fill for height hidden href hreflang id inputmode lang
    list marker-end markerheight markerunits markerwidth max maxlength media method min minlength multiple name
    nonce novalidate open orient pattern placeholder points popover popovertarget popovertargetaction property r
    readonly refx refy rel required role rows rowspan rx scope selected size spellcheck src start step stroke
    tabindex text-anchor title transform type value viewbox width x x1 x2 xlink:href xmlns y y1 y2
""")
ADDRESSES = {"href", "src", "action", "xlink:href"}
DATA_SCRIPTS = {"application/json", "application/ld+json", "importmap"}
_BEFORE_A_SCHEME = re.compile(r"[\x00-\x20\x7f-\x9f]+")  # what the URL Standard takes off, and more


def intruders(text: str) -> list[str]:
    """Each element, attribute and address of a page that ours never hold, in words; nothing if all is well."""
    found = []
    for node in LexborHTMLParser(text).root.traverse():
        tag, attributes = node.tag, node.attributes
        if tag == "-comment":
            continue
        if tag not in ELEMENTS:
            found.append(f"an element <{tag}>")
        for name, value in attributes.items():
            if name.lower() not in ATTRIBUTES and not re.fullmatch(r"(data|aria)-[a-z-]+", name):
                found.append(f"an attribute {name!r} of <{tag}>")
            if name in ADDRESSES and not leads_somewhere_harmless(tag, value or ""):
                found.append(f"an address {value!r:.80} in {name} of <{tag}>")
        if tag == "meta" and "http-equiv" in attributes:
            found.append("a header in <meta>")
        if tag == "script" and not _is_our_script(attributes):
            found.append(f"a script: {node.text()[:80]!r}")
        if tag == "a" and "__pwned" in (attributes.get("href") or "").partition("?")[0]:
            found.append(f"a link {attributes['href']!r:.80}")
    return found


def typed_fields(text: str) -> dict[str, str]:
    """What stands in the fields of a page into which somebody types, as a browser shows it."""
    fields = LexborHTMLParser(text).css("textarea[name], input[name]")
    typed = {None, "text", "url", "email", "search", "date"}
    return {
        node.attributes["name"]: node.text() if node.tag == "textarea" else node.attributes.get("value") or ""
        for node in fields
        if node.tag == "textarea" or node.attributes.get("type") in typed
    }


def leads_somewhere_harmless(tag: str, address: str) -> bool:
    """Whether an address is of this site; in a link, one of the web, a letter or a telephone."""
    plain = _BEFORE_A_SCHEME.sub("", address).replace("\\", "/")
    if plain.startswith("//"):
        return False
    try:
        scheme = urlsplit(plain).scheme.lower()
    except ValueError:
        return False
    if not scheme:
        return ":" not in re.split(r"[/?#]", plain)[0]
    if tag == "a":
        return scheme in {"http", "https", "mailto", "tel"}
    if tag == "img":
        return plain.startswith("data:image/")
    return tag == "link" and plain.startswith("http://testserver/")


def leads_off_site(location: str) -> bool:
    """Whether a browser that is sent on to `location` leaves the site."""
    plain = _BEFORE_A_SCHEME.sub("", location).replace("\\", "/")
    if plain.startswith("//"):
        return True
    parts = urlsplit(plain)
    return bool(parts.scheme or parts.netloc) and (parts.scheme, parts.netloc) not in {
        ("http", "testserver"),
        ("https", "testserver"),
    }


def _is_our_script(attributes: dict) -> bool:
    source = attributes.get("src")
    if source is None:
        return attributes.get("type") in DATA_SCRIPTS
    return source.startswith(("/static/", "/admin/jsi18n/"))
