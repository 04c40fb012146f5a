"""Networks from other programs: read a file, work out what it does not say, and make a checkpoint of it."""
