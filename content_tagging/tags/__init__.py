"""Signals or texts -> calibrated tags with evidence."""
