"""Real recogniser output of layouts that are easily misread: nothing wrong may be accepted, all is found."""

import pytest

from cheqi.core.documents.kinds import Kind
from cheqi.core.documents.layout import spans_of
from cheqi.core.documents.reading import Reading, Verdict, documents_in, of_kinds, read
from cheqi.core.documents.tests.recorded import NAMES, recorded


def readings(name: str) -> dict[Kind, Reading]:
    page, _ = recorded(name)
    found = [read(document.pages) for document in documents_in([page])]
    return {reading.kind: reading for reading in found}


@pytest.mark.parametrize("name", NAMES)
def test_every_document_on_a_recorded_page_is_found_with_all_its_values(name: str) -> None:
    _, truth = recorded(name)
    found = readings(name)
    assert set(found) == {Kind(kind) for kind in truth}
    for kind, wanted in truth.items():
        reading = found[Kind(kind)]
        values = {key: reading.value(key).replace("元整", "圆整") for key in wanted}
        assert values == {key: value.replace("(", "（").replace(")", "）") for key, value in wanted.items()}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_accepted_that_the_document_does_not_say(name: str) -> None:
    _, truth = recorded(name)
    for kind, reading in readings(name).items():
        accepted = {field.key: field.value for field in reading.fields if field.verdict is Verdict.ACCEPTED}
        assert accepted.items() <= truth[kind].items()


def test_of_a_photograph_with_two_documents_the_wanted_one_is_read() -> None:
    page, truth = recorded("two_documents")
    for kind, wanted in truth.items():
        reading = read(of_kinds([page], {Kind(kind)}))
        assert (reading.kind, reading.value("address")) == (kind, wanted["address"])
    assert of_kinds([page], {Kind.BANK_CARD}) == (page,)


def test_parts_of_a_page_keep_their_places_on_the_photograph() -> None:
    page, _ = recorded("two_documents")
    documents = documents_in([page])
    assert [document.numbers for document in documents] == [(0,), (0,)]
    kept = [box for document in documents for part in document.pages for box in part.boxes]
    assert set(kept) <= set(page.boxes)
    assert len(kept) == len(spans_of(page))
    assert {(part.width, part.height) for document in documents for part in document.pages} == {
        (page.width, page.height)
    }
