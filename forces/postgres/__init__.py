"""The database backend of web and workers: one Postgres login per force, nothing runs without a force."""
