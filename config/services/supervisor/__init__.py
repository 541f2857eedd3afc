"""The process tree of a running installation."""
