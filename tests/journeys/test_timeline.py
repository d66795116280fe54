"""The timeline of a whole loan reads as sentences: no code in Chinese, no Chinese title in English."""

import re

from cheqi.areas.origination.operations.securing import order_payout
from cheqi.core.base.actors import SYSTEM
from cheqi.foundation.eventlog.queries import timeline
from cheqi.foundation.workflow.definitions import definition_of_case
from cheqi.foundation.workflow.models import Case
from cheqi.web.telling import told
from tests.journeys.acts import authorised, decided, done, handed_in, secured, sent, signed
from tests.journeys.conftest import World

KNOWN = re.compile(r"\b(CQ|HT)-\d{4}-\d{6}\b|\b(JPEG|PNG|PDF|GPS|VIN|P-1|A-01-03)\b")
CODE = re.compile(r"[A-Z]{3,}|[A-Za-z]+_[A-Za-z_]+|[a-z]{4,}")
CHINESE = re.compile(r"[\u3000-\u9fff]+")


def paid_out(world: World) -> int:
    """A loan that was paid out in the usual way."""
    case_id = sent(world)
    party_id = Case.objects.get(pk=case_id).party_id or 0
    handed_in(world, case_id)
    authorised(world, case_id, party_id)
    world.pass_time()
    decided(world, case_id, "review", "approve", comment="同意")
    signed(world, case_id, party_id)
    world.pass_time()
    secured(world, case_id, world.staff("limin"))
    payer = world.staff("sunhao", stepped_up=True)
    done(order_payout(case_id=case_id, actor=payer, now=world.now, key="pay-1"))
    world.pass_time()
    world.settle()
    return case_id


def test_no_line_of_a_paid_out_loan_shows_a_code_or_a_title_in_the_other_language(world: World) -> None:
    case_id = paid_out(world)
    names = {member.name for member in world.lender.members.values()}
    wrong = []
    definition = definition_of_case(case_id)
    entries = timeline(case_id, SYSTEM)
    for entry in entries:
        if entry.type == "process.facts_given":
            continue
        zh, en = (told(entry, definition, language) for language in ("zh-hans", "en"))
        if CODE.search(KNOWN.sub("", zh)) or "—" in zh + en:
            wrong.append(zh)
        chinese = set(CHINESE.findall(en)) - names - {"同意"}
        if chinese or re.search(r"[A-Z]{3,}_|\b[A-Z]{5,}\b", KNOWN.sub("", en)):
            wrong.append(en)
    assert wrong == []
    assert len(entries) > 60


def test_a_customer_reads_titles_in_the_language_of_the_page(world: World) -> None:
    case_id = sent(world)
    party_id = Case.objects.get(pk=case_id).party_id or 0
    entries = timeline(case_id, world.customer(party_id))
    said = [told(entry, definition_of_case(case_id), "en") for entry in entries]
    assert "“Enter the application” is done" in said
    assert not CHINESE.search("".join(said))
