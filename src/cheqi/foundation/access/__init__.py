"""Who comes in other than staff: customers by one-time code, trackers by link, programs by key.

Also what every way in shares: throttles, idempotency keys and signed webhooks going out.
"""
