"""What a view asks of its request; the functions live in `ui`, so that areas' pages use the same ones."""

from cheqi.ui.requests import actor_of, address_of, moment_of, next_of, staff_of

__all__ = ["actor_of", "address_of", "moment_of", "next_of", "staff_of"]
