"""The doors of the two sockets: decode, call one function, encode."""
