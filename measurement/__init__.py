"""Campaigns, links and codes, metric definitions, attribution and lift."""
