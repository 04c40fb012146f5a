"""Part 3: a neuron."""
