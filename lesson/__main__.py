"""`python -m lesson` is the program `knobs`."""

from lesson.command_line import main

if __name__ == "__main__":
    main()
