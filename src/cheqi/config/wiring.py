"""Binds ports to adapters. The one place that knows which outside system answers.

Each `bind_…` function stands alone, so that a test can wire what it needs.
"""


def wire() -> None:
    """Binds every port. Called once when the apps are ready."""
