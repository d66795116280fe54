"""What the application does when something has happened elsewhere."""

from cheqi.areas.origination.operations.documents import document_was_read
from cheqi.foundation.documents.registry import on_read

on_read(document_was_read)
