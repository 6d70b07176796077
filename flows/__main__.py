"""`python -m flows` is `jalon`."""

from flows.cli import main

main()
