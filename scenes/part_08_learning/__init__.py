"""Part 8: what learning means."""
