"""``python -m lintscale``."""

from lintscale.cli import main

if __name__ == "__main__":
    main()
