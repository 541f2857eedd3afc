"""What an aircraft says of itself: one shape, read from JSON (`messages`) or MAVLink (`mavlink`), then judged."""
