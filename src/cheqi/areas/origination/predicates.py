"""Makes the domain's predicates known to process packs under their own names."""

from cheqi.areas.origination import domain
from cheqi.foundation.workflow.registry import predicate

predicate("started_by_customer", needs=("started_by",))(domain.started_by_customer)
predicate("started_by_staff", needs=("started_by",))(domain.started_by_staff)
predicate("needs_clerk", needs=("fields_for_clerk", "disagreements"))(domain.needs_clerk)
predicate("needs_phone_check", needs=("amount_fen", "phone_check_above_fen"))(domain.needs_phone_check)
predicate("needs_four_eyes", needs=("amount_fen", "four_eyes_above_fen"))(domain.needs_four_eyes)
predicate("reviewers_differ", needs=("decision",))(domain.reviewers_differ)
predicate("payee_differs", needs=("payee_matches",))(domain.payee_differs)
predicate("needs_consents_of_others", needs=("consents_of_others",))(domain.needs_consents_of_others)
predicate("needs_signatures_of_others", needs=("signatures_of_others",))(domain.needs_signatures_of_others)
predicate("somebody_declined", needs=("declined_by_others",))(domain.somebody_declined)
predicate("needs_gps", needs=("gps_required",))(domain.needs_gps)
