"""Video and text -> signals -> tags, with evidence. So far: sentence embeddings."""
