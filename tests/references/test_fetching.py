"""Asking other servers: only public ones, at the address that was checked, for so long and for so much."""

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
from dataclasses import replace

import pytest

from references import fetching
from references.fetching import STRICT, Gate
from references.fetching.addresses import is_public
from tests.references.servers import OPEN, answer


def fetch(url: str, **options) -> fetching.Answer:
    return fetching.fetch(url, **{"user_agent": "Test/1.0", "gate": OPEN, "seconds": 10, **options})


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",  # shared by customers of one provider (RFC 6598)
        "127.0.0.1",
        "169.254.169.254",  # where clouds keep a machine's passwords
        "172.16.0.1",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.1.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",  # IPv4-compatible (RFC 4291, 2.5.5.1)
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",  # a network's own NAT64 (RFC 8215)
        "100::1",
        "2001::1",
        "2001:0:7f00:1:0:ffff:7f00:1",  # Teredo
        "2001:db8::1",
        "2002:7f00:1::1",  # 6to4 of 127.0.0.1
        "2002:0808:0808::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "not an address",
    ],
)
def test_addresses_that_are_not_public_are_refused(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "193.63.59.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are_asked(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://localhost/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_the_strict_rule_holds_for_every_way_to_write_this_machine(url):
    with pytest.raises(fetching.AddressRefused, match="not public"):
        fetch(url, gate=STRICT)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://site.example/", "begins with https"),
        ("file:///etc/passwd", "begins with https"),
        ("https://", "begins with https"),
        ("https://edith:secret@site.example/", "password"),
        ("https://site.example:22/", "port 22"),
        ("https://site.example:99999/", "not a web address"),
        ("http://a..b/", "not a web address"),
    ],
)
def test_what_is_not_a_plain_web_address_is_not_asked(url, sentence):
    with pytest.raises(fetching.BadAddress, match=sentence) as caught:
        fetch(url, gate=STRICT)
    assert "secret" not in str(caught.value)


def test_an_answer_comes_with_its_type_and_body(site):
    site.says("/a?b=%C3%A9", body=b"words", Content_Type="Text/HTML; charset=utf-8")
    got = fetch(site.address("/a?b=é#part"), accept="text/html")
    assert (got.status, got.media_type, got.body, got.hops) == (200, "text/html", b"words", ())
    assert got.final_url == site.address("/a?b=%C3%A9")
    headers = site.headers[0]
    assert headers["Host"] == f"site.example:{site.server_port}" and headers["Accept"] == "text/html"
    assert headers["User-Agent"] == "Test/1.0" and "Cookie" not in headers


def test_a_name_with_one_private_address_is_refused_whole(site):
    gate = replace(OPEN, resolve=lambda host, port: ["8.8.8.8", "127.0.0.1"], may_ask=is_public)
    with pytest.raises(fetching.AddressRefused):
        fetch(site.address(), gate=gate)
    assert site.asked == []


def test_a_name_that_changes_its_address_after_the_check_gains_nothing(site):
    site.says("/", body=b"the one that was checked")
    looked_up = []

    def changing(host, port):
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["10.0.0.1"]

    assert fetch(site.address(), gate=replace(OPEN, resolve=changing)).body == b"the one that was checked"
    assert looked_up == ["site.example"]


def test_a_redirect_into_a_private_network_is_refused(site):
    site.says("/", 302, Location="http://inside.example/")
    site.paths["/inside"] = answer
    addresses = {"site.example": "127.0.0.1", "inside.example": "10.0.0.1"}
    gate = replace(OPEN, resolve=lambda host, port: [addresses[host]], may_ask=lambda one: not one.startswith("10."))
    with pytest.raises(fetching.AddressRefused, match=r"inside\.example"):
        fetch(site.address(), gate=gate)


def test_redirects_are_followed_and_told(site):
    site.says("/", 301, Location="/second")
    site.says("/second", 302, Location="third?x=1", Set_Cookie="a=b")
    site.says("/third?x=1", body=b"here")
    asked = []
    got = fetch(site.address(), before=asked.append)
    assert got.body == b"here" and got.final_url == site.address("/third?x=1")
    assert [(hop.status, hop.is_permanent) for hop in got.hops] == [(301, True), (302, False)]
    assert asked == [site.address(path) for path in ("/", "/second", "/third?x=1")]
    assert all("Cookie" not in headers for headers in site.headers)


def test_a_step_from_tls_to_plain_text_is_noted():
    assert fetching.Hop("https://a.example/", 301, "http://a.example/").is_downgrade
    assert not fetching.Hop("http://a.example/", 301, "https://a.example/").is_downgrade


def test_redirects_without_an_end_are_given_up(site):
    site.says("/a", 302, Location="/b")
    site.says("/b", 302, Location="/a")
    for number in range(9):
        site.says(f"/{number}", 302, Location=f"/{number + 1}")
    with pytest.raises(fetching.TooManyRedirects):
        fetch(site.address("/a"))
    with pytest.raises(fetching.TooManyRedirects):
        fetch(site.address("/0"))
    assert site.asked == ["GET /a", "GET /b", *(f"GET /{number}" for number in range(6))]


