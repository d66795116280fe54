"""Why something cannot be done with a paper: what happened, and what to do next.

>>> refused(RefusalKind.NOT_FOUND, "paper.not_found").findings[0].rule
'paper.not_found'
"""

from cheqi.core.base.findings import RefusalKind, Refused, refuse
from cheqi.core.base.text import Text

_SENTENCES = {
    "paper.not_found": Text(
        "没有找到这份文件。请返回列表刷新后再试。",
        "This paper was not found. Please go back to the list and reload it.",
    ),
    "paper.key_reused": Text(
        "这次请求的编号已用于另一份文件。请刷新页面后重试。",
        "This request's key was used for another paper. Please reload the page and try again.",
    ),
    "paper.number_taken": Text(
        "这个编号的文件已经存在。请先作废原文件，再重新生成。",
        "A paper of this number exists. Please void it first, then draw it up again.",
    ),
    "paper.not_shown": Text(
        "合同还没有展示给客户，不能签署。请先打开合同请客户阅读。",
        "The paper was not shown to the customer yet. Please open it for the customer to read first.",
    ),
    "paper.shown_another": Text(
        "合同在您阅读之后有了新版本。请重新打开阅读，再确认签署。",
        "The paper has changed since you read it. Please open it again, read it, and confirm once more.",
    ),
    "paper.not_a_signatory": Text(
        "您不是这份文件的签署人。如有疑问请联系客户经理。",
        "You do not sign this paper. Please contact your client manager if you think you should.",
    ),
    "paper.customer_first": Text(
        "客户还没有全部签署。请等客户签署完成后再盖章。",
        "Not all customers have signed. Please wait for them before signing for the lender.",
    ),
    "paper.is_void": Text(
        "这份文件已作废。请打开最新的一份。", "This paper is void. Please open the newest one."
    ),
    "paper.nothing_to_sign": Text(
        "这份文件不需要签署。请直接下载查看。", "This paper needs no signature. Please just download it."
    ),
    "paper.staff_only": Text(
        "只有工作人员可以这样做。请联系您的客户经理。",
        "Only staff can do this. Please contact your client manager.",
    ),
    "paper.reason_missing": Text("请写明作废原因。", "Please say why the paper becomes void."),
    "paper.signing_unavailable": Text(
        "电子签名服务暂时不可用，文件没有签署。请稍后再试，无需重新填写。",
        "The signing service is not available and nothing was signed. Please try again "
        "later; nothing is lost.",
    ),
    "paper.storage_unavailable": Text(
        "暂时无法保存文件，操作没有完成。请稍后再试。",
        "The file could not be kept and nothing was done. Please try again later.",
    ),
}


def refused(kind: RefusalKind, rule: str, **data: object) -> Refused:
    """The refusal for one of the rules above."""
    return refuse(kind, rule, _SENTENCES[rule], **data)
