"""From scenes to a lesson: rendering, exporting and the command line."""
