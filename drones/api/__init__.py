"""REST of the fleet and its flights under /api/v1/."""
