"""``make soak``: a whole system under sessions that begin and end at random, and what is left of them afterwards.

Not part of ``make test``, but for the arithmetic of the verdict. ``SOAK_MINUTES`` (30), ``SOAK_SESSIONS`` (20 at a
time) and ``SOAK_SEED`` change it.
"""
