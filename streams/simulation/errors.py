"""The one error of the simulator."""

from __future__ import annotations


class SimulationError(Exception):
    """Something did not go as a caller or an operator expects; the text is for the log."""
