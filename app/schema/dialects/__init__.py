"""All that is known about one database engine."""
