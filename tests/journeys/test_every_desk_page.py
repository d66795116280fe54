"""Every page of the desk, from a case's first document to its end: few statements, whoever asks."""

from collections.abc import Iterable, Iterator
from string import Formatter

import pytest
from django.urls import get_resolver, resolve
from django.utils import timezone, translation

from cheqi.foundation.documents.models import Document, FieldValue
from cheqi.foundation.workflow.models import Case
from cheqi.foundation.workflow.operations import withdraw
from cheqi.web.desk.every_page import LISTS, PAGES, ROOT, WHOLE_LISTS, examples, searched
from tests.journeys.acts import authorised, decided, done, handed_in, sent
from tests.journeys.conftest import World
from tests.journeys.test_desk_pages import MOST_STATEMENTS, at_the_desk, statements_of

PEOPLE = ("chenjing", "zhaolei", "zhouning", "wutong")
SEEN = {200, 302, 403, 404, 409}
ONLY_POSTED = {
    "desk:keep_view", "desk:acknowledge", "desk:handle_failures", "desk:decide_change", "desk:end_absence",
    "desk:unmask", "desk:customer_unmask", "desk:claim", "desk:log_out", "desk:end_program",
    "application_desk:upload",
}  # fmt: skip
ONLY_WHILE_BUILDING = {
    "desk:styleguide", "desk:styleguide_live", "desk:styleguide_upload", "desk:styleguide_act",
    "desk:styleguide_portal",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_chinese_at_the_worlds_moment(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The edge's clock is the test's, and so is the language."""
    monkeypatch.setattr(timezone, "now", lambda: world.now)
    with translation.override("zh-hans"):
        yield


def registered() -> set[str]:
    """The names of every address below the desk."""
    found = set()
    for space in ("desk", "application_desk"):
        _, resolver = get_resolver().namespace_dict[space]
        found |= {f"{space}:{name}" for name in resolver.reverse_dict if isinstance(name, str)}
    return found


def placeholders(page: str) -> set[str]:
    """The examples that an address needs."""
    return {name for _, name, _, _ in Formatter().parse(page) if name}


def a_field_was_read(case_id: int) -> None:
    """A value with its place on the first photograph of the case."""
    FieldValue.objects.create(
        document=Document.objects.filter(case_id=case_id).order_by("pk")[0],
        name="name",
        value="汪鑫",
        polygon=[[10, 10], [200, 10], [200, 60], [10, 60]],
        verdict="ACCEPTED",
        model_version="test",
    )


def looked_at(world: World, pages: Iterable[str]) -> set[str]:
    """Everybody asks for these pages; gives those that somebody was shown, or led on by."""
    known, shown = examples(world.now.date()), set()
    for login in PEOPLE:
        client = at_the_desk(world, login, stepped_up=True)
        searched(client.session, known, world.now)
        for page in pages:
            if not placeholders(page) <= known.keys():
                continue
            status, statements = statements_of(client, ROOT + page.format(**known))
            assert status in SEEN, (login, page, status)
            told = "\n".join((login, page, *(one[:200] for one in statements)))
            assert len(statements) <= MOST_STATEMENTS, told
            if status in {200, 302}:
                shown.add(page)
    return shown


def test_every_address_of_the_desk_is_looked_at_or_only_posted_to() -> None:
    named = {name: "1" for page in PAGES for name in placeholders(page)}
    looked = {resolve((ROOT + page.format(**named)).partition("?")[0]).view_name for page in PAGES}
    looked |= {resolve((ROOT + page).partition("?")[0]).view_name for page in WHOLE_LISTS} | {"desk:home"}
    assert registered() == looked | ONLY_POSTED | ONLY_WHILE_BUILDING
    assert looked & ONLY_POSTED == set()


@pytest.mark.slow
def test_every_page_takes_few_statements_all_along_a_case(world: World) -> None:
    case_id = sent(world)
    party_id = Case.objects.get(pk=case_id).party_id or 0
    branch = world.lender.branches["HZ"].pk
    begun = {"mobile": "13800007777", "branch": branch, "key": "k1"}
    assert at_the_desk(world, "chenjing").post("/desk/applications/new/", begun).status_code == 302
    handed_in(world, case_id)
    a_field_was_read(case_id)
    of_cases = [page for page in PAGES if page not in LISTS]
    shown = looked_at(world, of_cases)
    authorised(world, case_id, party_id)
    world.pass_time()
    world.settle()
    shown |= looked_at(world, PAGES)
    decided(world, case_id, "review", "approve")
    shown |= looked_at(world, of_cases)
    customer = world.customer(party_id)
    done(withdraw(case_id=case_id, reason="改为全款购车", actor=customer, now=world.now, key="w"))
    world.settle()
    shown |= looked_at(world, of_cases)
    assert set(PAGES) - shown == set()


@pytest.mark.parametrize("page", WHOLE_LISTS)
def test_a_whole_list_as_a_file_takes_few_statements_for_its_first_lines(world: World, page: str) -> None:
    sent(world)
    client = at_the_desk(world, "zhouning", stepped_up=True)
    status, statements = statements_of(client, ROOT + page)
    assert status == 200
    assert len(statements) <= MOST_STATEMENTS, statements
