"""The owner's backend: search path and DDL rights, for commands that make or migrate schemas."""
