"""Part 1: the puzzle."""
