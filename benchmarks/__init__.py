"""Measurements on real data: each module writes benchmarks/out/NAME.json, tables.py the page."""
