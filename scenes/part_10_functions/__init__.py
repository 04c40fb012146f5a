"""Part 10: functions, as a recap."""
