"""One module per file of vectors: its source, its numbers, and the checks against the source."""
