"""The people of the stories, as fixtures: Edith writes, Ravi reviews, Paula publishes, Ada administers."""

import pytest


def a_person(*args, **fields):
    from tests.factories import a_person  # here, because this plugin loads before Django is set up

    return a_person(*args, **fields)


@pytest.fixture
def author(db):
    return a_person("edith", "Author", public_name="Edith Ames")


@pytest.fixture
def reviewer(db):
    return a_person(
        "ravi",
        "Clinical reviewer",
        public_name="Dr Ravi Shah",
        professional_role="consultant oncologist",
        organisation="North Hospital",
        interests="None",
        interests_declared_on="2026-01-05",
    )


@pytest.fixture
def publisher(db):
    return a_person("paula", "Publisher", public_name="Paula Quinn")


@pytest.fixture
def administrator(db):
    return a_person("ada", "Administrator", public_name="Ada Novak")


@pytest.fixture
def team(author, reviewer, publisher):
    """The keyword arguments of `tests.factories.published`."""
    return {"author": author, "reviewer": reviewer, "publisher": publisher}
