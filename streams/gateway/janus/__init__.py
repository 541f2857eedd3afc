"""Janus (1.1.2 and from 1.4.1) behind `MediaGateway`."""
