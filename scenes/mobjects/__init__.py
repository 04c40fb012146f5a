"""The vocabulary of the lesson: things to put on the stage."""
