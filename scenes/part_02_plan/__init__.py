"""Part 2: the plan."""
