"""Frames -> shots, on-screen text, faces, motion."""
