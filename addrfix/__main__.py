"""`python -m addrfix` is `addrfix`."""

from addrfix.cli import main

if __name__ == "__main__":
    main()
