"""`python -m paperlake` is the command `paperlake`."""

from paperlake.cli import main

if __name__ == "__main__":
    main()
