"""Files -> frames and sound, within limits."""
