"""What an installation has, whatever the tests run with."""

import json
import os
import subprocess
import sys

from cheqi.config import settings


def test_passwords_are_hashed_by_argon2_at_its_full_cost() -> None:
    assert settings.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"


def test_behind_a_proxy_that_speaks_https_cookies_and_browsers_stay_with_it() -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "SECURE_PROXY_SSL_HEADER")
    said = f"json.dumps([getattr(settings, name) for name in {names}])"
    asked = f"import json; from cheqi.config import settings; print({said})"

    def told(**environment: str) -> list[object]:
        given = {**os.environ, **environment}
        done = subprocess.run([sys.executable, "-c", asked], env=given, capture_output=True, check=True)
        return list(json.loads(done.stdout))

    proxied = told(CHEQI_PUBLIC_URL="https://loan.example.cn", CHEQI_PROXIES="1")
    assert proxied == [True, True, 365 * 24 * 3600, ["HTTP_X_FORWARDED_PROTO", "https"]]
    assert told(CHEQI_PUBLIC_URL="http://127.0.0.1:8000", CHEQI_PROXIES="0") == [False, False, 0, None]
