"""Live sessions: from the incident and the link to the outcome."""
