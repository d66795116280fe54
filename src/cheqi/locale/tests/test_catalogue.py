"""The English catalogue is complete, and the tools that keep it so do what gettext's would."""

import gettext
import io
import os
from pathlib import Path

import pytest

from cheqi.locale import problems
from cheqi.locale.catalogue import (
    Entry,
    catalogue_path,
    compile_when_stale,
    compiled,
    merge,
    parse,
    write,
)
from cheqi.locale.extract import PACKAGE, UnableToExtract, collect, from_python, from_template

WITHOUT_LANGUAGE = {"language.html"}  # names each language in itself


def test_every_string_of_the_product_has_an_english_translation_that_fits() -> None:
    known = parse(catalogue_path().read_text(encoding="utf-8"))
    found = collect()
    assert problems.of(found, known) == []
    assert len(found) > 300


def test_every_chinese_word_of_a_template_is_marked_for_translation() -> None:
    silent = {
        path.name: lines
        for path in PACKAGE.rglob("templates/**/*.html")
        if not path.name.startswith("styleguide")
        and path.name not in WITHOUT_LANGUAGE
        and (lines := problems.unwrapped(path.read_text(encoding="utf-8")))
    }
    assert silent == {}


def test_python_is_read_as_syntax() -> None:
    source = """
_("一" "二")
gettext_lazy("三")
ngettext("{n} 天", "{n} 天", count)
pgettext("navigation", "客户")
_(variable)
other("四")
"""
    assert list(from_python(source, "a.py")) == [
        Entry("一二", (), places=("a.py",)),
        Entry("三", (), places=("a.py",)),
        Entry("{n} 天", (), plural="{n} 天", places=("a.py",)),
        Entry("客户", (), context="navigation", places=("a.py",)),
    ]


def test_templates_are_read_by_djangos_rules() -> None:
    source = (
        '{% load i18n %}{% translate "它说‘好’" %}{% translate "客户" context "navigation" %}'
        "{% blocktranslate with n=left %}剩 {{ n }}{% endblocktranslate %}"
        "{% blocktranslate count n=days %}{{ n }} 天{% plural %}{{ n }} 天{% endblocktranslate %}"
    )
    assert [(one.text, one.context, one.plural) for one in from_template(source, "a.html")] == [
        ("它说‘好’", None, None),
        ("客户", "navigation", None),
        ("剩 %(n)s", None, None),
        ("%(n)s 天", None, "%(n)s 天"),
    ]


def test_a_template_that_cannot_be_read_is_named() -> None:
    with pytest.raises(UnableToExtract, match=r"broken\.html"):
        list(from_template("{% blocktranslate %}{% if x %}{% endblocktranslate %}", "broken.html"))


def test_a_catalogue_survives_being_written_and_read() -> None:
    entries = [
        Entry('引"号"\n第二行\\', ('Quote "x"\nsecond\\',), places=("a.py", "b.html")),
        Entry("{n} 天", ("{n} day", "{n} days"), plural="{n} 天", places=("b.py",)),
        Entry("客户", ("Customers",), context="navigation", places=("c.py",)),
    ]
    assert parse(write(entries)) == entries
    with pytest.raises(ValueError, match="not a line of a catalogue"):
        parse("msgid nonsense")


def test_known_translations_stay_and_gone_ones_go() -> None:
    found = [Entry("一", (), places=("a.py",)), Entry("二", (), places=("a.py",))]
    known = [Entry("一", ("One",)), Entry("三", ("Three",))]
    assert [(one.text, one.translations) for one in merge(found, known)] == [("一", ("One",)), ("二", ("",))]


def test_pythons_own_reader_understands_the_compiled_form() -> None:
    entries = [
        Entry("一", ("One",)),
        Entry("{n} 天", ("{n} day", "{n} days"), plural="{n} 天"),
        Entry("客户", ("Customers",), context="navigation"),
        Entry("没有译文", ("",)),
    ]
    translations = gettext.GNUTranslations(io.BytesIO(compiled(entries)))
    assert translations.gettext("一") == "One"
    assert translations.ngettext("{n} 天", "{n} 天", 1) == "{n} day"
    assert translations.ngettext("{n} 天", "{n} 天", 2) == "{n} days"
    assert translations.pgettext("navigation", "客户") == "Customers"
    assert translations.gettext("没有译文") == "没有译文"


def test_a_product_is_made_once_and_again_when_its_source_is_newer(tmp_path: Path) -> None:
    source = catalogue_path("en", tmp_path)
    source.parent.mkdir(parents=True)
    source.write_text(write([Entry("一", ("One",))]), encoding="utf-8")
    product = source.with_suffix(".mo")
    assert compile_when_stale(tmp_path) == [product]
    assert compile_when_stale(tmp_path) == []
    later = product.stat().st_mtime_ns + 1_000_000_000
    os.utime(source, ns=(later, later))
    assert compile_when_stale(tmp_path) == [product]
    assert list(source.parent.glob("*.tmp")) == []


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (Entry("{n} 小时", ("{hours} h",)), "placeholders differ"),
        (Entry("剩 %(n)s", ("left",)), "placeholders differ"),
        (Entry("{n} 天", ("one day", "days"), plural="{n} 天"), "placeholders differ"),
        (Entry("一", ("",)), "no English"),
        (Entry("一", ("One 一",)), "Chinese left"),
    ],
)
def test_each_kind_of_mistake_is_found(entry: Entry, problem: str) -> None:
    [said] = problems.of([entry], [entry])
    assert problem in said


def test_a_singular_may_say_its_number_in_words() -> None:
    entry = Entry("{n} 天", ("one day", "{n} days"), plural="{n} 天")
    assert problems.of([entry], [entry]) == []


def test_a_forgotten_mark_is_found() -> None:
    template = '{% load i18n %}\n<p>{% translate "好" %}</p>\n<p>忘了</p>\n{# 说明 #}'
    assert problems.unwrapped(template) == ["<p>忘了</p>"]
