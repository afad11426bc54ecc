"""The words that all stages share: records, tables, store, errors, settings, simulation."""

__version__ = "0.1.0"
