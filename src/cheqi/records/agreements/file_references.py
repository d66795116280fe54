"""The files that agreements name."""

from cheqi.foundation.files.references import in_columns, refers
from cheqi.records.agreements.models import AgreementDocument

refers("agreements")(in_columns(AgreementDocument, "file_key"))
