"""Opening a paper outside one's own work: for a reason, which goes on record."""

from datetime import datetime

from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text
from cheqi.foundation.originals import seal_of
from cheqi.foundation.paper.models import Paper
from cheqi.foundation.paper.visibility import visible_papers
from cheqi.foundation.privacy.operations import Opened, unmask_original


def open_paper(paper_id: int, *, actor: Actor, reason: str, now: datetime) -> Opened | Refused:
    """From now on the actor opens the paper for half an hour; who, when and why is logged.

    Refused for a paper outside the actor's scope, without a role that may see values in clear, and without
    a reason.
    """
    paper = visible_papers(actor).filter(pk=paper_id).first()
    if paper is None:
        message = Text("没有这份文件", "There is no such paper")
        return refuse(RefusalKind.NOT_FOUND, "paper.missing", message)
    table = Paper._meta.db_table
    opened = Opened(table, "paper", seal_of(table, paper.pk), paper.case_id)
    return unmask_original(opened, actor=actor, reason=reason, now=now)
