"""A process pack with five mistakes: all five are named, and the old version goes on."""

from importlib.resources import files

import pytest

from cheqi.core.base.actors import SYSTEM
from cheqi.core.base.findings import RefusalKind, Refused
from cheqi.foundation.workflow.models import Case, DefinitionRow
from cheqi.foundation.workflow.operations import publish_definition
from tests.faults.conftest import Way, everything

pytestmark = pytest.mark.django_db
MISTAKES = {
    "version: 6\n": "version: 7\n",
    "run: origination.decide": "run: origination.dicide",
    "when: payee_differs": "when: payee_is_odd",
    "owner: {role: registry_clerk}": "owner: {role: registery_clerk}",
    "completes: DISBURSED": "completes: PAID_OUT",
    "target: 2h": "target: 2 hours",
}


def test_five_mistakes_are_all_named_and_the_old_version_goes_on(way: Way) -> None:
    source = (files("cheqi.rules") / "packs" / "processes" / "application.yaml").read_text(encoding="utf-8")
    for right, wrong in MISTAKES.items():
        assert right in source, right
        source = source.replace(right, wrong, 1)
    before = everything()
    answer = publish_definition(source=source, actor=SYSTEM, now=way.world.now)
    assert isinstance(answer, Refused)
    assert answer.kind is RefusalKind.INVALID
    named = {finding.field.partition("].")[2] or finding.field for finding in answer.findings}
    assert {"completes", "owner.role", "run", "target", "when"} <= named
    assert all(finding.message.zh and finding.message.en for finding in answer.findings)
    assert everything() == before

    way.send()
    pinned = DefinitionRow.objects.get(pk=Case.objects.get(pk=way.case_id).definition_id)
    assert (pinned.process, pinned.version) == ("application", 6)
