"""A loan that nobody has, for samples, tests and the benchmark; every person and number in it is made up."""

from datetime import UTC, date, datetime
from decimal import Decimal

from cheqi.foundation.paper.contents import (
    CreditAuthorisation,
    Installment,
    Lender,
    LoanContract,
    Person,
    RepaymentSchedule,
    Vehicle,
)
from cheqi.foundation.paper.places import Signatory

LENDER = Lender(
    name="车契演示汽车金融有限公司",
    uscc="91330100MA2DEMO0XY",
    address="浙江省杭州市西湖区示范路 1 号",
    phone="400-000-0000",
)
BORROWER = Person(
    role="借款人\n（抵押人）",
    name="王小雨",
    id_number="330106199001010017",
    address="浙江省杭州市西湖区示范小区 3 幢 201 室",
    phone="13800000001",
)
SIGNATORIES = (
    Signatory("BORROWER", "signer1", "借款人（抵押人）", "王小雨", "证件号码 3301**********0017", party_id=3),
    Signatory("LENDER", "lender", "贷款人（抵押权人）", LENDER.name, "统一社会信用代码 91330100MA2DEMO0XY"),
)
DRAWN_AT = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)


def installments(months: int = 36, principal_fen: int = 9_600_000) -> tuple[Installment, ...]:
    """Equal principal at 0.5 % a month on what is left; the last line takes the rest."""
    lines, left = [], principal_fen
    for number in range(1, months + 1):
        part = left if number == months else principal_fen // months
        interest = left * 5 // 1000
        left -= part
        due = date(2027 + (number - 1) // 12, (number - 1) % 12 + 1, 15)
        line = Installment(
            number=number, due_date=due, principal_fen=part, interest_fen=interest, balance_fen=left
        )
        lines.append(line)
    return tuple(lines)


def loan_contract(months: int = 36) -> LoanContract:
    """A contract over 96,000 yuan for a car of 128,000."""
    return LoanContract(
        number="CQ-2026-000123",
        drawn_at=DRAWN_AT,
        place="浙江省杭州市西湖区",
        lender=LENDER,
        persons=(BORROWER,),
        vehicle=Vehicle(
            model="示范牌 SF7001EV 纯电动轿车",
            vin="LSFDEMO13RA000017",
            kind="小型轿车（新车）",
            price_fen=12_800_000,
            engine_number="DEMO0001",
        ),
        dealer="杭州示范汽车销售有限公司",
        down_payment_fen=3_200_000,
        principal_fen=9_600_000,
        nominal_rate=Decimal("0.06"),
        annual_rate=Decimal("0.061678"),
        method="等额本金",
        due_day=15,
        installments=installments(months),
        fees=(),
        penalty_rate=Decimal("0.09"),
        prepayment="借款人可随时申请提前还款，须至少提前三个工作日提出。放款满三个月后提前还款的，不收取违约金；"
        "未满三个月的，按提前归还本金的 1% 收取违约金。",
        account="示范银行　王小雨　尾号 0001",
        court="贷款人住所地有管辖权的人民法院",
        has_gps=True,
        has_guarantor=False,
    )


def repayment_schedule() -> RepaymentSchedule:
    """The schedule of that contract."""
    contract = loan_contract()
    return RepaymentSchedule(
        number=contract.number,
        drawn_at=DRAWN_AT,
        lender=LENDER,
        borrower=BORROWER,
        principal_fen=contract.principal_fen,
        nominal_rate=contract.nominal_rate,
        annual_rate=contract.annual_rate,
        method=contract.method,
        account=contract.account,
        installments=contract.installments,
    )


def credit_authorisation() -> CreditAuthorisation:
    """An authorisation as it is printed after the customer agreed."""
    return CreditAuthorisation(
        number="SQ-2026-000123",
        drawn_at=DRAWN_AT,
        lender=LENDER,
        person=BORROWER,
        purpose="审核本人的汽车贷款申请",
        valid_from=date(2026, 12, 1),
        valid_until=date(2027, 1, 31),
        paragraphs=(
            "本人授权被授权人在审核本人汽车贷款申请时，向金融信用信息基础数据库查询本人的信用报告，用于评估还款能力。",
            "本人授权被授权人在贷款存续期间，为贷后管理的目的查询本人的信用报告，并依法报送本人在该笔贷款中的信用信息。",
            "若贷款申请未获批准或由本人撤回，本授权自该日起失效，被授权人不得再行查询，已取得的信用报告按规定期限保存后删除。",
        ),
        shown_at="2026年12月1日 09:00:12",
        agreed_at="2026年12月1日 09:01:40",
        method="手机短信验证码确认（验证记录 C-20261201-0007）",
        text_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    )
