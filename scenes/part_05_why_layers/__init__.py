"""Part 5: why layers."""
