"""Why an answer could not be had. Each message is a sentence for an editor."""


class NotFetched(Exception):
    """Another server could not be asked, or its answer could not be had."""


class BadAddress(NotFetched):
    """It is no web address that this server would ask at all."""


class AddressRefused(NotFetched):
    """The name leads into a network that is not public."""


class NoNetwork(NotFetched):
    """This machine reaches nobody, or nobody who knows names."""


class NameUnknown(NotFetched):
    """No server has this name."""


class NotConnected(NotFetched):
    """The server is not there, breaks off, or does not speak HTTP."""


class TimedOut(NotFetched):
    """The server did not answer in time."""


class TlsFailed(NotFetched):
    """The server cannot show that it is the one asked for."""


class TooManyRedirects(NotFetched):
    """It leads on and on."""


class TooLarge(NotFetched):
    """The answer has more bytes than wanted."""
