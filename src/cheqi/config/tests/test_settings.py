"""What an installation has, whatever the tests run with."""

from cheqi.config import settings


def test_passwords_are_hashed_by_argon2_at_its_full_cost() -> None:
    assert settings.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
