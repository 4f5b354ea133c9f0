"""`python -m dutyroom` is the same as the `dutyroom` command."""

from dutyroom.cli import main

if __name__ == "__main__":
    main()
