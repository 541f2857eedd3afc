"""The media server behind one Protocol; imports neither Django nor the domain."""
