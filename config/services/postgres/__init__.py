"""A private Postgres cluster: passwords only, loopback only, never as root."""
