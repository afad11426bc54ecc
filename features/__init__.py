"""History + content + brief -> one row, as of a decision time; the same code offline and online."""
