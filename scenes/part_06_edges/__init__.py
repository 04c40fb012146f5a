"""Part 6: edges."""