def endless(handler, piece: bytes) -> None:
    try:
        while True:
            handler.wfile.write(piece)
    except OSError:
        pass  # the other side has had enough


def test_a_body_without_an_end_is_stopped(site):
    def without_length(handler):
        handler.send_response(200)
        handler.end_headers()
        endless(handler, b"x" * 10_000)

    site.paths["/"] = without_length
    with pytest.raises(fetching.TooLarge, match="more than 100,000 bytes"):
        fetch(site.address(), most_bytes=100_000)
    assert fetch(site.address(), most_bytes=None).status == 200


def test_a_small_answer_that_unpacks_to_a_huge_one_is_stopped(site):
    site.says("/", body=gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip")
    site.says("/small", body=gzip.compress(b"words"), Content_Encoding="gzip")
    site.says("/odd", body=b"words", Content_Encoding="br")
    with pytest.raises(fetching.TooLarge):
        fetch(site.address(), most_bytes=1_000_000)
    assert fetch(site.address("/small")).body == b"words"
    with pytest.raises(fetching.NotConnected, match="packing"):
        fetch(site.address("/odd"))


def test_a_length_that_lies_does_no_harm(site):
    site.says("/more", body=b"words and more", Content_Length="5")
    assert fetch(site.address("/more")).body == b"words"
    site.says("/less", body=b"words", Content_Length="500")
    with pytest.raises(fetching.NotConnected, match="breaks off"):
        fetch(site.address("/less"))


def test_a_server_that_says_nothing_is_given_up(site):
    over = threading.Event()
    site.paths["/"] = lambda handler: over.wait(10)
    with pytest.raises(fetching.TimedOut, match="in time"):
        fetch(site.address(), seconds=0.2)
    over.set()


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n\r\n"], ids=["head", "body"])
def test_a_server_that_drips_is_given_up_in_the_end(site, start):
    over = threading.Event()

    def drip(handler):
        handler.wfile.write(start)
        while not over.wait(0.02):
            try:
                handler.wfile.write(b"H")
            except OSError:
                return

    site.paths["/"] = drip
    with pytest.raises(fetching.TimedOut):
        fetch(site.address(), seconds=0.4)
    over.set()


@pytest.mark.parametrize(
    ("problem", "error"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), fetching.NameUnknown),
        (socket.gaierror(socket.EAI_AGAIN, "try again"), fetching.NoNetwork),
    ],
)
def test_a_name_that_nobody_knows_is_told_from_a_missing_network(problem, error):
    def fails(host, port):
        raise problem

    with pytest.raises(error, match=r"nowhere\.example"):
        fetch("http://nowhere.example/", gate=Gate(resolve=fails))


def test_a_server_that_is_not_there_or_speaks_nonsense_is_told(site):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(fetching.NotConnected):
            fetch(f"http://site.example:{unused.getsockname()[1]}/")
    site.paths["/"] = lambda handler: handler.wfile.write(b"What?\r\n\r\n")
    with pytest.raises(fetching.NotConnected):
        fetch(site.address())


def test_a_second_address_is_asked_where_the_first_is_not_there(site):
    site.says("/", body=b"words")
    gate = replace(OPEN, resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"])
    assert fetch(site.address(), gate=gate).body == b"words"
    site.server_close()
    with pytest.raises(fetching.NotConnected):
        fetch(site.address(), gate=gate)


def test_a_proxy_of_the_environment_is_not_used(site, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.says("/", body=b"words")
    assert fetch(site.address()).body == b"words"


def test_nothing_is_asked_that_could_change_something():
    with pytest.raises(ValueError, match="POST"):
        fetch("https://site.example/", method="POST")


@pytest.fixture
def certificate(tmp_path):
    """A certificate for site.example that signs itself."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed on this machine.")
    made = tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=site.example"
    files = ["-addext", "subjectAltName=DNS:site.example", "-keyout", str(tmp_path / "key.pem"), "-out", str(made)]
    subprocess.run([*command.split(), *files], check=True, capture_output=True)
    return made


def test_a_certificate_must_be_of_the_name_that_was_asked_for(site, certificate):
    names = []
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, certificate.with_name("key.pem"))
    server.sni_callback = lambda connection, name, context: names.append(name)
    site.socket = server.wrap_socket(site.socket, server_side=True)
    site.says("/", body=b"words")

    trusting = replace(OPEN, tls=lambda: ssl.create_default_context(cafile=str(certificate)))
    assert fetch(site.address(scheme="https"), gate=trusting).body == b"words"
    assert names == ["site.example"]
    with pytest.raises(fetching.TlsFailed, match=r"other\.example"):
        fetch(site.address(scheme="https", host="other.example"), gate=trusting)
    with pytest.raises(fetching.TlsFailed):
        fetch(site.address(scheme="https"))
