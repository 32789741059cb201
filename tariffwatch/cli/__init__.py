"""One file per command. The only place that wires things together, prints, and asks the time."""
