"""Use cases, one for each file; the only place that knows the order of things."""
