"""A bank, keys and handlers of the test's own, as the tests of exchanges have them."""

from cheqi.foundation.exchanges.tests.conftest import _keys, _no_handlers, bank

__all__ = ["_keys", "_no_handlers", "bank"]
