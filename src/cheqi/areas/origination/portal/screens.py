"""What stands on each screen of the application: its questions, its choices from the books, its offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cheqi.areas.origination.models import Draft
from cheqi.areas.origination.portal.forms import Choices, ScreenForm
from cheqi.areas.origination.questions import QUESTIONS, SCREENS, Answers, Kind, Question, Value, asked
from cheqi.areas.origination.quoting import USUAL_TERMS, Quote, chosen, quotes
from cheqi.core.base.actors import Actor
from cheqi.core.base.findings import Finding
from cheqi.core.base.money import format_yuan
from cheqi.core.base.text import Text
from cheqi.records.applications.queries import dealers

ORDER = tuple(SCREENS)
LEADS: dict[str, Text] = {
    "who": Text(
        "请按身份证填写，稍后会用照片核对。", "As on your ID card; we compare it with the photograph later."
    ),
    "income": Text(
        "用来判断月供是否在您能承受的范围内。", "So that the installment stays within your means."
    ),
    "others": Text("没有就选「没有」，大多数申请不需要。", "Most applications need nobody else."),
    "car": Text("还没有选定具体车辆也可以先填品牌和车型。", "Brand and model are enough to begin with."),
    "money": Text("填好后马上看到月供和全部成本。", "You see the installment and the whole cost at once."),
    "dealer": Text("贷款会直接付给您购车的经销商。", "The loan is paid to the dealer you buy from."),
    "account": Text(
        "每月从这张卡自动扣款，可以随时申请更换。", "Installments are debited here; you can change it later."
    ),
}
HIDDEN = {Kind.ID_NUMBER, Kind.BANK_CARD}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a screen stands among all."""

    screen: str
    number: int
    title: Text

    @property
    def bars(self) -> tuple[str, ...]:
        """One class a screen, for the bar at the top."""
        return tuple(
            "done" if at < self.number else "now" if at == self.number else "todo"
            for at in range(1, len(ORDER) + 1)
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A screen as the last look shows it: labels and answers."""

    title: Text
    url: str
    lines: tuple[tuple[Text, str], ...]


def place_of(name: str) -> Place:
    """The place of a screen, or of the screen that a question stands on; the first for anything else."""
    asked_on = QUESTIONS[name].screen if name in QUESTIONS else _LIMITS.get(name, ORDER[0])
    screen = name if name in SCREENS else asked_on
    return Place(screen, ORDER.index(screen) + 1, SCREENS[screen])


_LIMITS = {"amount_fen": "money"}


def after(screen: str) -> str | None:
    """The screen that follows, or None behind the last."""
    place = ORDER.index(screen) + 1
    return ORDER[place] if place < len(ORDER) else None


def before(screen: str) -> str | None:
    """The screen before, or None at the first."""
    place = ORDER.index(screen)
    return ORDER[place - 1] if place else None


def on_screen(screen: str, answers: Answers) -> set[str]:
    """The keys that are asked on a screen of somebody who has answered so."""
    return {question.key for question in asked(answers) if question.screen == screen}


def posted(data: Mapping[str, Any], screen: str) -> dict[str, str]:
    """What was entered on a screen, by question."""
    return {
        key: str(data[key])[:200]
        for key, question in QUESTIONS.items()
        if question.screen == screen and key in data
    }


def context_of(
    draft: Draft,
    screen: str,
    answers: Answers,
    *,
    typed: Mapping[str, str],
    findings: Sequence[Finding],
    today: date,
    actor: Actor,
) -> dict[str, Any]:
    """What the template of a screen needs."""
    offers = quotes(answers, today, actor) if screen == "money" else ()
    questions = [question for question in asked(answers) if question.screen == screen]
    form = ScreenForm(
        questions,
        answers,
        typed,
        options_of(screen, answers, offers, actor),
        reverse("apply:save", args=(draft.number, screen)),
    )
    form.object_to(findings)
    return {
        "draft": draft,
        "screen": screen,
        "lead": LEADS[screen],
        "form": form,
        "places": [
            (key, form[key] if key in form.fields else None)
            for key, question in QUESTIONS.items()
            if question.screen == screen
        ],
        "offers": offers,
        "quote": chosen(answers, offers),
        "answers": answers,
    }


def options_of(screen: str, answers: Answers, offers: Sequence[Quote], actor: Actor) -> dict[str, Choices]:
    """Choices that come from the books."""
    language = get_language() or "zh-hans"
    if screen == "dealer":
        return {"dealer_id": [(str(row.pk), row.name) for row in dealers(actor)]}
    if screen != "money":
        return {}
    return {
        "product": [(quote.code, quote.name.in_language(language)) for quote in offers],
        "term_months": [(str(term), _("{n} 个月").format(n=term)) for term in terms_of(answers, offers)],
    }


def terms_of(answers: Answers, offers: Sequence[Quote]) -> list[int]:
    """The terms to choose from: those of the chosen product, else of all; a chosen one stays."""
    picked = [quote for quote in offers if quote.code == answers.get("product")] or offers
    terms = {term for quote in picked for term in quote.terms} or set(USUAL_TERMS)
    kept = answers.get("term_months")
    return sorted(terms | ({kept} if isinstance(kept, int) else set()))


def lines_of(number: str, answers: Answers, offers: Sequence[Quote], actor: Actor) -> list[Section]:
    """All answers by screen, as a person reads them; numbers of identity and account by their ends."""
    language = get_language() or "zh-hans"
    names = {str(row.pk): row.name for row in dealers(actor)}
    names |= {quote.code: quote.name.in_language(language) for quote in offers}
    return [
        Section(
            title,
            reverse("apply:screen", args=(number, screen)),
            tuple(
                (question.asked_as(answers), shown(question, answers.get(question.key), names, language))
                for question in asked(answers)
                if question.screen == screen
            ),
        )
        for screen, title in SCREENS.items()
    ]


def shown(question: Question, value: Value | None, names: Mapping[str, str], language: str) -> str:
    """One answer as text; empty where there is none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("有") if value else _("没有")
    if question.kind is Kind.MONEY and isinstance(value, int):
        return format_yuan(value)
    if question.kind in HIDDEN:
        return f"•••• {str(value)[-4:]}"
    if question.key == "term_months":
        return _("{n} 个月").format(n=value)
    labels = {key: text.in_language(language) for key, text in question.choices}
    return labels.get(str(value)) or names.get(str(value)) or str(value)
