"""YAML that ships with the code: import mappings."""
