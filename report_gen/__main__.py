"""``python -m report_gen``."""

from report_gen.cli.process import console

if __name__ == "__main__":
    raise SystemExit(console())
