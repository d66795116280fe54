"""Journeys in a real browser: Debian's Chromium against the product on 127.0.0.1."""
