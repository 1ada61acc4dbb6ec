"""What is written can be read again: no field is lost, and no value breaks out of its place."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from references.formats import FORMATS, read, write
from tests.references.sources import sources

WRITTEN = sorted(name for name, format in FORMATS.items() if format.write)


@pytest.mark.parametrize("format", WRITTEN)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_sources_are_read_as_they_were_written(format, data):
    given = data.draw(st.lists(sources(), min_size=1, max_size=3, unique_by=lambda one: one.key))
    text = write(given, format)
    found = read(text.encode())
    assert found.format == format
    assert [record.source for record in found.records] == given
    assert [record.position for record in found.records] == list(range(1, len(given) + 1))
    assert not found.problems and not any(record.notes for record in found.records)
    assert read(text) == found
