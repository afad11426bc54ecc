"""The doors: web API and command line; no logic."""
