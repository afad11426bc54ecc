"""Video and text -> signals -> tags, with evidence."""
