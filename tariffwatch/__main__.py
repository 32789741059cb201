"""``python -m tariffwatch``."""

from tariffwatch.cli.main import run

if __name__ == "__main__":
    run()
