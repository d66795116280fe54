"""The addresses that people are told: the API's page, and what the README names."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
README = [ROOT / name for name in ("README.md", "README.zh.md")]


def test_the_api_is_a_page_that_loads_nothing_from_elsewhere() -> None:
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    body = page.content.decode()
    settings = json.loads(body.partition('id="swagger-settings">')[2].partition("</script>")[0])
    assert settings["url"] == "/api/v1/openapi.json"
    loaded = re.findall(r'(?:src|href)="([^"]+)"', body)
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)
    assert all(finders.find(address.removeprefix("/static/")) for address in loaded)


@pytest.mark.parametrize("readme", README, ids=lambda path: path.name)
def test_what_the_readme_names_answers(readme: Path) -> None:
    named = re.findall(r"<http://127\.0\.0\.1:8000(/[^>]*)>", readme.read_text(encoding="utf-8"))
    assert "/desk/" in named
    assert {path: Client().get(path, follow=True).status_code for path in named} == dict.fromkeys(named, 200)
