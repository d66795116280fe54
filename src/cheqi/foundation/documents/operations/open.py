"""Opening the pictures of a document outside one's own work: for a reason, which goes on record."""

from datetime import datetime

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.documents.models import Document
from cheqi.foundation.originals import seal_of
from cheqi.foundation.privacy.operations import Opened, unmask_original
from cheqi.foundation.staff.scopes import visible


def open_pictures(document_id: int, *, actor: Actor, reason: str, now: datetime) -> Opened | Refused:
    """From now on the actor opens the document's pictures for half an hour; who, when and why is logged.

    Refused for a document outside the actor's scope, without a role that may see values in clear, and
    without a reason.
    """
    document = visible(Document.objects.filter(pk=document_id), actor, case="case_id").first()
    if document is None:
        message = Text("没有这份资料", "There is no such document")
        return refuse(RefusalKind.NOT_FOUND, "documents.missing", message)
    table = Document._meta.db_table
    opened = Opened(table, "picture", seal_of(table, document.pk), document.case_id, document.party_id)
    return unmask_original(opened, actor=actor, reason=reason, now=now)
