"""What every answer tells browsers to refuse, in one table."""

from tests.factories import an_imatinib, published

PUBLIC = {
    "Content-Security-Policy": {
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    },
    "Cross-Origin-Opener-Policy": {"same-origin"},
    "Cross-Origin-Resource-Policy": {"same-origin"},
    "Referrer-Policy": {"same-origin"},
    "X-Content-Type-Options": {"nosniff"},
    "X-Frame-Options": {"DENY"},
    "Strict-Transport-Security": set(),  # this test's site is on http: test_settings.py
    "Access-Control-Allow-Origin": set(),
    "Set-Cookie": set(),
}
FOR_ANY_SITE = PUBLIC | {"Cross-Origin-Resource-Policy": {"cross-origin"}, "Access-Control-Allow-Origin": {"*"}}
TABLE = {
    "/drugs/": PUBLIC,
    "/drugs/imatinib/": PUBLIC,
    "/drugs/imatinib/editions/1/": PUBLIC,
    "/drugs/imatinib/leaflet.pdf": PUBLIC,
    "/record/": PUBLIC,
    "/nowhere/": PUBLIC,
    "/healthz": PUBLIC,
    "/record.json": FOR_ANY_SITE,
    "/updates.atom": FOR_ANY_SITE,
    "/drugs/imatinib/updates.atom": FOR_ANY_SITE,
    "/drugs/imatinib/references.ris": FOR_ANY_SITE,
}


def test_what_every_answer_tells_browsers_to_refuse(client, team, author):
    published(an_imatinib(by=author), **team)
    for address, expected in TABLE.items():
        answer = client.get(address)
        for name, parts in expected.items():
            given = {part.strip() for part in answer.get(name, "").split(";") if part.strip()}
            assert given == parts, (address, name)
        refused = {part.strip() for part in answer["Permissions-Policy"].split(",")}
        assert {"camera=()", "microphone=()", "geolocation=()", "payment=()", "usb=()"} <= refused
        assert all(part.endswith("=()") for part in refused)
