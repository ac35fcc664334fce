"""`python -m crosspost` is the command."""

from crosspost.cli import main

main()
