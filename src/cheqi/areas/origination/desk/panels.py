"""Registers what the desk shows for each step of the application."""

from cheqi.areas.origination.desk import documents, entry_panel, review, securing, sheet
from cheqi.core.base.text import Text
from cheqi.ui.casework import register, register_facts, register_outcomes

PROCESS = "application"

OUTCOMES = {
    "done": Text("完成", "done"),
    "submit": Text("已提交", "sent"),
    "complete": Text("已收齐", "complete"),
    "authorise": Text("已授权", "authorised"),
    "decline": Text("不同意", "declined"),
    "confirm": Text("通过", "passed"),
    "confirmed": Text("已核实", "confirmed"),
    "return": Text("退回补充", "sent back"),
    "corrected": Text("已更正", "corrected"),
    "approve": Text("同意", "approve"),
    "refuse": Text("拒绝", "refuse"),
    "approved": Text("同意", "approved"),
    "refused": Text("拒绝", "refused"),
    "split": Text("意见不同", "split"),
    "sign": Text("已签字", "signed"),
    "recorded": Text("已登记", "recorded"),
    "ready": Text("已备好", "ready"),
    "registered": Text("已登记", "registered"),
    "returned": Text("被退回", "returned"),
    "stored": Text("已入库", "stored"),
    "pay": Text("同意放款", "approved to pay"),
    "paid": Text("已付款", "paid"),
}

register_outcomes(PROCESS, OUTCOMES)
register_facts(PROCESS, sheet.sheet, sheet.reveal)
for step, panel in {
    "submit_at_desk": entry_panel.PANEL,
    "verify_documents": documents.PANEL,
    "collect_materials": entry_panel.COLLECT,
    "call_customer": review.CALL,
    "review": review.REVIEW,
    "second_review": review.REVIEW,
    "settle_split": review.REVIEW,
    "record_insurance": securing.INSURANCE,
    "record_gps": securing.GPS,
    "prepare_lien": securing.LIEN,
    "take_title": securing.TITLE,
    "correct_payee": securing.PAYEE,
    "disburse": securing.PAYOUT,
    "enquire_credit": securing.waiting("credit"),
    "verify_payee": securing.waiting("payee"),
    "set_up_mandate": securing.waiting("mandate"),
    "register_lien": securing.waiting("lien"),
    "pay_out": securing.waiting("payout"),
}.items():
    register(PROCESS, step, panel)
