"""Addresses that lead into this machine or its neighbours: none is ever asked, however it is written."""

import socket

import pytest

from references import fetching
from tests.hostile import corpus

# What names of the corpus lead to, for a resolver that says what its owner wants.
_LEADS_TO = {"nip.io": "127.0.0.1", "rbndr.us": "127.0.0.1", "internal": "169.254.169.254", "localhost": "127.0.0.1"}


@pytest.fixture
def no_connection(monkeypatch):
    """A machine on which any attempt to connect fails the test, with a resolver that knows the names of the corpus."""
    asked = socket.getaddrinfo

    def resolver(host, *args, **kwargs):
        for ending, address in _LEADS_TO.items():
            if str(host).rstrip(".").endswith(ending):
                return asked(address, *args, **kwargs)
        if str(host).endswith((".example", ".org", ".com")):
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return asked(host, *args, **kwargs)

    def connect(self, address):
        raise AssertionError(f"asked {address}")

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    monkeypatch.setattr(socket.socket, "connect", connect)


def test_no_address_of_a_private_network_is_asked_however_it_is_written(no_connection):
    for payload in corpus("addresses", "schemes", "hosts", "paths"):
        with pytest.raises(fetching.NotFetched) as refusal:
            fetching.fetch(payload.text, user_agent="Test/1.0", gate=fetching.STRICT, seconds=5)
        assert str(refusal.value).strip(), payload
