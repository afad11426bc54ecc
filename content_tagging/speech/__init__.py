"""Sound or captions -> transcript."""
