"""Part 4: layers."""
