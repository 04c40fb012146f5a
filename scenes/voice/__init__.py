"""What is said in the lesson: its words, who speaks them, and how long they take. Needs no manim."""
