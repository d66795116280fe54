"""Registers what the desk shows for each step of the application."""

from cheqi.areas.origination.desk import acts, beside, documents, entry_panel, review, securing, sheet
from cheqi.ui.casework import register, register_facts

PROCESS = "application"

register_facts(PROCESS, sheet.sheet, sheet.reveal)
for step, panel in {
    "submit_at_desk": entry_panel.PANEL,
    "verify_documents": documents.PANEL,
    "collect_materials": entry_panel.COLLECT,
    "change_people": beside.PANEL,
    "authorise_credit": acts.CONSENT,
    "authorise_credit_of_others": acts.CONSENT,
    "sign_contract": acts.SIGN,
    "co_sign": acts.SIGN,
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
