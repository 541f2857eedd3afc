"""The people every test database has: one per role, named after it."""

PASSWORD = "correct-horse-battery"
