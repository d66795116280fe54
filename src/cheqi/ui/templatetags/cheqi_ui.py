"""The library's tags; they are built in, so no template has to load them.

`{% show part %}` · `{% badge choice %}` · `{% status "ok" "通过" %}` · `{% icon "check" %}` ·
`{% money fen %}` · `{% moment at %}` · `{% duration length %}` · `{% words text %}`
`{% asset "desk.css" %}` · `{% field form.phone %}` · `{% once %}` · `{{ text|said }}` ·
`{% panel "要点" %}…{% endpanel %}` · `{% dialog "give-back" "退回补件" %}…{% enddialog %}` ·
`{% live url %}…{% endlive %}` · `{% columns %}…{% endcolumns %}` with `{% column "要点" %}…{% endcolumn %}` ·
`{% notice "warn" %}…{% endnotice %}` · `{% search_box url %}` · `{% href_with page=2 %}`.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from cheqi.core.base.rates import format_percent
from cheqi.core.base.text import Text
from cheqi.ui import formatting
from cheqi.ui.assets import asset_url, icon_names
from cheqi.ui.choices import TONE_ICONS, Badge, Tone, as_badge

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """The hashed address of a built file."""
    return asset_url(name)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; silent for screen readers unless it carries the meaning alone (`label`)."""
    if name not in icon_names():
        raise template.TemplateSyntaxError(f"no icon {name!r}: add it to ui/assets/icons.json")
    hidden = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" {}><use href="{}#{}"></use></svg>', hidden, asset_url("icons.svg"), name
    )


@register.simple_tag
def badge(thing: Any) -> SafeString:
    """A choice or a Badge as a coloured tag with icon and word."""
    shown: Badge = as_badge(thing)
    return format_html(
        '<span class="tag {}">{}{}</span>', shown.tone.value, icon(shown.shown_icon), shown.label
    )


@register.simple_tag
def status(tone: str, words: str, icon_name: str = "") -> SafeString:
    """A tag written in the template: `{% status "warn" "1 项" %}`."""
    return badge(Badge(words, Tone(tone), icon_name))


@register.simple_tag
def money(fen: int | None) -> SafeString:
    """An amount, with figures of one width."""
    return format_html('<span class="money">{}</span>', formatting.money(fen))


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | None) -> SafeString:
    """A point in time in people's words; the full one on hover."""
    if at is None:
        return mark_safe('<span class="faint">—</span>')
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        formatting.full_moment(at),
        formatting.moment(at, _now(context)),
    )


@register.simple_tag
def day(on_date: date) -> str:
    """A day in people's words, in the language of the page."""
    return formatting.day(on_date, timezone.localdate())


@register.simple_tag
def duration(length: timedelta | None, working_day: timedelta | None = None) -> str:
    """The two largest units of a length of time; of working time with the length of its days."""
    return "—" if length is None else formatting.duration(length, working_day)


@register.simple_tag
def percent(rate: Decimal) -> str:
    """A rate as a percentage: 0.0588 is 5.88%."""
    return format_percent(rate)


@register.simple_tag
def words(text: Text | None) -> str:
    """A label that is carried in both languages, in the language of the page."""
    return text.in_language(get_language() or "zh-hans") if text else ""


@register.simple_tag(takes_context=True)
def show(context: Context, part: Any) -> SafeString:
    """Draws a part of `ui.parts`."""
    return _render(context, part.template, part=part)


@register.simple_tag(takes_context=True)
def field(context: Context, bound: BoundField) -> SafeString:
    """A form's field with label, help and its errors beside it."""
    return bound.as_field_group()


@register.simple_tag
def once() -> SafeString:
    """A hidden key of this very form: `ui.requests.key_of` reads it, so a double tap does one thing."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid4().hex)


@register.filter
def said(text: Text | None) -> str:
    """A `Text` in the language of the page."""
    return text.in_language(get_language() or "zh-hans") if text else ""


@register.simple_tag(takes_context=True)
def search_box(context: Context, url: str, placeholder: str = "", name: str = "q") -> SafeString:
    """The search of a shell; `/` goes there. Posted, so that what is typed stays out of addresses.

    A page that says what was searched for has it as `searched` in its context.
    """
    value = context.get("searched", "")
    return _render(
        context, "ui/parts/search_box.html", url=url, placeholder=placeholder, name=name, value=value
    )


@register.simple_tag(takes_context=True)
def href_with(context: Context, **changes: Any) -> str:
    """This page's address with some of its query changed; a change to nothing drops the key."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}" if query else request.path


@register.simple_block_tag(takes_context=True)
def panel(context: Context, content: str, title: str = "", **options: Any) -> SafeString:
    """A card. Options: `more_label`, `more_url`, `badge`, `style` (flush, ask), `heading` (h2, h3)."""
    return _render(context, "ui/blocks/panel.html", content=content, title=title, **options)


@register.simple_block_tag
def notice(content: str, tone: str = "info") -> SafeString:
    """A sentence that stands out from its surroundings."""
    name = TONE_ICONS[Tone(tone)]
    return format_html('<div class="notice {}">{}<div>{}</div></div>', tone, icon(name), mark_safe(content))  # noqa: S308 - rendered, so escaped where it was written


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: str, key: str, title: str, **options: Any) -> SafeString:
    """A native dialog, opened by `data-opens="key"`; write the form with its buttons inside."""
    return _render(context, "ui/blocks/dialog.html", content=content, key=key, title=title, **options)


@register.simple_block_tag(takes_context=True)
def live(context: Context, content: str, url: str, every: int = 8, key: str = "live") -> SafeString:
    """A region that asks `url` again every few seconds and swaps its inside when something changed."""
    return _render(context, "ui/blocks/live.html", content=content, url=url, every=every, key=key)


@register.simple_block_tag
def columns(content: str, style: str = "") -> SafeString:
    """Columns side by side that fold to tabs in a narrow window."""
    return format_html('<div class="folding {}" x-data="columns">{}</div>', style, mark_safe(content))  # noqa: S308 - rendered


@register.simple_block_tag
def column(content: str, title: str, first: str = "") -> SafeString:
    """One of them; `first="yes"` is the tab that is open when folded."""
    opened = mark_safe(" data-first") if first else ""
    return format_html(
        '<section data-title="{}" aria-label="{}"{}>{}</section>',
        title,
        title,
        opened,
        mark_safe(content),  # noqa: S308 - rendered
    )


def _now(context: Context) -> datetime:
    """The moment the page was asked for; the edge's own clock where a fragment has none."""
    given = context.get("now")
    return given if isinstance(given, datetime) else timezone.now()


def _render(context: Context, template_name: str, **values: Any) -> SafeString:
    request = context.get("request")
    values.setdefault("now", _now(context))
    return render_to_string(template_name, values, request=request)
