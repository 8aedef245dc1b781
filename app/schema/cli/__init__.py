"""The `flask db` commands, one for each file."""
