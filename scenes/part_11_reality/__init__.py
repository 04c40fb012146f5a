"""Part 11: hope against reality."""
