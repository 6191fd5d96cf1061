"""``python -m report_gen``."""

from report_gen.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
