"""Many files -> contents in the lake, on this machine's cores or a Ray cluster."""
