"""A private Redis with one ACL user per kind of process."""
