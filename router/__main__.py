"""`python -m router` is the command acd."""

from router.cli import main

if __name__ == "__main__":
    main(prog_name="acd")
