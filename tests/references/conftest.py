import pytest

from tests.references.servers import a_site


@pytest.fixture
def site():
    with a_site() as one:
        yield one
