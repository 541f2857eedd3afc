"""The verbs of live sessions: one transaction each, with its audit row and what follows on commit."""
