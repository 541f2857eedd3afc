"""A private coturn that relays to Janus and to nothing else."""
