"""The command line: reads, calls the library, writes; standard output carries only the product.

Each command is a module of its name with two functions: `add` declares its options, `run` does it and returns the exit
code. What needs a library is imported in `run`, so that help and usage come at once and no command waits for what
another needs.

What goes to standard error is read by people and kept by job schedulers: codes, places and questions, never a value out
of a case. That holds for our own mistakes too: an unexpected exception is told by its type and its place in our code,
without its message, which may quote the case.
"""

from report_gen.cli.command_line import main

__all__ = ["main"]
