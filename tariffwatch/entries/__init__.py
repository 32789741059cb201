"""An importer's own goods: entries with the clocks that run for them, shipments with what they will meet."""
