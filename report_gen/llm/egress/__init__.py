"""What may not leave the machine: the last look at every finished request."""
