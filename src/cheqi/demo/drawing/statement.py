"""A bank statement: who, which account, which period, and a table of transactions."""

import random
from datetime import timedelta

from cheqi.demo.drawing.canvas import Canvas
from cheqi.demo.drawing.facts import Facts

_BANKS = ("中国工商银行", "中国建设银行", "中国农业银行", "招商银行", "交通银行", "中国邮政储蓄银行")
_PURPOSES = ("工资", "转账", "消费", "利息", "还款", "取现", "微信支付", "水电费")


def statement(facts: Facts, dice: random.Random) -> tuple[Canvas, dict[str, str]]:
    """One page with up to fourteen transactions."""
    canvas = Canvas((1240, 1180), (252, 252, 252), dice)
    bank = dice.choice(_BANKS)
    size = dice.randint(23, 26)
    canvas.text((330, 60), f"{bank}{dice.choice(('账户交易明细', '个人账户交易明细', '流水对账单'))}", 38)
    end = facts.today - timedelta(days=dice.randint(1, 40))
    start = end - timedelta(days=dice.choice((90, 180, 365)))
    card = facts.person.bank_card
    shown = " ".join(card[at : at + 4] for at in range(0, len(card), 4)) if dice.random() < 0.5 else card
    branch = f"{bank}{facts.place.removesuffix('市')}分行"
    colon = dice.choice(("：", ":"))
    canvas.text((60, 140), f"户名{colon}{facts.person.name}", size)
    canvas.text((560, 140), f"{dice.choice(('账号', '卡号'))}{colon}{shown}", size)
    canvas.text((60, 190), f"开户行{colon}{branch}", size)
    canvas.text((560, 190), f"币种{colon}人民币", size)
    between = dice.choice(("至", " 至 ", " - "))
    canvas.text((60, 240), f"起止日期{colon}{start.isoformat()}{between}{end.isoformat()}", size)
    columns = (
        (60, "交易日期"),
        (260, "摘要"),
        (420, "收入"),
        (620, "支出"),
        (820, "余额"),
        (1010, "对方户名"),
    )
    for x, title in columns:
        canvas.text((x, 310), title, size - 2)
    canvas.rule((50, 335), (1190, 335))
    balance = income = expense = 0
    y = 365
    for _ in range(dice.randint(8, 14)):
        amount = dice.randint(1_000, 2_000_000)
        is_income = dice.random() < 0.5 or balance < amount
        balance += amount if is_income else -amount
        income, expense = (income + amount, expense) if is_income else (income, expense + amount)
        day = start + timedelta(days=dice.randint(0, 80))
        canvas.text((60, y), day.isoformat(), size - 3)
        canvas.text((260, y), dice.choice(_PURPOSES), size - 3)
        canvas.text((420 if is_income else 620, y), _yuan(amount), size - 3)
        canvas.text((820, y), _yuan(balance), size - 3)
        y += 48
    canvas.rule((50, y - 20), (1190, y - 20))
    canvas.text((60, y + 20), f"收入合计{colon}{_yuan(income)}", size)
    canvas.text((560, y + 20), f"支出合计{colon}{_yuan(expense)}", size)
    canvas.text((60, y + 70), f"期末余额{colon}{_yuan(balance)}", size)
    canvas.round_stamp((1050, y + 60), "业务专用章", 75)
    plain = {"income": income, "expense": expense, "closing_balance": balance}
    return canvas, {
        "account_name": facts.person.name,
        "card_number": card,
        "bank": branch,
        "currency": "人民币",
        "valid_from": start.isoformat(),
        "valid_until": end.isoformat(),
        **{key: f"{fen // 100}.{fen % 100:02}" for key, fen in plain.items()},
    }


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02}"
