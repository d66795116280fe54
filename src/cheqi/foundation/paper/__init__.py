"""Papers as PDFs: typeset, shown, signed by both sides, verified by anybody."""
