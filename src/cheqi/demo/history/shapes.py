"""How long steps take and how they end: waiting dominates, a few are very slow.

Work takes minutes, waiting takes hours: on real loan logs work is 0.58 % of the elapsed time. Durations are
log-normal around these medians of working minutes; a spread of 0.8 puts one in five at twice the median.
"""

import random
from dataclasses import dataclass

from cheqi.core.process.definition import FactValue

MEDIAN_MINUTES: dict[str, int] = {
    "submit_online": 70, "submit_at_desk": 45, "collect_materials": 600, "authorise_credit": 260,
    "verify_documents": 110, "call_customer": 120, "enquire_credit": 25, "verify_payee": 45,
    "correct_payee": 95, "check_policy": 1, "review": 115, "second_review": 130, "decide": 1,
    "settle_split": 140, "prepare_contract": 1, "sign_contract": 380, "countersign": 1,
    "set_up_mandate": 150, "record_insurance": 160, "record_gps": 170, "prepare_lien": 150,
    "register_lien": 620, "take_title": 130, "disburse": 80, "pay_out": 55,
}  # fmt: skip
SPREAD: dict[str, float] = {"collect_materials": 1.0, "sign_contract": 0.9, "register_lien": 0.45}
USUAL_SPREAD = 0.75
AUTOMATIC = 2
WAN = 1_000_000


@dataclass(frozen=True, slots=True)
class Shape:
    """What is to become of one case: its facts and the turns that it takes."""

    seed: int
    facts: dict[str, FactValue]
    by_customer: bool
    refuses: bool
    splits: bool
    returns: str
    registry_returns: bool
    payee_differs: bool
    gives_up_after: int
    declines: bool


def a_shape(seed: int) -> Shape:
    """One case in eight is refused, one in seven sent back, one in fourteen given up."""
    dice = random.Random(f"shape {seed}")
    used = dice.random() < 0.45
    price = dice.randrange(8, 42) * WAN
    amount = price * dice.choice((50, 55, 60, 65, 70)) // 100 // 100_000 * 100_000
    customer = dice.choice(("EMPLOYEE", "EMPLOYEE", "EMPLOYEE", "SELF_EMPLOYED"))
    by_customer = dice.random() < 0.6
    returns = ""
    if dice.random() < 0.14:
        returns = "review" if dice.random() < 0.45 else "verify_documents"
    fields = dice.choice((0, 1, 2, 3)) if returns != "verify_documents" else 2
    facts: dict[str, FactValue] = {
        "started_by": "CUSTOMER" if by_customer else "STAFF",
        "customer_type": customer,
        "car_type": "USED" if used else "NEW",
        "amount_fen": amount,
        "four_eyes_above_fen": 20 * WAN,
        "phone_check_above_fen": 15 * WAN,
        "gps_required": used,
        "fields_for_clerk": fields,
        "disagreements": 0,
    }
    return Shape(
        seed=seed,
        facts=facts,
        by_customer=by_customer,
        refuses=dice.random() < 0.12,
        splits=dice.random() < 0.08,
        returns=returns,
        registry_returns=dice.random() < 0.06,
        payee_differs=dice.random() < 0.04,
        gives_up_after=dice.randrange(3, 12) if dice.random() < 0.07 else 0,
        declines=dice.random() < 0.04,
    )


def minutes_for(step: str, dice: random.Random) -> int:
    """Working minutes that the step takes this time."""
    median = MEDIAN_MINUTES[step]
    if median <= AUTOMATIC:
        return 0
    spread = SPREAD.get(step, USUAL_SPREAD)
    return max(3, min(median * 12, round(median * dice.lognormvariate(0.0, spread))))
