"""Everything that people do to an application, one file a use case."""
