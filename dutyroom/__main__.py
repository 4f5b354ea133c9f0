"""`python -m dutyroom` is the same as the `dutyroom` command."""

import sys

from dutyroom.cli.start import main

if __name__ == "__main__":
    sys.exit(main())
