"""Rows and outcomes -> a calibrated, tested bundle."""
