"""The files that papers name: as they are now, and as they were shown, before and after each signature."""

from cheqi.foundation.files.references import in_columns, refers
from cheqi.foundation.paper.models import ConsentRecord, Paper, SignatureRow

refers("paper")(in_columns(Paper, "sha256"))
refers("paper.signatures")(in_columns(SignatureRow, "before_sha256", "after_sha256"))
refers("paper.consents")(in_columns(ConsentRecord, "pdf_sha256"))
