"""`python -m lesson` is the program `knobs`."""

from lesson.cli.program import main

if __name__ == "__main__":
    main()
