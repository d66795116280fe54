"""The files that documents name: each page and its thumbnail."""

from cheqi.foundation.documents.models import DocumentPage
from cheqi.foundation.files.references import in_columns, refers

refers("documents")(in_columns(DocumentPage, "file_key", "thumbnail_key"))
