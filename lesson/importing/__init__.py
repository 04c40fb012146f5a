"""Networks from other programs: read a file, infer what it does not say, and make a checkpoint from it."""
