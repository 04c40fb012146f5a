"""Part 7: counting the knobs."""
