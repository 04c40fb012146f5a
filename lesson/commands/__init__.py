"""One module a command, each with the attribute `command`."""
