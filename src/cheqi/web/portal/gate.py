"""The portal's gate; it lives in `ui`, so that areas' pages stand behind the same one."""

from cheqi.ui.gates import customers_only, logged_in_only

__all__ = ["customers_only", "logged_in_only"]
