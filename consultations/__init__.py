"""Consultations: multi-way video calls with members of the public. Reserved place in the layer stack."""
