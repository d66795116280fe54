"""The evidence bundle of a case: everything that a customer needs to prove what was logged, in one zip."""

import base64
import io
import zipfile
from dataclasses import replace
from datetime import datetime
from importlib.resources import files

from django.db import transaction

from cheqi.core.base.actors import Actor, ActorKind
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.core.events.base import REGISTRY
from cheqi.core.events.evidence import BundleMade
from cheqi.core.evidence.bundle import CASE, EVIDENCE, NOTE, PUBLIC_KEY, Item, case_note, evidence_json
from cheqi.foundation.eventlog.keyring import log_name, signing_key
from cheqi.foundation.eventlog.logged import record_of
from cheqi.foundation.eventlog.models import Checkpoint, EventRow
from cheqi.foundation.eventlog.operations.recording import record
from cheqi.foundation.eventlog.queries import inclusion_proofs, latest_checkpoint
from cheqi.foundation.eventlog.reading import opened
from cheqi.foundation.eventlog.visibility import sees_case
from cheqi.foundation.staff.requires import step_up
from cheqi.foundation.staff.roles import Permission, may

_README = """# 证据包 · Evidence bundle

案件 {case}，{count} 条事件，检查点 {size} 条。
Case {case}, {count} events, checkpoint of {size} leaves. Log: {log}

## 如何验证

    python3 verify_bundle.py . --key 公布的日志公钥

脚本只用 Python 与 cryptography（或系统的 openssl），不连接任何服务。它逐条核对：内容与承诺一致、
承诺在已签名的树中、前后事件相连、末尾没有缺少。缺少的个人信息属于他人、
已依法删除或领取人无权查看；机构内部事件只有承诺，没有内容；
其余证明仍然成立。尚未封存的最新事件不在包内。

## How to verify

    python3 verify_bundle.py . --key THE-PUBLISHED-LOG-KEY

The script needs Python and `cryptography` (or a system `openssl`) and connects to nothing. It checks each
event: that its content makes its commitment, that the commitment is in the signed tree, and that it follows
the event before it; and that none is missing at the end. Personal parts that are absent are somebody else's,
were erased or are not for who took the bundle; events internal to the lender show their commitment only;
every proof holds without them. The newest events that are not sealed yet are not in this bundle.
"""


def evidence_bundle(case_id: int, *, actor: Actor, now: datetime) -> bytes | Refused:
    """The zip of a case's sealed events, and an event that says who took it.

    Colleagues get every record, those who may export with its personal parts; a customer the records meant
    for customers with the own personal parts, and of all others the commitment.
    Refused as not found for a case that the actor may not see or that has nothing sealed, and without a
    fresh second factor of a colleague.
    """
    rows = list(EventRow.objects.filter(case_id=case_id, sequence__isnull=False).order_by("position"))
    checkpoint = latest_checkpoint()
    if not rows or checkpoint is None or not sees_case(case_id, actor):
        message = Text("没有找到这个案件的证据", "There is no evidence of such a case")
        return refuse(RefusalKind.NOT_FOUND, "evidence.bundle.case", message)
    if actor.is_staff and (refused := step_up(actor, now)) is not None:
        return refused
    made = _zip(case_id, _items(rows, checkpoint.tree_size, actor), checkpoint)
    with transaction.atomic():
        record(BundleMade(events=len(rows)), actor=actor, now=now, case_id=case_id)
    return made


def public_key() -> str:
    """The log's public key as bundles, witnesses and the lender's published page have it."""
    return base64.b64encode(signing_key().public_key().public_bytes_raw()).decode()


def _items(rows: list[EventRow], size: int, actor: Actor) -> list[Item]:
    inside, sees_all = actor.is_staff or actor.kind is ActorKind.SYSTEM, may(actor, Permission.EXPORT)
    parts, proofs = opened(rows), inclusion_proofs([row.sequence or 0 for row in rows], size)
    items = []
    for row, proof in zip(rows, proofs, strict=True):
        shown, hashes = parts.get(row.pk), tuple(each.hex() for each in proof.hashes)
        item = Item(bytes(row.commitment).hex(), proof.sequence, hashes)
        if inside or REGISTRY[row.type].for_customer:
            item = replace(item, record=record_of(row), salt=bytes(row.salt).hex())
            if shown and (sees_all or row.party_id == actor.scope.party_id):
                item = replace(item, personal=shown.values, personal_salt=shown.salt.hex())
        items.append(item)
    return items


def _zip(case_id: int, items: list[Item], checkpoint: Checkpoint) -> bytes:
    readme = _README.format(case=case_id, count=len(items), size=checkpoint.tree_size, log=log_name())
    script = files("cheqi.core.evidence").joinpath("standalone", "verify_bundle.py").read_bytes()
    content = {
        "README.md": readme.encode(),
        EVIDENCE: evidence_json(case_id, checkpoint.tree_size, items),
        NOTE: checkpoint.note.encode(),
        CASE: case_note(log_name(), case_id, items, signing_key()).encode(),
        PUBLIC_KEY: public_key().encode(),
        "verify_bundle.py": script,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in content.items():
            made.writestr(name, data)
    return buffer.getvalue()
