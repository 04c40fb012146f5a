"""Part 9: notation and linear algebra."""
