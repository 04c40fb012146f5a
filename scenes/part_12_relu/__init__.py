"""Part 12: sigmoid against ReLU."""
