"""A private Janus media server: loopback API, one room plugin, events to our own door."""
