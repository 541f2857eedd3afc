"""Parts of the running system are killed or frozen during a live session; afterwards all is true again, unaided."""
