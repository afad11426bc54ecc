"""One page about one video."""
