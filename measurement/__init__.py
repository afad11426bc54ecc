"""Metrics, links and codes, attribution, lift: comes with the measurement issue; empty so far."""
