"""Entry of ``python -m versioning``."""

from .cli import main

if __name__ == "__main__":
    main()
