"""Catalogues of translations: what is to be translated, and what is wrong with a translation."""
