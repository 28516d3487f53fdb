"""python -m incomesim."""

from incomesim.cli import main

if __name__ == "__main__":
    main()
