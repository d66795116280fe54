"""Between contract and payout: one form a step, and the wait for banks and registry with what can be done."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cheqi.areas.origination.operations import securing
from cheqi.foundation.exchanges.queries import ExchangeView, of_case
from cheqi.foundation.originals import is_reachable
from cheqi.foundation.paper.queries import papers_of
from cheqi.records.applications.choices import PayeeState
from cheqi.records.applications.queries import by_case
from cheqi.records.liens.queries import policies_of_case
from cheqi.ui.casework import Deed, Panel, Work
from cheqi.ui.forms import MoneyField, yuan

A_YEAR = timedelta(days=365)
DAY = {"type": "date"}


class InsuranceForm(forms.Form):
    """A policy as it lies before the clerk."""

    insurer = forms.CharField(label=_("保险公司"), max_length=60)
    policy_number = forms.CharField(label=_("保单号"), max_length=40)
    beneficiary = forms.CharField(label=_("第一受益人"), max_length=60)
    sum_fen = MoneyField(label=_("车损险保额"), at_least_fen=yuan(1))
    from_date = forms.DateField(label=_("起保日期"), widget=forms.DateInput(attrs=DAY))
    until_date = forms.DateField(label=_("到期日期"), widget=forms.DateInput(attrs=DAY))


class GpsForm(forms.Form):
    """A GPS contract."""

    provider = forms.CharField(label=_("服务商"), max_length=60)
    contract_number = forms.CharField(label=_("合同号"), max_length=40)
    device_number = forms.CharField(label=_("设备号"), max_length=40)
    from_date = forms.DateField(label=_("起始日期"), widget=forms.DateInput(attrs=DAY))
    until_date = forms.DateField(label=_("到期日期"), required=False, widget=forms.DateInput(attrs=DAY))


class LienForm(forms.Form):
    """What the registry wants to know."""

    plate = forms.CharField(label=_("号牌号码"), max_length=10)
    vin = forms.CharField(
        label=_("车辆识别代号 (VIN)"), max_length=17, widget=forms.TextInput(attrs={"class": "upper"})
    )
    engine_number = forms.CharField(label=_("发动机号"), max_length=30, required=False)
    certificate_number = forms.CharField(
        label=_("登记证书编号"), max_length=30, help_text=_("机动车登记证书首页右上角")
    )


class TitleForm(forms.Form):
    """Where the certificate lies."""

    shelf = forms.CharField(label=_("库位"), max_length=20, help_text=_("例如 A-01-03"))


class PayeeForm(forms.Form):
    """The dealer's account, corrected with the dealer."""

    account_name = forms.CharField(label=_("户名"), max_length=80)
    account = forms.CharField(
        label=_("账号"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    bank_name = forms.CharField(label=_("开户行"), max_length=60)


def insurance_form(work: Work) -> forms.Form:
    """The form with what is expected."""
    today = timezone.localtime(work.now).date()
    first = {
        "beneficiary": settings.LENDER_NAME,
        "from_date": f"{today:%Y-%m-%d}",
        "until_date": f"{today + A_YEAR:%Y-%m-%d}",
    }
    return InsuranceForm(initial=first)


def gps_form(work: Work) -> forms.Form:
    """The form from today on."""
    return GpsForm(initial={"from_date": f"{timezone.localtime(work.now).date():%Y-%m-%d}"})


def lien_form(work: Work) -> forms.Form:
    """The form with what is known of the car."""
    application = by_case(work.record.id, work.actor)
    if application is None:
        return LienForm()
    car = application.vehicle
    known = {"plate": car.plate, "vin": car.vin, "engine_number": car.engine_number}
    known["certificate_number"] = str(work.record.data_of("prepare_lien").get("certificate_number", ""))
    return LienForm(initial=known)


def payee_form(work: Work) -> forms.Form:
    """The form with the names that are known; the number is typed anew."""
    application = by_case(work.record.id, work.actor)
    dealer = application.dealer if application else None
    known = {"account_name": dealer.account_name, "bank_name": dealer.bank_name} if dealer else {}
    return PayeeForm(initial=known)


def record_insurance(work: Work, given: Mapping[str, Any], key: str) -> object:
    """Keeps the policy."""
    policy = securing.Policy(**given)
    return securing.record_insurance(
        case_id=work.record.id, policy=policy, actor=work.actor, now=work.now, key=key
    )


def record_gps(work: Work, given: Mapping[str, Any], key: str) -> object:
    """Keeps the GPS contract."""
    contract = securing.Gps(**given)
    return securing.record_gps(
        case_id=work.record.id, contract=contract, actor=work.actor, now=work.now, key=key
    )


def prepare_lien(work: Work, given: Mapping[str, Any], key: str) -> object:
    """Completes the car's data for the registry."""
    car = {name: given[name] for name in ("plate", "vin", "engine_number")}
    return securing.prepare_lien(
        case_id=work.record.id,
        car=car,
        certificate_number=given["certificate_number"],
        actor=work.actor,
        now=work.now,
        key=key,
    )


def take_title(work: Work, given: Mapping[str, Any], key: str) -> object:
    """Keeps the shelf."""
    return securing.take_title(
        case_id=work.record.id, shelf=given["shelf"], actor=work.actor, now=work.now, key=key
    )


def correct_payee(work: Work, given: Mapping[str, Any], key: str) -> object:
    """Corrects the account; the bank checks it anew."""
    return securing.correct_payee(
        case_id=work.record.id, account=given, actor=work.actor, now=work.now, key=key
    )


def order_payout(work: Work, given: Mapping[str, Any], key: str) -> object:
    """The last human yes before the money moves."""
    return securing.order_payout(case_id=work.record.id, actor=work.actor, now=work.now, key=key)


def recheck_payee(work: Work, given: Mapping[str, Any], key: str) -> object:
    """Has the bank confirm the account as it stands now."""
    return securing.recheck_payee(case_id=work.record.id, actor=work.actor, now=work.now, key=key)


def is_payee_unconfirmed(work: Work) -> bool:
    """Whether the dealer's account was changed since the bank confirmed it."""
    application = by_case(work.record.id, work.actor)
    dealer = application.dealer if application else None
    return dealer is not None and dealer.payee_state != PayeeState.MATCH


def form_context(title: Any, hint: Any) -> Callable[[Work], Mapping[str, Any]]:
    """The context of a step that is one form."""
    return lambda work: {"title": title, "hint": hint}


def payout_context(work: Work) -> Mapping[str, Any]:
    """What the money rests on: the contract as signed, the mandate, the insurance, the payee."""
    today = timezone.localtime(work.now).date()
    policies = policies_of_case(work.record.id, work.actor, covering=today)
    return {
        "application": by_case(work.record.id, work.actor),
        "papers": papers_of(work.record.id, work.actor),
        "may_open": is_reachable(work.record, work.actor, work.now),
        "policy": policies.order_by("-until_date", "-pk").first(),
    }


def waiting(what: str) -> Panel:
    """The page of a step that waits for somebody outside: the request, its tries, what can be done."""
    return Panel(
        template="origination/desk/waiting.html",
        context=lambda work: {"exchanges": _about(what, work)},
    )


def _about(what: str, work: Work) -> tuple[ExchangeView, ...]:
    found = of_case(work.record.id, work.actor)
    return tuple(one for one in found if f":{what}:" in one.key)


def one_form(deed: Deed, title: Any, hint: Any) -> Panel:
    """A step whose work is one form in the page."""
    return Panel(template="origination/desk/form.html", context=form_context(title, hint), deeds=(deed,))


INSURANCE = one_form(
    Deed(
        key="insurance",
        label=_("登记保险"),
        outcome="recorded",
        form=InsuranceForm,
        form_for=insurance_form,
        run=record_insurance,
        is_in_page=True,
        is_primary=True,
        settles=frozenset({"insurance.missing"}),
        said=_("保险已登记"),
    ),
    _("保险单"),
    _("第一受益人须为我方；不是的，请先向保险公司批改。"),
)
GPS = one_form(
    Deed(
        key="gps",
        label=_("登记 GPS"),
        outcome="recorded",
        form=GpsForm,
        form_for=gps_form,
        run=record_gps,
        is_in_page=True,
        is_primary=True,
        said=_("GPS 合同已登记"),
    ),
    _("GPS 服务合同"),
    _("设备安装好、能定位之后再登记。"),
)
LIEN = one_form(
    Deed(
        key="lien",
        label=_("提交车管所"),
        outcome="ready",
        form=LienForm,
        form_for=lien_form,
        run=prepare_lien,
        is_in_page=True,
        is_primary=True,
        settles=frozenset({"lien.plate", "lien.vin"}),
        said=_("抵押材料已备好，正在提交车管所"),
    ),
    _("抵押登记材料"),
    _("新车上牌后补录号牌。提交前请与登记证书逐字核对。"),
)
TITLE = one_form(
    Deed(
        key="title",
        label=_("入库"),
        outcome="stored",
        form=TitleForm,
        run=take_title,
        is_in_page=True,
        is_primary=True,
        said=_("登记证书已入库"),
    ),
    _("登记证书入库"),
    _("核对证书编号与车辆后放入库位，再登记。"),
)
PAYEE = one_form(
    Deed(
        key="payee",
        label=_("保存并重新核验"),
        outcome="corrected",
        form=PayeeForm,
        form_for=payee_form,
        run=correct_payee,
        is_in_page=True,
        is_primary=True,
        said=_("收款账户已更正，银行正在重新核验"),
    ),
    _("经销商收款账户"),
    _("请与经销商核对开户资料。保存后银行会重新核验户名。"),
)
PAYOUT = Panel(
    template="origination/desk/payout.html",
    context=payout_context,
    deeds=(
        Deed(
            key="recheck",
            label=_("重新核验收款账户"),
            outcome="recheck",
            run=recheck_payee,
            when=is_payee_unconfirmed,
            question=_("重新核验收款账户"),
            hint=_("银行会按现在登记的账号核对户名，通过后再回到这一步放款。合同、保险和抵押都不用重办。"),
            said=_("银行正在重新核验收款账户"),
        ),
        Deed(
            key="pay",
            label=_("同意放款"),
            outcome="pay",
            run=order_payout,
            is_primary=True,
            needs_step_up=True,
            question=_("同意放款"),
            hint=_("款项将付给经销商，付出后不能撤回。"),
            said=_("已发出付款指令"),
        ),
    ),
)
