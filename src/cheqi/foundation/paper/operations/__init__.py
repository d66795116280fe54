"""Everything that writes papers: drawing up, showing, signing, voiding; and plain rendering."""

from cheqi.foundation.paper.operations.draw_up import draw_up, render, show, void
from cheqi.foundation.paper.operations.open import open_paper
from cheqi.foundation.paper.operations.sign import Consent, sign_customer, sign_lender

__all__ = ["Consent", "draw_up", "open_paper", "render", "show", "sign_customer", "sign_lender", "void"]
