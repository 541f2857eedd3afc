"""REST of live sessions under /api/v1/, and the doors machines use."""
