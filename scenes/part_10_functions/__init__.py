"""Part 10: functions, as a recap."""

from network.moved import names_of

__getattr__ = names_of(__name__)
