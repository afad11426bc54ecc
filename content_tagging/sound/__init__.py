"""Sound -> loudness, speech, music, silence."""
